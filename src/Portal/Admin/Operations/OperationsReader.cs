using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.Terms;

namespace Portal.Admin.Operations;

/// <summary>Reads what comes in: how fast, and what did not become a charge as it should.</summary>
public sealed class OperationsReader(IDbContextFactory<PortalDb> databases, PriceBooks prices, Clock clock)
{
    private const int Latest = 20;
    private const int Hour = 60;

    public async Task<OperationsFigures> Read(CancellationToken cancel = default)
    {
        var now = clock.Now;
        await using var db = await databases.CreateDbContextAsync(cancel);
        var minute = EventRates.MinuteOf(now);
        var rates = await db.Set<EventRate>().AsNoTracking().Where(r => r.Minute > minute - 1 - Hour && r.Minute <= minute).ToListAsync(cancel);
        // The minute that runs is not over: rates are those of whole ones.
        var charged = rates.FindAll(r => r.Kind == EventRateKind.Charged && r.Minute < minute);
        return new OperationsFigures(
            now,
            [.. charged.GroupBy(r => r.Surface).Select(of => new SurfaceRate(of.Key, of.Where(r => r.Minute == minute - 1).Sum(r => r.Count), of.Sum(r => r.Count))).OrderByDescending(s => s.LastHour)],
            [.. Enumerable.Range(0, Hour).Select(i => charged.Where(r => r.Minute == minute - Hour + i).Sum(r => r.Count))],
            rates.Where(r => r.Kind == EventRateKind.Parked).Sum(r => r.Count),
            rates.Where(r => r.Kind == EventRateKind.Conflicting).Sum(r => r.Count),
            await Parked(db, await prices.InForce(db, cancel), now, cancel),
            await Late(db, cancel),
            await Conflicts(db, cancel));
    }

    /// <summary>The parked events that have no charge yet.</summary>
    internal static IQueryable<ParkedEvent> Waiting(PortalDb db) =>
        db.Set<ParkedEvent>().AsNoTracking().Where(p => db.Set<UsageEventId>().Any(e => e.Key == p.Key && e.Charge == null));

    private static async Task<IReadOnlyList<ParkedGroup>> Parked(PortalDb db, PriceBook book, DateTimeOffset now, CancellationToken cancel)
    {
        var groups = await Waiting(db).GroupBy(p => new { p.Model, p.Surface })
            .Select(g => new { g.Key.Model, g.Key.Surface, Events = g.LongCount(), Accounts = g.Select(p => p.Account).Distinct().Count(), Oldest = g.Min(p => p.ReceivedAt), Latest = g.Max(p => p.Time) })
            .ToListAsync(cancel);
        // What is known for the latest of them is known for all: whatever came into force later counts for the earlier ones too.
        return [.. groups.OrderBy(g => g.Oldest).Select(g => new ParkedGroup(
            g.Model, g.Surface, g.Events, g.Accounts, g.Oldest, book.FirstPoolOf(g.Surface, g.Latest, now) is null, book.FirstRateCardFor(g.Model, g.Latest, now) is null))];
    }

    private static async Task<IReadOnlyList<LateLine>> Late(PortalDb db, CancellationToken cancel) =>
        await db.Set<Charge>().AsNoTracking().Where(c => c.IsLate).OrderByDescending(c => c.RecordedAt).Take(Latest)
            .Select(c => new LateLine(c.Account, c.Number, c.Time, c.RecordedAt, c.Model, c.Surface, c.List, c.Uncollected)).ToListAsync(cancel);

    private static async Task<IReadOnlyList<ConflictLine>> Conflicts(PortalDb db, CancellationToken cancel)
    {
        var found = await db.Set<EventConflict>().AsNoTracking().OrderByDescending(e => e.At).Take(Latest)
            .Select(e => new { Conflict = e, Stands = db.Set<UsageEventId>().Where(id => id.Key == e.Key).Select(id => new { id.Account, id.Charge }).FirstOrDefault() }).ToListAsync(cancel);
        return [.. found.Select(f => new ConflictLine(
            f.Conflict.Key, f.Conflict.Account, f.Conflict.At, f.Conflict.By, $"{f.Conflict.Model}, {f.Conflict.Surface}, {f.Conflict.Usage.InputTokens} in, {f.Conflict.Usage.OutputTokens} out",
            f.Stands is null ? "nothing" : f.Stands.Charge is { } charge ? $"{f.Stands.Account}, charge {charge}" : $"{f.Stands.Account}, parked"))];
    }
}
