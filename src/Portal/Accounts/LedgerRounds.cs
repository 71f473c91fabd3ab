using System.Diagnostics;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data;

namespace Portal.Accounts;

/// <summary>How far the check of all accounts has come. One row: of several instances, whoever finds it due does the next slice.</summary>
public sealed class LedgerRound
{
    public int Id { get; init; } = 1;

    /// <summary>The last account of this round that was checked; empty at its beginning.</summary>
    public string Cursor { get; set; } = "";

    public DateTimeOffset StartedAt { get; set; }

    /// <summary>How many accounts this round has checked.</summary>
    public long Accounts { get; set; }

    /// <summary>When the last whole round began; <c>null</c> before there was one.</summary>
    public DateTimeOffset? LastStartedAt { get; set; }

    public DateTimeOffset? LastFinishedAt { get; set; }

    /// <summary>How many accounts it checked.</summary>
    public long LastAccounts { get; set; }

    /// <summary>When the next slice is due.</summary>
    public DateTimeOffset NextAt { get; set; }
}

/// <summary>A law that an account was found to break. Gone once the account is found to keep it again.</summary>
public sealed class LedgerFault
{
    public string Account { get; init; } = "";

    public LedgerLaw Law { get; init; }

    public string Says { get; set; } = "";

    public DateTimeOffset FoundAt { get; init; }

    public DateTimeOffset SeenAt { get; set; }
}

internal sealed class LedgerRoundTables : IEntityTypeConfiguration<LedgerRound>, IEntityTypeConfiguration<LedgerFault>
{
    public void Configure(EntityTypeBuilder<LedgerRound> builder)
    {
        builder.ToTable("ledger_rounds").HasKey(r => r.Id);
        builder.Property(r => r.Id).ValueGeneratedNever();
    }

    public void Configure(EntityTypeBuilder<LedgerFault> builder) => builder.ToTable("ledger_faults").HasKey(f => new { f.Account, f.Law });
}

/// <summary>
/// Checks every account again and again, in the background: that its state is what its entries come to, and every other law of the ledger. In slices,
/// each as short as it says here, so that it takes nothing from those who pay; it holds no lock and mends nothing.
/// </summary>
public sealed class LedgerRounds(IDbContextFactory<PortalDb> databases, Clock clock, TimeProvider time, LedgerMeasures measures, ILogger<LedgerRounds> log) : BackgroundService
{
    /// <summary>So many accounts at once, unless their time is up before.</summary>
    public const int MostAccounts = 50;

    /// <summary>From one slice to the next, at least.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>And so many times as long as the slice took, up to the longest pause: an account of millions of entries must not keep a core busy.</summary>
    public const int RestsPerWork = 20;

    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    /// <summary>How long a slice may begin with further accounts. One account is always checked whole: it must be of one moment.</summary>
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(1);

    /// <summary>Whoever took a slice has this long for it; then another instance takes it over.</summary>
    private static readonly TimeSpan Lease = LongestPause;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Pause, time, stoppingToken);
            try
            {
                await Once(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                log.Log(DatabaseOutage.LevelOf(failure), failure, "The check of the ledger could not go on; it does with its next turn");
            }
        }
    }

    /// <summary>Does the next slice, if it is due and nobody else does; returns how many accounts it checked.</summary>
    public async Task<int> Once(CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var done = await Claim(db, cancel) is { } round ? await Next(db, round, cancel) : 0;
        // Whoever checked: each instance tells of all faults that are known.
        measures.Saw(done, await db.Set<LedgerFault>().GroupBy(f => f.Law).Select(of => new { Law = of.Key, Accounts = of.Count() }).ToDictionaryAsync(of => of.Law, of => of.Accounts, cancel));
        return done;
    }

    private async Task<int> Next(PortalDb db, LedgerRound round, CancellationToken cancel)
    {
        var keys = await db.Set<Account>().Where(a => a.Key.CompareTo(round.Cursor) > 0).OrderBy(a => a.Key).Select(a => a.Key).Take(MostAccounts).ToListAsync(cancel);
        var (begun, done) = (Stopwatch.StartNew(), 0);
        foreach (var key in keys.TakeWhile(_ => done == 0 || begun.Elapsed < Slice))
        {
            await Check(db, key, cancel);
            (round.Cursor, done) = (key, done + 1);
        }
        round.Accounts += done;
        if (done == keys.Count && keys.Count < MostAccounts)
        {
            (round.LastStartedAt, round.LastFinishedAt, round.LastAccounts) = (round.StartedAt, clock.Now, round.Accounts);
            (round.Cursor, round.StartedAt, round.Accounts) = ("", clock.Now, 0);
        }
        var rest = begun.Elapsed * RestsPerWork;
        round.NextAt = clock.Now + (rest < Pause ? Pause : rest < LongestPause ? rest : LongestPause);
        await db.SaveChangesAsync(cancel);
        return done;
    }

    /// <summary>The row, if its next slice is due and this is who gets it.</summary>
    private async Task<LedgerRound?> Claim(PortalDb db, CancellationToken cancel)
    {
        var now = clock.Now;
        if (await db.Set<LedgerRound>().AsNoTracking().SingleOrDefaultAsync(cancel) is not { } found)
        {
            var first = new LedgerRound { StartedAt = now, NextAt = now + Lease };
            db.Add(first);
            try
            {
                await db.SaveChangesAsync(cancel);
                return first;
            }
            catch (DbUpdateException)
            {
                // Another instance began the first round at the same time; it goes on with it.
                db.ChangeTracker.Clear();
                return null;
            }
        }
        // A clock that was set back must not stop the check for as long.
        if (found.NextAt > now && found.NextAt <= now + Lease)
        {
            return null;
        }
        var until = now + Lease;
        var mine = await db.Set<LedgerRound>().Where(r => r.NextAt == found.NextAt).ExecuteUpdateAsync(set => set.SetProperty(r => r.NextAt, until), cancel) == 1;
        return mine ? await db.Set<LedgerRound>().SingleAsync(cancel) : null;
    }

    private async Task Check(PortalDb db, string key, CancellationToken cancel)
    {
        var broken = await Broken(db, key, cancel);
        var known = await db.Set<LedgerFault>().Where(f => f.Account == key).ToListAsync(cancel);
        var now = clock.Now;
        foreach (var (law, says) in broken.GroupBy(b => b.Law).Select(of => (of.Key, of.First().Says)))
        {
            if (known.Find(f => f.Law == law) is { } before)
            {
                (before.Says, before.SeenAt) = (says, now);
                known.Remove(before);
                continue;
            }
            log.LogCritical("The ledger does not add up. {Law}: {Says}", law, says);
            db.Add(new LedgerFault { Account = key, Law = law, Says = says, FoundAt = now, SeenAt = now });
        }
        db.RemoveRange(known);
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>The laws that the account breaks. One that cannot be read is not known to keep any: it must neither pass for one that does, nor stop the round, or Portal.</summary>
    private async Task<IReadOnlyList<BrokenLaw>> Broken(PortalDb db, string key, CancellationToken cancel)
    {
        try
        {
            return await LedgerCheck.Broken(db, key, cancel);
        }
        catch (Exception failure) when (failure is not OperationCanceledException && !failure.IsDatabaseAway())
        {
            log.LogError(failure, "The account {Account} could not be read to be checked", key);
            return [new BrokenLaw(LedgerLaw.State, $"{key} cannot be read, so nobody knows whether it adds up; the log says why.")];
        }
    }
}
