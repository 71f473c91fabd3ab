using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Ledger;

namespace Portal.Api;

/// <summary>Usage as callers send it. Absent means 0, or the default.</summary>
[Description("What one request used, or can use at the most. Whole numbers from 0 to 1,000,000,000; absent is 0.")]
public record UsageBody
{
    internal const string CountRule = "It must be a whole number from 0 to 1,000,000,000.";

    [Description("Uncached prompt tokens.")]
    [Range(0, Usage.Most)]
    public long? InputTokens { get; init; }

    [Description("Prompt tokens written to the five-minute cache.")]
    [JsonPropertyName("cache_write_5m_tokens")]
    [Range(0, Usage.Most)]
    public long? CacheWrite5mTokens { get; init; }

    [Description("Prompt tokens written to the one-hour cache.")]
    [JsonPropertyName("cache_write_1h_tokens")]
    [Range(0, Usage.Most)]
    public long? CacheWrite1hTokens { get; init; }

    [Description("Prompt tokens read from the cache.")]
    [Range(0, Usage.Most)]
    public long? CacheReadTokens { get; init; }

    [Description("Tokens that the model wrote.")]
    [Range(0, Usage.Most)]
    public long? OutputTokens { get; init; }

    [Description("Successful web searches.")]
    [Range(0, Usage.Most)]
    public long? WebSearches { get; init; }

    [Description("Whether it ran in a batch. Absent: false.")]
    public bool? Batch { get; init; }

    [Description("Where it ran: `global` (also when absent) or `us`.")]
    [AllowedValues("global", "us", null)]
    public string? Region { get; init; }

    /// <summary>The Ledger's usage; what is out of range is an error of the field below <paramref name="prefix"/>.</summary>
    internal Usage ToUsage(Checks checks, string prefix)
    {
        var usage = new Usage
        {
            InputTokens = InputTokens ?? 0,
            CacheWrite5mTokens = CacheWrite5mTokens ?? 0,
            CacheWrite1hTokens = CacheWrite1hTokens ?? 0,
            CacheReadTokens = CacheReadTokens ?? 0,
            OutputTokens = OutputTokens ?? 0,
            WebSearches = WebSearches ?? 0,
            Batch = Batch ?? false,
            Region = Region == "us" ? Ledger.Region.Us : Ledger.Region.Global,
        };
        if (!usage.IsValid)
        {
            Count("input_tokens", usage.InputTokens);
            Count("cache_write_5m_tokens", usage.CacheWrite5mTokens);
            Count("cache_write_1h_tokens", usage.CacheWrite1hTokens);
            Count("cache_read_tokens", usage.CacheReadTokens);
            Count("output_tokens", usage.OutputTokens);
            Count("web_searches", usage.WebSearches);
        }
        checks.Demand(Region is null or "global" or "us", prefix + "region", "It must be 'global' or 'us'.");
        return usage;

        void Count(string field, long count) => checks.Demand(count is >= 0 and <= Usage.Most, prefix + field, CountRule);
    }

    /// <summary>The Ledger's usage as the contract writes it.</summary>
    internal static UsageBody Of(Usage usage) => new()
    {
        InputTokens = usage.InputTokens,
        CacheWrite5mTokens = usage.CacheWrite5mTokens,
        CacheWrite1hTokens = usage.CacheWrite1hTokens,
        CacheReadTokens = usage.CacheReadTokens,
        OutputTokens = usage.OutputTokens,
        WebSearches = usage.WebSearches,
        Batch = usage.Batch,
        Region = usage.Region == Ledger.Region.Us ? "us" : "global",
    };
}
