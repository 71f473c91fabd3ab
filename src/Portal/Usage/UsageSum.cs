using Ledger;

namespace Portal.UsagePages;

/// <summary>What charges come to together: their number, tokens by class, and dollars by who paid.</summary>
public readonly record struct UsageSum(
    long Requests, long InputTokens, long CacheWrite5mTokens, long CacheWrite1hTokens, long CacheReadTokens, long OutputTokens, long WebSearches,
    Money Credit, Money Extra, Money Uncollected, Money Included)
{
    /// <summary>All of it at API rates. Included use costs nothing; it counts here with what it would have cost.</summary>
    public Money List => Credit + Extra + Uncollected + Included;

    public static UsageSum operator +(UsageSum a, UsageSum b) => new(
        checked(a.Requests + b.Requests), checked(a.InputTokens + b.InputTokens), checked(a.CacheWrite5mTokens + b.CacheWrite5mTokens),
        checked(a.CacheWrite1hTokens + b.CacheWrite1hTokens), checked(a.CacheReadTokens + b.CacheReadTokens), checked(a.OutputTokens + b.OutputTokens),
        checked(a.WebSearches + b.WebSearches), a.Credit + b.Credit, a.Extra + b.Extra, a.Uncollected + b.Uncollected, a.Included + b.Included);

    /// <summary>The sum of several.</summary>
    public static UsageSum Of(IEnumerable<UsageSum> sums) => sums.Aggregate(default(UsageSum), (all, sum) => all + sum);
}

/// <summary>Who paid a part of a charge.</summary>
[Flags]
public enum Payers
{
    /// <summary>It cost nothing.</summary>
    None = 0,

    Credit = 1,

    Extra = 2,

    /// <summary>Nobody paid.</summary>
    Uncollected = 4,

    /// <summary>The fee includes it.</summary>
    Included = 8,
}

/// <summary>What charges have in common that are added up together.</summary>
public readonly record struct UsageKey(DateOnly Day, string Model, string Surface, string? App, Payers Payers);

/// <summary>
/// All that an account used in a range, added up by everything that a page filters or groups by. Charges are numbered and never change, so
/// what is counted through one number stays true, and later ones are only added.
/// </summary>
/// <param name="Account">The account's key.</param>
/// <param name="First">The number of the first charge of the range.</param>
/// <param name="Period">The period whose charges alone are counted.</param>
/// <param name="Through">The number of the last charge that is counted.</param>
/// <param name="Sums">The sums.</param>
public sealed record UsageCube(string Account, long First, int? Period, long Through, IReadOnlyDictionary<UsageKey, UsageSum> Sums);
