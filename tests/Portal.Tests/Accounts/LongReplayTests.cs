using System.Runtime.CompilerServices;
using Ledger;
using Portal.Accounts;
using Portal.Data;
using Portal.Terms;

namespace Portal.Tests.Accounts;

public sealed class LongReplaysOnSqlite(DoorOn<SqliteDatabase> portal) : LongReplayTests<SqliteDatabase>(portal);

public sealed class LongReplaysOnPostgres(DoorOn<PostgresDatabase> portal) : LongReplayTests<PostgresDatabase>(portal);

/// <summary>A history of 50,000 events: it is read as it goes, and reading it stops when nobody wants it any more.</summary>
public abstract class LongReplayTests<TDatabase>(DoorOn<TDatabase> portal) : DoorTests<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    private const int Events = 50_000;
    private const string Key = "long";

    [Fact]
    public async Task Of_fifty_thousand_events_nothing_is_kept_that_was_taken_and_it_can_be_cancelled()
    {
        var opened = await Write();
        var book = await Get<PriceBooks>().InForce();

        var (charges, alive) = await Take(opened, new Replay(new ReplayTerms(book)));
        Assert.Equal((Events, 0), (charges, alive));

        var progress = new Told();
        var replayed = await Get<Replays>().Run(Key, opened, [new ReplayTerms(book)], progress);
        Assert.Equal((Events, 51), (Assert.Single(replayed!.Under[0]).Requests.Carried, progress.Count));
        Assert.Equal((await Rows<AccountPeriod>(p => p.Account == Key)).Single().ExtraUsed, replayed.Under[0][0].ExtraUsed);

        using var cancel = new CancellationTokenSource();
        var cancelled = new Told(cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Get<Replays>().Run(Key, opened, [new ReplayTerms(book)], cancelled, cancel.Token));
        Assert.Equal(1, cancelled.Count);
    }

    /// <summary>Takes every step, and looks now and then whether an earlier charge is still in memory.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<(int Charges, int Alive)> Take(DateTimeOffset from, Replay replay)
    {
        var (charges, alive, taken) = (0, 0, new List<WeakReference>());
        await foreach (var step in Get<ReplaySteps>().Of(Key, from, Now))
        {
            replay.Take(step);
            if (step is ReplayStep.Charged && ++charges % 5_000 == 0)
            {
                GC.Collect();
                alive += taken.Count(t => t.IsAlive);
                Remember(taken, step);
            }
        }
        return (charges, alive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Remember(List<WeakReference> taken, ReplayStep step) => taken.Add(new WeakReference(((ReplayStep.Charged)step).Charge));

    /// <summary>Written past the door, by the door's own writer: fifty thousand calls are not what is tested.</summary>
    private async Task<DateTimeOffset> Write()
    {
        var (book, opened) = (await Get<PriceBooks>().InForce(), Now.AddDays(-9));
        var account = Account.Open(Key, "owner", "pro", opened, book, opened, Gateway.Id);
        account.Claim(book, opened, Owner.Id);
        account.TurnOnExtraUsage(Money.FromDollars(2_000), "I agree.", book, opened, Owner.Id);
        for (var i = 0; i < Events; i++)
        {
            var at = opened.AddSeconds(10 + 10 * i);
            Assert.IsType<RecordOutcome.Recorded>(account.RecordUsage(new UsageEvent("test", $"{i}", at, Sonnet, "headless", null, Cents(1)), at, book, at, Gateway.Id));
        }
        await using var db = Fixture.Database.Open();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var batch = new Batch(book, opened);
        batch.Accounts.Add(Key, account);
        Assert.True(await AccountSaver.Save(db, Get<BulkWriter>(), batch));
        await transaction.CommitAsync();
        return opened;
    }

    private sealed class Told(CancellationTokenSource? cancel = null) : IProgress<ReplayProgress>
    {
        public int Count { get; private set; }

        public void Report(ReplayProgress value)
        {
            Count++;
            cancel?.Cancel();
        }
    }
}
