using Ledger;

namespace Portal.Terms;

/// <summary>What periods came to under some terms, all accounts together.</summary>
/// <param name="Fees">Plan fees.</param>
/// <param name="CreditUsed">Credit that was used.</param>
/// <param name="Extra">Extra usage at API rates.</param>
/// <param name="Owed">Extra usage that is owed, less discounts.</param>
/// <param name="Uncollected">What nobody pays.</param>
/// <param name="Carried">Requests that ran.</param>
/// <param name="Refused">Requests that were refused.</param>
/// <param name="Included">Requests whose use was included.</param>
public sealed record ImpactSide(Money Fees, Money CreditUsed, Money Extra, Money Owed, Money Uncollected, long Carried, long Refused, long Included = 0)
{
    public static ImpactSide Nothing { get; } = new(Money.Zero, Money.Zero, Money.Zero, Money.Zero, Money.Zero, 0, 0);

    public ImpactSide With(IReadOnlyList<ReplayedPeriod> periods) => new(
        Fees + Money.Sum(periods, p => p.Fee), CreditUsed + Money.Sum(periods, p => p.CreditUsed), Extra + Money.Sum(periods, p => p.ExtraUsed), Owed + Money.Sum(periods, p => p.Owed),
        Uncollected + Money.Sum(periods, p => p.Uncollected), Carried + periods.Sum(p => p.Requests.Carried), Refused + periods.Sum(p => p.Requests.Refused + p.Requests.RefusedAgain),
        Included + periods.Sum(p => p.Requests.Included));

    /// <summary>What is due: fees and extra usage.</summary>
    public Money Due => Fees + Owed;
}

/// <summary>How many accounts pay so much more or less.</summary>
/// <param name="Least">The smallest change that belongs here; <c>null</c>: any less.</param>
/// <param name="Most">The first that no longer does; <c>null</c>: any more.</param>
/// <param name="Accounts">How many.</param>
public sealed record ImpactBucket(Money? Least, Money? Most, int Accounts);

/// <summary>An account that new terms change much.</summary>
public sealed record ImpactLine(string Account, Money Before, Money After, long RefusedBefore, long RefusedAfter)
{
    public Money Change => After - Before;
}

/// <summary>
/// What terms would have done to real usage: every account's history, decided once more by the rules that charged it, under the terms that are replaced and under the new ones, as if each had counted all
/// the time and nobody kept older ones. Both are replayed, so what a history does not tell cancels out.
/// </summary>
/// <param name="Revision">The revision of the version that it is of.</param>
/// <param name="Replaces">The hash of the terms that it was compared with.</param>
/// <param name="Days">How many days were asked for; each account's begin with the period that contains the first.</param>
/// <param name="From">The first instant that was asked for.</param>
/// <param name="Until">When it was worked out.</param>
/// <param name="Steps">How many steps of histories were replayed, under each of the two.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Accounts">How many accounts there were.</param>
/// <param name="Before">Everything under the terms that are replaced.</param>
/// <param name="After">Everything under the new ones.</param>
/// <param name="More">How many accounts pay more.</param>
/// <param name="Less">How many pay less.</param>
/// <param name="StoppedMore">How many have more requests refused.</param>
/// <param name="Distribution">How many accounts pay how much more or less.</param>
/// <param name="Affected">The accounts that it changes most, those first.</param>
public sealed record Impact(
    int Revision, string Replaces, int Days, DateTimeOffset From, DateTimeOffset Until, long Steps, long Milliseconds, int Accounts, ImpactSide Before, ImpactSide After, int More, int Less, int StoppedMore,
    IReadOnlyList<ImpactBucket> Distribution, IReadOnlyList<ImpactLine> Affected)
{
    /// <summary>How many accounts pay the same.</summary>
    public int Same => Accounts - More - Less;
}

/// <summary>Sums up an impact, an account at a time: what is kept is sums, and the few accounts that change most.</summary>
internal sealed class ImpactSums
{
    private const int MostAffected = 20;

    /// <summary>In cents; what is below the first and above the last is open.</summary>
    private static readonly long[] Bounds = [-5_000, -1_000, -100, 0, 1, 100, 1_000, 5_000];

    private readonly int[] _buckets = new int[Bounds.Length + 1];
    private readonly PriorityQueue<ImpactLine, long> _affected = new();
    private int _accounts;
    private int _more;
    private int _less;
    private int _stoppedMore;

    public ImpactSide Before { get; private set; } = ImpactSide.Nothing;

    public ImpactSide After { get; private set; } = ImpactSide.Nothing;

    public void Add(string account, IReadOnlyList<ReplayedPeriod> before, IReadOnlyList<ReplayedPeriod> after)
    {
        (Before, After) = (Before.With(before), After.With(after));
        var (was, becomes) = (ImpactSide.Nothing.With(before), ImpactSide.Nothing.With(after));
        var line = new ImpactLine(account, was.Due, becomes.Due, was.Refused, becomes.Refused);
        _accounts++;
        _more += line.Change.IsPositive ? 1 : 0;
        _less += line.Change < Money.Zero ? 1 : 0;
        _stoppedMore += line.RefusedAfter > line.RefusedBefore ? 1 : 0;
        _buckets[BucketOf(line.Change)]++;
        if (!line.Change.IsZero || line.RefusedAfter != line.RefusedBefore)
        {
            _affected.Enqueue(line, Math.Abs(line.Change.Nanos));
            if (_affected.Count > MostAffected)
            {
                _affected.Dequeue();
            }
        }
    }

    public Impact Sum(int revision, string replaces, int days, DateTimeOffset from, DateTimeOffset until, long steps, TimeSpan took) => new(
        revision, replaces, days, from, until, steps, (long)took.TotalMilliseconds, _accounts, Before, After, _more, _less, _stoppedMore,
        [.. _buckets.Select((count, i) => new ImpactBucket(i == 0 ? null : Bound(i - 1), i == Bounds.Length ? null : Bound(i), count))],
        [.. _affected.UnorderedItems.Select(item => item.Element).OrderByDescending(line => Math.Abs(line.Change.Nanos)).ThenBy(line => line.Account, StringComparer.Ordinal)]);

    /// <summary>No change at all has a bucket of its own: from 0 to below the smallest amount that there is.</summary>
    private static int BucketOf(Money change)
    {
        var bucket = 0;
        while (bucket < Bounds.Length && change >= Bound(bucket))
        {
            bucket++;
        }
        return bucket;
    }

    private static Money Bound(int index) => Bounds[index] == 1 ? Money.Smallest : new(Bounds[index] * (Money.NanosPerDollar / 100));
}
