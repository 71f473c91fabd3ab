using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.Terms;
using Portal.Ui;

namespace Portal.Overview;

/// <summary>Reads the overview. Charges never change, so an open page only adds what came since its last look.</summary>
public sealed class OverviewReader(IDbContextFactory<PortalDb> databases, Balances balances, PriceBooks prices, Paces paces, Clock clock)
{
    private const int Days = 30;
    private const int LatestLines = 6;

    /// <summary>The overview as of now; <c>null</c> if there is no such account.</summary>
    public async Task<OverviewFigures?> Read(string key, OverviewFigures? before = null, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var moment = await Moment.Of(db, cancel);
        var book = await prices.InForce(db, cancel);
        if (await balances.Account(db, key, book) is not { } account)
        {
            return null;
        }
        var standing = Standing.Of(account, book, clock.Now);
        var now = standing.Balance.AsOf;
        var (days, lastCharge) = await LastDays(db, account, now, before, cancel);
        var weeks = await paces.History(db, account, now, cancel);
        var latest = await HistoryLines.Read(db, key, account.Owner, book, new HistoryFilter(), HistoryPosition.Top, LatestLines, cancel);
        return new OverviewFigures(
            key, now, standing, Money.Sum(account.Periods, p => p.ExtraHeld),
            account.PaceAt(weeks, book, now), CreditLeft(weeks, standing.Balance.Period, now), account.IsCancelled ? account.Current.End : null,
            days, lastCharge, Kept(latest.Lines, before), ProgrammeState.At(book, now) is { Phase.IsActive: true, Next.IsActive: false } coming ? coming : null);
    }

    /// <summary>Lines that say the same as before are the same lines, so that a page which has drawn them need not look at them again.</summary>
    private static IReadOnlyList<HistoryLine> Kept(IReadOnlyList<HistoryLine> lines, OverviewFigures? before) =>
        before is null ? lines : [.. lines.Select(line => before.Latest.FirstOrDefault(known => known with { Refusal = line.Refusal } == line) ?? line)];

    /// <summary>Days without an entry left as much as the day before them.</summary>
    private static List<CreditAt> CreditLeft(PaceHistory weeks, Period period, DateTimeOffset now)
    {
        var known = weeks.Days.ToDictionary(d => d.Day, d => d.LastCredit);
        var left = weeks.CreditBefore;
        var points = new List<CreditAt>();
        for (var day = Period.DayOf(now).AddDays(1 - Pace.Window); day < Period.DayOf(now); day = day.AddDays(1))
        {
            left = known.GetValueOrDefault(day, left);
            var end = Period.StartOf(day.AddDays(1));
            if (end > period.Start && end > weeks.Since)
            {
                points.Add(new CreditAt(end, left));
            }
        }
        return points;
    }

    private static async Task<(IReadOnlyList<DayBar> Days, long LastCharge)> LastDays(PortalDb db, Account account, DateTimeOffset now, OverviewFigures? before, CancellationToken cancel)
    {
        var today = Period.DayOf(now);
        var first = today.AddDays(1 - Days);
        var charges = db.Set<Charge>().Where(c => c.Account == account.Key);
        var isSameDay = before?.Days is [.., { Day: var last }] && last == today;
        var after = isSameDay
            ? before!.LastCharge
            : await EntrySearch.FirstChargeSince(db, account.Key, Period.StartOf(first), cancel) - 1;
        var added = after >= account.LastCharge ? [] : await charges.Where(c => c.Number > after && c.Number <= account.LastCharge).GroupBy(c => c.Day)
            .Select(g => new { Day = g.Key, Credit = g.Sum(c => c.Credit.Nanos), Extra = g.Sum(c => c.Extra.Nanos), Uncollected = g.Sum(c => c.Uncollected.Nanos) })
            .ToListAsync(cancel);
        if (added.Count == 0 && isSameDay)
        {
            return (before!.Days, before.LastCharge);
        }
        var sums = added.ToDictionary(d => d.Day, d => new DayBar(d.Day, new Money(d.Credit), new Money(d.Extra), new Money(d.Uncollected)));
        var known = isSameDay ? before!.Days.ToDictionary(d => d.Day) : [];
        return ([.. Enumerable.Range(0, Days).Select(i => Plus(first.AddDays(i), known, sums))], account.LastCharge);
    }

    private static DayBar Plus(DateOnly day, Dictionary<DateOnly, DayBar> known, Dictionary<DateOnly, DayBar> added)
    {
        var (a, b) = (known.GetValueOrDefault(day), added.GetValueOrDefault(day));
        return new DayBar(day, a.Credit + b.Credit, a.Extra + b.Extra, a.Uncollected + b.Uncollected);
    }
}
