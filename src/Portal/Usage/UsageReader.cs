using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.Terms;

namespace Portal.UsagePages;

/// <summary>An account's use in a range: what the query shows of it, and what it was made of, to which later charges are added.</summary>
public sealed record UsageRead(Account Account, DateTimeOffset AsOf, UsageRange Range, IReadOnlyList<string> Wrong, UsageCube Cube, UsageTable Table);

/// <summary>
/// Reads use. The database adds up; the charges of a range are found by their numbers, which follow their instants, so they lie together
/// in the table's own key and nothing has to be kept for this when a charge is written. What was added up is remembered for a while: another
/// filter or grouping, an export and each move of an open page then read only the charges that came since.
/// </summary>
public sealed class UsageReader(IDbContextFactory<PortalDb> databases, Balances balances, PriceBooks prices, UsageMemory memory, Clock clock)
{
    private const int GroupsShown = 10;
    private const int RowsShown = 50;

    /// <summary>The page's figures as of now; <c>null</c> if there is no such account.</summary>
    public async Task<UsageFigures?> Figures(string key, UsageQuery query, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (await Read(key, query, cancel: cancel) is not { } read)
        {
            return null;
        }
        var (account, table) = (read.Account, read.Table);
        var (series, bars) = table.Bars(read.Range);
        return new UsageFigures(
            key, read.AsOf, query.Path(), read.Range, read.Wrong, read.Cube.Through, account.Status == AccountStatus.Closed, account.ExtraUsageOn ? account.DailyCap : null,
            table.Totals, [.. table.Groups.Take(GroupsShown)], table.Groups.Count, series, bars, [.. table.Rows.Skip(query.Start).Take(RowsShown)], table.Rows.Count,
            table.Models, table.Surfaces, table.Apps, await Later(key, read.Range, cancel))
        {
            Archived = await Archived(key, read.Range, cancel),
        };
    }

    /// <summary>What a query means now, or meant at an instant when there were charges through a number.</summary>
    public async Task<UsageRead?> Read(string key, UsageQuery query, DateTimeOffset? asOf = null, long? through = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (await balances.Account(key, cancel) is not { } account)
        {
            return null;
        }
        var now = clock.Now is var time && time > account.LastAt ? time : account.LastAt;
        var at = asOf is { } past && past < now ? past : now;
        var (range, wrong) = UsageRange.Of(query, account, at);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var first = await EntrySearch.FirstChargeSince(db, key, range.Start, cancel);
        var last = range.End > now ? account.LastCharge : await EntrySearch.FirstChargeSince(db, key, range.End, cancel) - 1;
        var end = Math.Min(last, through ?? last);
        var known = memory.Find(key, first, range.Period, end) ?? new UsageCube(key, first, range.Period, first - 1, new Dictionary<UsageKey, UsageSum>());
        var cube = await Add(db, known, end, cancel);
        memory.Keep(cube);
        var table = new UsageTable(cube, query, await prices.InForce(db, cancel));
        return new UsageRead(account, at, range, wrong is null ? query.Wrong : [.. query.Wrong, wrong], cube, table);
    }

    private static async Task<UsageCube> Add(PortalDb db, UsageCube known, long through, CancellationToken cancel)
    {
        if (through <= known.Through)
        {
            return known;
        }
        var charges = db.Set<Charge>().Where(c => c.Account == known.Account && c.Number > known.Through && c.Number <= through);
        if (known.Period is { } period)
        {
            charges = charges.Where(c => c.Period == period);
        }
        var added = await charges
            .GroupBy(c => new { c.Day, c.Model, c.Surface, c.App, c.IsIncluded, Credit = c.Credit.Nanos > 0, Extra = c.Extra.Nanos > 0, Uncollected = c.Uncollected.Nanos > 0 })
            .Select(g => new
            {
                g.Key,
                Requests = g.LongCount(),
                Input = g.Sum(c => c.Usage.InputTokens),
                CacheWrite5m = g.Sum(c => c.Usage.CacheWrite5mTokens),
                CacheWrite1h = g.Sum(c => c.Usage.CacheWrite1hTokens),
                CacheRead = g.Sum(c => c.Usage.CacheReadTokens),
                Output = g.Sum(c => c.Usage.OutputTokens),
                WebSearches = g.Sum(c => c.Usage.WebSearches),
                List = g.Sum(c => c.List.Nanos),
                Credit = g.Sum(c => c.Credit.Nanos),
                Extra = g.Sum(c => c.Extra.Nanos),
                Uncollected = g.Sum(c => c.Uncollected.Nanos),
            })
            .ToListAsync(cancel);
        var sums = known.Sums.ToDictionary();
        foreach (var row in added)
        {
            var paid = (row.Key.Credit ? Payers.Credit : 0) | (row.Key.Extra ? Payers.Extra : 0) | (row.Key.Uncollected ? Payers.Uncollected : 0);
            var key = new UsageKey(row.Key.Day, row.Key.Model, row.Key.Surface, row.Key.App, row.Key.IsIncluded ? Payers.Included : paid);
            sums[key] = sums.GetValueOrDefault(key) + new UsageSum(
                row.Requests, row.Input, row.CacheWrite5m, row.CacheWrite1h, row.CacheRead, row.Output, row.WebSearches,
                new Money(row.Credit), new Money(row.Extra), new Money(row.Uncollected), row.Key.IsIncluded ? new Money(row.List) : Money.Zero);
        }
        return known with { Through = through, Sums = sums };
    }

    private async Task<string?> Archived(string key, UsageRange range, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await Openings.Begin(db, key, cancel) is { } begin && begin > range.Start ? Openings.Sentence(begin) : null;
    }

    private async Task<UsageLater> Later(string key, UsageRange range, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var first = await EntrySearch.FirstSince(db, key, range.Start, cancel);
        var end = await EntrySearch.FirstSince(db, key, range.End, cancel);
        var sums = await db.Set<Entry>().Where(e => e.Account == key && e.Seq >= first && e.Seq < end).OtherThanCharges()
            .Where(e => e.Kind == EntryKind.Reallocation || e.Kind == EntryKind.Reversal)
            .GroupBy(e => e.Kind).Select(g => new { Kind = g.Key, Amount = g.Sum(e => e.Amount.Nanos) }).ToListAsync(cancel);
        return new UsageLater(Of(EntryKind.Reallocation), Of(EntryKind.Reversal));

        Money Of(EntryKind kind) => new(sums.Where(s => s.Kind == kind).Sum(s => s.Amount));
    }
}
