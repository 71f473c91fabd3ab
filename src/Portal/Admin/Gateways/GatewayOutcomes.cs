using Portal.Api.Keys;

namespace Portal.Admin.Gateways;

/// <summary>What making a key came to.</summary>
public abstract record MakeKeyOutcome
{
    private MakeKeyOutcome() { }

    /// <summary>The key, and its secret, which nobody can show again.</summary>
    public sealed record Made(KeyLine Key, string Secret) : MakeKeyOutcome;

    /// <summary>The name is empty, too long, or has control characters.</summary>
    public sealed record WrongName : MakeKeyOutcome;

    /// <summary>A key without a scope could do nothing.</summary>
    public sealed record NoScope : MakeKeyOutcome;

    /// <summary>A rate is at least one request a second.</summary>
    public sealed record WrongRate : MakeKeyOutcome;

    /// <summary>The key that it should take the place of does not count any more, or has its successor already.</summary>
    public sealed record NothingToReplace : MakeKeyOutcome;
}

/// <summary>What changing or revoking a key came to.</summary>
public enum KeyOutcome
{
    /// <summary>It is done.</summary>
    Done,

    /// <summary>It was so before.</summary>
    Unchanged,

    /// <summary>It had been revoked, or there is no such key.</summary>
    HadEnded,

    /// <summary>A key without a scope could do nothing: revoke it instead.</summary>
    NoScope,
}

/// <summary>A key as administrators see it.</summary>
/// <param name="Prefix">The secret's readable beginning, by which entries name the key.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="RatePerSecond">Requests a second; <c>null</c> for no limit.</param>
/// <param name="Replaces">The key whose place it takes.</param>
/// <param name="ReplacedBy">The key that takes its place.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="LastUsedAt">When it was last used, to within some minutes.</param>
/// <param name="RevokedAt">When it was revoked.</param>
public sealed record KeyLine(
    string Prefix, string Name, KeyScopes Scopes, int? RatePerSecond, string? Replaces, string? ReplacedBy, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt)
{
    /// <summary>Whether it works.</summary>
    public bool IsLive => RevokedAt is null;
}

/// <summary>What the page of gateways shows.</summary>
/// <param name="AsOf">When it was read.</param>
/// <param name="Keys">Those that work, and then those that were revoked lately; the newest first.</param>
public sealed record GatewayFigures(DateTimeOffset AsOf, IReadOnlyList<KeyLine> Keys);
