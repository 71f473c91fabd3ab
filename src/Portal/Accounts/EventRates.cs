using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Accounts;

/// <summary>
/// Counts what events come to, by the minute, without a query per event: here in memory, and every few seconds added up in the database, where
/// the counts of all instances meet. An instance that dies takes its last seconds along; no money depends on them.
/// </summary>
public sealed class EventRates(IDbContextFactory<PortalDb> databases, Clock clock, TimeProvider time, ILogger<EventRates> log) : BackgroundService
{
    /// <summary>How long counts are kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(2);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private Dictionary<(long Minute, EventRateKind Kind, string Surface), long> _counts = [];

    /// <summary>The minute that contains an instant.</summary>
    public static long MinuteOf(DateTimeOffset instant) => instant.ToUnixTimeSeconds() / 60;

    /// <summary>Counts what a batch wrote.</summary>
    internal void Count(Batch batch)
    {
        var minute = MinuteOf(batch.Now);
        lock (_lock)
        {
            foreach (var charge in batch.Accounts.Values.SelectMany(a => a.Written.Charges))
            {
                Add((minute, EventRateKind.Charged, charge.Surface), 1);
            }
            Add((minute, EventRateKind.Parked, ""), batch.NewParked.Count);
            Add((minute, EventRateKind.Conflicting, ""), batch.NewConflicts.Count);
        }
    }

    private void Add((long, EventRateKind, string) of, int more)
    {
        if (more > 0)
        {
            _counts[of] = _counts.GetValueOrDefault(of) + more;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Pause, time, stoppingToken);
            await Once(stoppingToken);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Once(cancellationToken);
    }

    /// <summary>Adds to the database what was counted here. What it does not take is kept for the next turn.</summary>
    public async Task Once(CancellationToken cancel = default)
    {
        Dictionary<(long Minute, EventRateKind Kind, string Surface), long> counted;
        lock (_lock)
        {
            (counted, _counts) = (_counts, []);
        }
        if (counted.Count == 0)
        {
            return;
        }
        try
        {
            await Store(counted, cancel);
        }
        catch (Exception failure)
        {
            // Also when Portal stops, or of a bug: no money depends on the counts, so they must not stop what it does depend on.
            log.Log(DatabaseOutage.LevelOf(failure), failure, "The rate of events could not be stored; it will be on the next run");
            lock (_lock)
            {
                foreach (var (of, count) in counted)
                {
                    Add(of, (int)count);
                }
            }
        }
    }

    private async Task Store(Dictionary<(long Minute, EventRateKind Kind, string Surface), long> counted, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // In one order, so that two instances do not wait for each other in a ring.
        foreach (var ((minute, kind, surface), count) in counted.OrderBy(c => c.Key.Minute).ThenBy(c => c.Key.Kind).ThenBy(c => c.Key.Surface, StringComparer.Ordinal))
        {
            await db.Database.ExecuteSqlAsync(
                $"INSERT INTO event_rates (minute, kind, surface, count) VALUES ({minute}, {(int)kind}, {surface}, {count}) ON CONFLICT (minute, kind, surface) DO UPDATE SET count = event_rates.count + excluded.count", cancel);
        }
        var oldest = MinuteOf(clock.Now - Kept);
        await db.Set<EventRate>().Where(r => r.Minute < oldest).ExecuteDeleteAsync(cancel);
        await transaction.CommitAsync(cancel);
    }
}
