using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Settings;
using Portal.SignIn;
using Portal.Terms;

namespace Portal.Accounts;

/// <summary>The door takes nothing more for now: its queue is full, the database is away, or Portal is shutting down. Nothing was changed by this call, or it may be repeated with its id.</summary>
public sealed class DoorBusyException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// The one door. All that changes an account is a command that goes in here. Commands that arrive together share one transaction:
/// lock and load their accounts, decide one after the other (in Ledger), write in bulk, commit once, answer all, tell the pages.
/// </summary>
/// <remarks>
/// Callers' ids are written at the end of the transaction, with what they became, rather than reserved at its start: one statement
/// instead of two for every id. Two transactions that bring the same new id meet at its unique key; the one that comes second
/// learns that it is taken, rolls back, and decides again with the winner before its eyes.
/// </remarks>
public sealed class AccountDoor(
    IDbContextFactory<PortalDb> databases, BulkWriter bulk, PriceBooks prices, AccountFeed feed, Clock clock,
    PortalSettings settings, StaffDuty duty, EventRates rates, DoorMeasures measures, ILogger<AccountDoor> log) : BackgroundService
{
    private const int Attempts = 5;
    private const int Remembered = 20_000;
    private readonly StaffLimits _limits = StaffLimits.Of(settings.Support);
    private readonly AccountMemory _memory = new(Remembered);
    private readonly FairQueue<Pending>[] _queues =
        [.. Enumerable.Range(0, bulk.HasOneWriter ? 1 : settings.Door.Lanes).Select(_ => new FairQueue<Pending>(settings.Door.QueueCapacity, settings.Door.QueueCapacityPerAccount))];

    /// <summary>Hands a command in and waits for its outcome. When it answers, what it changed is durable.</summary>
    /// <exception cref="DoorBusyException">Try again.</exception>
    /// <exception cref="NotAllowedException">The actor may not do this.</exception>
    public async Task<TOutcome> Submit<TOutcome>(Command<TOutcome> command) where TOutcome : notnull
    {
        ArgumentNullException.ThrowIfNull(command);
        using var trace = DoorMeasures.Traces.StartActivity(command.GetType().Name);
        var submission = new Submission(1);
        var pending = new Pending(command, LineOf(command), submission, 0);
        if (!QueueOf(pending.Line).TryAdd(pending.Line, pending))
        {
            Refuse(pending);
        }
        await submission.Answered;
        return (TOutcome)submission[0];
    }

    /// <summary>The same with several commands, whose outcomes come in their order. They go in together, so that they share transactions, and are waited for together.</summary>
    /// <exception cref="DoorBusyException">There was no place for all of them; those for which there was one are done. Try again.</exception>
    /// <exception cref="NotAllowedException">The actor may not do one of them; the others are done.</exception>
    public async Task<IReadOnlyList<TOutcome>> SubmitAll<TOutcome>(IReadOnlyList<Command<TOutcome>> commands) where TOutcome : notnull
    {
        ArgumentNullException.ThrowIfNull(commands);
        if (commands.Count == 0)
        {
            return [];
        }
        using var trace = DoorMeasures.Traces.StartActivity(commands[0].GetType().Name);
        var submission = new Submission(commands.Count);
        foreach (var together in commands.Select((command, i) => new Pending(command, LineOf(command), submission, i)).GroupBy(pending => QueueOf(pending.Line)))
        {
            foreach (var refused in together.Key.AddAll([.. together], pending => pending.Line))
            {
                Refuse(refused);
            }
        }
        await submission.Answered;
        return [.. Enumerable.Range(0, commands.Count).Select(i => (TOutcome)submission[i])];
    }

    /// <summary>The account, as soon as it is known whose an authorization is.</summary>
    private string LineOf(Command command) => command.AuthorizationId is { } id && _memory.Knows(id, out var account) ? account : command.Line;

    /// <summary>What is of one account goes through one lane, so that lanes seldom wait for each other's rows.</summary>
    private FairQueue<Pending> QueueOf(string line) => _queues[(uint)line.GetHashCode(StringComparison.Ordinal) % (uint)_queues.Length];

    private void Refuse(Pending pending) => Answer(pending, new DoorBusyException("Too much is waiting. Nothing was changed."));

    /// <summary>How many commands wait.</summary>
    public int Waiting => _queues.Sum(queue => queue.Count);

    /// <summary>Lets nothing more in, finishes what waits, then stops: no answer is lost.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        Array.ForEach(_queues, queue => queue.Close());
        if (ExecuteTask is { } working)
        {
            await working.WaitAsync(cancellationToken);
        }
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        Array.ForEach(_queues, queue => queue.Dispose());
        base.Dispose();
    }

    /// <summary>Ends when the queue is closed and empty, not when the host asks: whoever got in gets an answer.</summary>
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        measures.WatchQueue(() => Waiting);
        // Where a lane waits for a server, to come back to a thread of its own each time costs more than a turn in the pool.
        return Task.WhenAll(_queues.Select(queue => bulk.HasOneWriter ? OwnThread.Run("Door", () => WorkOff(queue)) : Task.Run(() => WorkOff(queue), CancellationToken.None)));
    }

    private async Task WorkOff(FairQueue<Pending> queue)
    {
        var lane = new Lane(databases, bulk);
        while (await queue.Take(settings.Door.LargestBatch) is { Count: > 0 } commands)
        {
            foreach (var batch in Batches(commands))
            {
                await Answer(batch, lane);
            }
        }
        await lane.Close();
    }

    /// <summary>All that came together is one batch, except that what may lower a cap begins another.</summary>
    private static IEnumerable<IReadOnlyList<Pending>> Batches(IReadOnlyList<Pending> commands)
    {
        var batch = new List<Pending>(commands.Count);
        foreach (var command in commands)
        {
            if (command.Command.MayLowerCap && batch.Count > 0)
            {
                yield return batch;
                batch = [];
            }
            batch.Add(command);
        }
        yield return batch;
    }

    private async Task Answer(IReadOnlyList<Pending> commands, Lane lane)
    {
        using var trace = DoorMeasures.Trace(commands.Count, commands.Select(c => c.Submission.Caller));
        try
        {
            await Run(commands, lane);
        }
        catch (Exception failure) when (failure.IsDatabaseAway())
        {
            trace?.SetStatus(ActivityStatusCode.Error, "The database did not take it.");
            log.LogWarning(failure, "The database did not take a batch of {Count} commands; the callers are asked to repeat", commands.Count);
            await lane.Close();
            Fail(commands, new DoorBusyException("The database is not available. Repeat with the same id.", failure));
        }
        catch (Exception failure) when (commands.Count > 1)
        {
            trace?.SetStatus(ActivityStatusCode.Error, "It is tried again, command by command.");
            // One command must not spoil the others: each gets a transaction of its own, and the faulty one its exception.
            log.LogWarning(failure, "A batch of {Count} commands failed; each is tried alone", commands.Count);
            await lane.Close();
            foreach (var command in commands)
            {
                await Answer([command], lane);
            }
        }
        catch (Exception failure)
        {
            trace?.SetStatus(ActivityStatusCode.Error, failure.GetType().Name);
            // Logged once, by whoever submitted the command: it knows the request.
            await lane.Close();
            Fail(commands, failure);
        }
    }

    /// <summary>One transaction from begin to commit; answers only once it is on disk, while the lane goes on.</summary>
    private async Task Run(IReadOnlyList<Pending> commands, Lane lane)
    {
        var db = await lane.Open();
        var loader = new AccountLoader(db, bulk, prices, _memory, duty, _limits);
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var begun = Stopwatch.GetTimestamp();
            await using var transaction = await db.Database.BeginTransactionAsync();
            var batch = await loader.Load(commands.Select(c => c.Command), clock.Now);
            var outcomes = commands.Select(c => Decide(c.Command, batch)).ToList();
            if (!await AccountSaver.Commit(db, bulk, batch, transaction))
            {
                await transaction.RollbackAsync();
                continue;
            }
            // A lane's context lives as long as the door; what it has written it need not keep.
            db.ChangeTracker.Clear();
            // A refusal, a dispute or a note changes no account, but pages show it.
            var changed = batch.Accounts.Values.Where(a => a.IsChanged).Select(a => a.Key).Union(batch.NewRefusals.Select(r => r.Account))
                .Union(batch.Disputes.Values.Where(d => d.IsChanged).Select(d => d.Account)).Union(batch.Staff.Changed).ToList();
            rates.Count(batch);
            measures.Committed(batch, commands.Count, begun);
            foreach (var account in batch.Accounts.Values)
            {
                _memory.Keep(batch.ToRemember(account));
            }
            await lane.Answer(
                () =>
                {
                    foreach (var (command, outcome) in commands.Zip(outcomes))
                    {
                        Answer(command, outcome);
                    }
                    feed.Changed(changed);
                },
                failure =>
                {
                    log.LogError(failure, "What {Count} commands wrote may not be on disk; the callers are asked to repeat", commands.Count);
                    Fail(commands, new DoorBusyException("The database's disk failed. Repeat with the same id.", failure));
                });
            return;
        }
        throw new DoorBusyException("The same ids keep coming from elsewhere at the same time. Repeat with the same id.");
    }

    private static object Decide(Command command, Batch batch)
    {
        try
        {
            batch.DemandNoViewAs(command);
            return command.Decide(batch);
        }
        catch (NotAllowedException refused)
        {
            // Refused before anything was changed; the others of the batch go on.
            return refused;
        }
    }

    private void Answer(Pending pending, object outcome)
    {
        measures.Answered(pending.Command, outcome, pending.Submission.Since);
        pending.Answer(outcome);
    }

    private void Fail(IReadOnlyList<Pending> commands, Exception failure)
    {
        foreach (var command in commands)
        {
            Answer(command, failure);
        }
    }
}
