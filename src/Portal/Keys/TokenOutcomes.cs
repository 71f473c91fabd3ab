using Portal.Accounts;

namespace Portal.Keys;

/// <summary>What making a token came to.</summary>
public abstract record MakeTokenOutcome
{
    private MakeTokenOutcome() { }

    /// <summary>The token, and its secret, which nobody can show again.</summary>
    public sealed record Made(TokenLine Token, string Secret) : MakeTokenOutcome;

    /// <summary>The account has as many tokens as it may.</summary>
    public sealed record TooMany(int Most) : MakeTokenOutcome;

    /// <summary>The name is empty, too long, or has control characters.</summary>
    public sealed record WrongName : MakeTokenOutcome;

    /// <summary>It would count for less than a day, or for longer than a token may.</summary>
    public sealed record WrongDays(int Longest) : MakeTokenOutcome;
}

/// <summary>What revoking a token came to.</summary>
public enum RevokeTokenOutcome
{
    /// <summary>It has ended.</summary>
    Revoked,

    /// <summary>It had ended before, or there is no such token.</summary>
    HadEnded,
}

/// <summary>A token as its owner sees it.</summary>
/// <param name="Prefix">The secret's readable beginning.</param>
/// <param name="Name">What its owner calls it.</param>
/// <param name="LastFour">The secret's last four letters.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">The first instant at which it no longer counts.</param>
/// <param name="LastUsedAt">When it was last used, to within some minutes.</param>
/// <param name="RevokedAt">When it was revoked.</param>
public sealed record TokenLine(
    string Prefix, string Name, string LastFour, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt)
{
    /// <summary>Whether it counts at an instant.</summary>
    public bool CountsAt(DateTimeOffset instant) => RevokedAt is null && instant < ExpiresAt;
}

/// <summary>What the page of tokens shows.</summary>
/// <param name="Account">The account that they read.</param>
/// <param name="AsOf">When it was read.</param>
/// <param name="Tokens">Those that count and those that ended lately, the newest first.</param>
/// <param name="Most">How many may count at once.</param>
/// <param name="Days">For how many days a token may be made.</param>
public sealed record KeysFigures(string Account, DateTimeOffset AsOf, IReadOnlyList<TokenLine> Tokens, int Most, IReadOnlyList<int> Days) : AccountFigures(Account, AsOf);
