namespace Ledger;

/// <summary>Where a model ran. <see cref="Us"/> costs a modifier of the rate card.</summary>
public enum Region
{
    /// <summary>Anywhere; no modifier.</summary>
    Global,

    /// <summary>Within the United States.</summary>
    Us,
}

/// <summary>What one request used: tokens per class, searches, and the modifiers of its price.</summary>
/// <remarks>Every count is a whole number from 0 to <see cref="Most"/>. Source: docs/rules.md, "Usage".</remarks>
public sealed record Usage
{
    /// <summary>The most of one class that a request may state.</summary>
    public const long Most = 1_000_000_000;

    /// <summary>Uncached prompt tokens.</summary>
    public long InputTokens { get; init; }

    /// <summary>Prompt tokens written to the five-minute cache.</summary>
    public long CacheWrite5mTokens { get; init; }

    /// <summary>Prompt tokens written to the one-hour cache.</summary>
    public long CacheWrite1hTokens { get; init; }

    /// <summary>Prompt tokens read from the cache.</summary>
    public long CacheReadTokens { get; init; }

    /// <summary>Tokens that the model wrote.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Successful web searches; a fee each, to which no modifier applies.</summary>
    public long WebSearches { get; init; }

    /// <summary>Whether it ran in a batch.</summary>
    public bool Batch { get; init; }

    /// <summary>Where it ran.</summary>
    public Region Region { get; init; }

    /// <summary>The prompt's length, which selects the rate card's tier: input, cache reads and cache writes.</summary>
    public long PromptTokens => InputTokens + CacheWrite5mTokens + CacheWrite1hTokens + CacheReadTokens;

    /// <summary>Whether every count is within its range.</summary>
    public bool IsValid =>
        InRange(InputTokens) && InRange(CacheWrite5mTokens) && InRange(CacheWrite1hTokens)
        && InRange(CacheReadTokens) && InRange(OutputTokens) && InRange(WebSearches) && Enum.IsDefined(Region);

    private static bool InRange(long count) => count is >= 0 and <= Most;
}
