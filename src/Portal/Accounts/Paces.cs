using System.Collections.Concurrent;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Terms;

namespace Portal.Accounts;

/// <summary>A balance, and the pace at which the account spends; <c>null</c> while it spends nothing at all.</summary>
public sealed record PacedBalance(Balance Balance, Pace? Pace);

/// <summary>
/// What an account's pace is worked out from: its entries of the last weeks, summed by UTC day. Entries never change, so what was summed once is remembered, and a look only adds
/// what came since.
/// </summary>
public sealed class Paces(IDbContextFactory<PortalDb> databases, Balances balances, PriceBooks prices, Clock clock)
{
    private const int Remembered = 20_000;

    /// <summary>Up to so many entries are read in one query rather than summed in two: what a look finds new.</summary>
    private const int Few = 100;
    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);

    /// <summary>The balance and the pace as of now; <c>null</c> if there is no such account.</summary>
    public async Task<PacedBalance?> Now(string key, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var moment = await Moment.Of(db, cancel);
        var book = await prices.InForce(db, cancel);
        if (await balances.Account(db, key, book) is not { } account)
        {
            return null;
        }
        var balance = account.BalanceAt(book, clock.Now);
        return new PacedBalance(balance, account.PaceAt(await History(db, account, balance.AsOf, cancel), book, balance.AsOf));
    }

    /// <summary>What is known about the last weeks of an account that was brought up to an instant for looking.</summary>
    internal async Task<PaceHistory> History(PortalDb db, Account account, DateTimeOffset now, CancellationToken cancel = default)
    {
        var known = await Known.UpTo(db, account, now, _known.GetValueOrDefault(account.Key), cancel);
        if (_known.Count >= Remembered)
        {
            // Forgetting costs one longer look each; which ones are forgotten does not matter.
            _known.Clear();
        }
        _known[account.Key] = known;
        // What is due but not written yet counts as if it were.
        var unwritten = account.Written.Entries.GroupBy(e => e.Day).OrderBy(d => d.Key).Select(d => new PaceDay(d.Key, Money.Zero, d.Max(e => e.CreditAfter), d.Last().CreditAfter));
        return new PaceHistory(known.Since ?? now, known.CreditBefore, Merge(known.Days, unwritten));
    }

    /// <summary>Days in order; of a day that stands in both, the first part is the earlier.</summary>
    private static List<PaceDay> Merge(IReadOnlyList<PaceDay> days, IEnumerable<PaceDay> later)
    {
        var merged = days.ToList();
        foreach (var day in later)
        {
            if (merged.Count > 0 && merged[^1].Day == day.Day)
            {
                merged[^1] = merged[^1].With(day);
            }
            else
            {
                merged.Add(day);
            }
        }
        return merged;
    }

    /// <summary>What the entries up to one say.</summary>
    private sealed record Known(long LastSeq, DateTimeOffset? Since, Money CreditBefore, IReadOnlyList<PaceDay> Days)
    {
        public static async Task<Known> UpTo(PortalDb db, Account account, DateTimeOffset now, Known? before, CancellationToken cancel)
        {
            var last = account.LastSeq - account.Written.Entries.Count;
            var first = Period.DayOf(now).AddDays(1 - Pace.Window);
            if (before?.LastSeq >= last)
            {
                return before;
            }
            var entries = db.Set<Entry>().AsNoTracking().Where(e => e.Account == account.Key);
            before ??= await Before(db, entries, account.Key, Period.StartOf(first), last, cancel);
            var merged = Merge(before.Days, await Added(entries, before.LastSeq, last, cancel));
            // Days that are looked at no more leave what credit was left after them.
            var old = merged.FindAll(d => d.Day < first);
            return new Known(last, before.Since, old.Count > 0 ? old[^1].LastCredit : before.CreditBefore, merged[old.Count..]);
        }

        private static async Task<Known> Before(PortalDb db, IQueryable<Entry> entries, string key, DateTimeOffset start, long last, CancellationToken cancel)
        {
            var since = last == 0 ? null : await entries.Where(e => e.Seq == 1).Select(e => (DateTimeOffset?)e.At).SingleOrDefaultAsync(cancel);
            var from = await EntrySearch.FirstSince(db, key, start, cancel);
            var credit = await entries.Where(e => e.Seq == from - 1).Select(e => (long?)e.CreditAfter.Nanos).SingleOrDefaultAsync(cancel);
            var before = last > 0 && since is null ? await Openings.Of(db, key, cancel) : null;
            return new Known(from - 1, since ?? before?.State.At, credit is { } nanos ? new Money(nanos) : before?.State.Credit ?? Money.Zero, []);
        }

        private static async Task<IEnumerable<PaceDay>> Added(IQueryable<Entry> entries, long after, long last, CancellationToken cancel)
        {
            var added = entries.Where(e => e.Seq > after && e.Seq <= last);
            if (last - after <= Few)
            {
                var rows = await added.OrderBy(e => e.Seq).Select(e => new { e.Day, IsSpend = e.Kind == EntryKind.Charge && e.Pool != EntryPool.None, e.Amount.Nanos, Left = e.CreditAfter.Nanos }).ToListAsync(cancel);
                return rows.GroupBy(e => e.Day).Select(day => new PaceDay(day.Key, new Money(day.Sum(e => e.IsSpend ? e.Nanos : 0)), new Money(day.Max(e => e.Left)), new Money(day.Last().Left)));
            }
            var days = await added.GroupBy(e => e.Day)
                .Select(g => new
                {
                    Day = g.Key,
                    Spend = g.Sum(e => e.Kind == EntryKind.Charge && e.Pool != EntryPool.None ? e.Amount.Nanos : 0),
                    Most = g.Max(e => e.CreditAfter.Nanos),
                    Last = g.Max(e => e.Seq),
                })
                .OrderBy(d => d.Day).ToListAsync(cancel);
            var lasts = days.ConvertAll(d => d.Last);
            var left = await entries.Where(e => lasts.Contains(e.Seq)).ToDictionaryAsync(e => e.Seq, e => e.CreditAfter, cancel);
            return days.Select(d => new PaceDay(d.Day, new Money(d.Spend), new Money(d.Most), left[d.Last]));
        }
    }
}
