using System.Collections.Concurrent;
using System.Diagnostics;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;

namespace Portal.Terms;

/// <summary>How a working-out of an impact stands.</summary>
public enum ImpactStage
{
    /// <summary>It waits for another one, or runs.</summary>
    Running,

    /// <summary>It is stored with its version.</summary>
    Done,

    /// <summary>Somebody stopped it.</summary>
    Cancelled,

    /// <summary>The instance that worked at it has fallen silent.</summary>
    Interrupted,

    /// <summary>The version was changed meanwhile; it was thrown away.</summary>
    Outdated,

    /// <summary>It failed; the log says why.</summary>
    Failed,
}

/// <summary>A working-out of an impact.</summary>
/// <param name="Subject">Of what: see <see cref="Impacts.Version"/> and <see cref="Impacts.Proposal"/>.</param>
/// <param name="Stage">How it stands.</param>
/// <param name="Accounts">How many accounts there are.</param>
/// <param name="Done">How many are done.</param>
/// <param name="Steps">How many steps of their histories were taken.</param>
public sealed record ImpactRun(string Subject, ImpactStage Stage, int Accounts, int Done, long Steps);

/// <summary>The terms that an impact compares.</summary>
/// <param name="Before">What is replaced, as if it had always counted.</param>
/// <param name="After">What replaces it, likewise.</param>
/// <param name="Revision">The revision of what replaces it.</param>
/// <param name="Replaces">What is replaced, so that an approval can see whether it still is.</param>
internal sealed record ComparedTerms(PriceBook Before, PriceBook After, int Revision, string Replaces);

/// <summary>
/// Works out what versions and proposals would have done to real usage: in the background, one at a time because it keeps a processor busy, account by account as their histories are read. Whoever
/// started it may leave the page, and every instance sees how far it is.
/// </summary>
public sealed class Impacts(
    TermsVersions versions, TermsChanges changes, Replays replays, PriceBooks prices, IDbContextFactory<PortalDb> databases, Clock clock, IHostApplicationLifetime lifetime, ILogger<Impacts> log) : IDisposable
{
    /// <summary>How far back it may look.</summary>
    public const int MostDays = 365;

    /// <summary>How far it looks if nobody says otherwise.</summary>
    public const int UsualDays = 30;

    private static readonly TimeSpan BetweenReports = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan BetweenRows = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, ImpactRun> _runs = [];
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _running = [];
    private readonly SemaphoreSlim _room = new(1);

    /// <summary>Something moved on this instance.</summary>
    public event Action? Changed;

    /// <summary>What an impact of a version is called.</summary>
    public static string Version(TermsKind kind, int number) => $"{kind}:{number}";

    /// <summary>What an impact of a proposal is called.</summary>
    public static string Proposal(string id) => $"proposal:{id}";

    /// <summary>The last one of a version on this instance.</summary>
    public ImpactRun? Of(TermsKind kind, int number) => Of(Version(kind, number));

    /// <summary>The last one of a subject on this instance.</summary>
    public ImpactRun? Of(string subject) => _runs.GetValueOrDefault(subject);

    /// <summary>The one of a subject that runs on any instance, or was interrupted there; <c>null</c> if none is under way.</summary>
    public async Task<ImpactRun?> UnderWay(string subject, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<ImpactProgress>().AsNoTracking().SingleOrDefaultAsync(p => p.Subject == subject, cancel) is { } row
            ? new ImpactRun(subject, row.At <= clock.Now - ImpactProgress.Silence ? ImpactStage.Interrupted : ImpactStage.Running, row.Accounts, row.Done, row.Steps)
            : null;
    }

    /// <summary>Begins with a version, if nobody else did.</summary>
    /// <exception cref="NotAllowedException">The actor is no administrator, or no longer.</exception>
    public async Task<TermsOutcome> Start(TermsKind kind, int number, int revision, int days, Actor by)
    {
        var (subject, run) = (Version(kind, number), NewRun(days));
        var outcome = await versions.StartImpact(kind, number, revision, subject, run, by);
        if (outcome is TermsOutcome.Started)
        {
            Begin(subject, run, days, cancel => Terms(kind, number, cancel), async impact => await versions.Keep(kind, number, impact, by) is TermsOutcome.Saved);
        }
        return outcome;
    }

    /// <summary>Begins with a proposal, if nobody else did.</summary>
    /// <exception cref="NotAllowedException">The actor is no administrator, or no longer.</exception>
    public async Task<ProposalOutcome> Start(string proposal, int days, Actor by)
    {
        var (subject, run) = (Proposal(proposal), NewRun(days));
        var outcome = await changes.StartImpact(proposal, subject, run, by);
        if (outcome is ProposalOutcome.Started)
        {
            Begin(subject, run, days, cancel => changes.Compared(proposal, cancel), impact => changes.Keep(proposal, impact, by));
        }
        return outcome;
    }

    /// <summary>Stops one, wherever it runs. It changes nothing, so whoever sees it may.</summary>
    public async Task Stop(string subject)
    {
        await using var db = await databases.CreateDbContextAsync();
        await db.Set<ImpactProgress>().Where(p => p.Subject == subject).ExecuteUpdateAsync(set => set.SetProperty(p => p.IsStopped, true));
        if (_running.TryGetValue(subject, out var stop))
        {
            await stop.CancelAsync();
        }
    }

    /// <summary>Works out the impact of a version and answers it, storing nothing. For benchmarks.</summary>
    internal async Task<Impact> WorkOut(TermsVersion version, int days, Action<ReplayProgress>? progress, CancellationToken cancel) =>
        await WorkOut(await Terms(version, cancel), days, progress, cancel);

    public void Dispose() => _room.Dispose();

    /// <summary>The same of any terms.</summary>
    internal async Task<Impact> WorkOut(ComparedTerms terms, int days, Action<ReplayProgress>? progress, CancellationToken cancel)
    {
        var until = clock.Now;
        var (from, watch, sums, last) = (until.AddDays(-days), Stopwatch.StartNew(), new ImpactSums(), default(ReplayProgress));
        await foreach (var account in replays.RunAll(from, [new ReplayTerms(terms.Before), new ReplayTerms(terms.After)], new Direct(Report), cancel))
        {
            sums.Add(account.Account, account.Under[0], account.Under[1]);
        }
        return sums.Sum(terms.Revision, terms.Replaces, days, from, until, last.Steps, watch.Elapsed);

        void Report(ReplayProgress now)
        {
            last = now;
            progress?.Invoke(now);
        }
    }

    private static Guid NewRun(int days)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(days, MostDays);
        return Guid.CreateVersion7();
    }

    private void Begin(string subject, Guid id, int days, Func<CancellationToken, Task<ComparedTerms>> terms, Func<Impact, Task<bool>> keep)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
        _running[subject] = stop;
        Tell(new ImpactRun(subject, ImpactStage.Running, 0, 0, 0));
        _ = Task.Run(() => Run(subject, id, days, terms, keep, stop), CancellationToken.None);
    }

    private async Task Run(string subject, Guid id, int days, Func<CancellationToken, Task<ComparedTerms>> terms, Func<Impact, Task<bool>> keep, CancellationTokenSource stop)
    {
        var (run, stage, watch) = (new ImpactRun(subject, ImpactStage.Running, 0, 0, 0), ImpactStage.Failed, Stopwatch.StartNew());
        using var ended = new CancellationTokenSource();
        var showing = Show(id, () => run, stop, ended.Token);
        try
        {
            run = run with { Accounts = await Accounts(stop.Token) };
            await _room.WaitAsync(stop.Token);
            try
            {
                stage = await keep(await WorkOut(await terms(stop.Token), days, progress => Report(run = run with { Done = progress.Accounts, Steps = progress.Steps }), stop.Token))
                    ? ImpactStage.Done : ImpactStage.Outdated;
            }
            finally
            {
                _room.Release();
            }
        }
        catch (OperationCanceledException)
        {
            // Somebody stopped it, or Portal shuts down: nothing was stored.
            stage = ImpactStage.Cancelled;
        }
        catch (Exception failure)
        {
            // Nobody waits for this task: what went wrong is told here or nowhere.
            log.LogError(failure, "The impact of {Subject} could not be worked out; nothing was stored", subject);
        }
        await ended.CancelAsync();
        await showing;
        _running.TryRemove(KeyValuePair.Create(subject, stop));
        stop.Dispose();
        Tell(run with { Stage = stage });

        void Report(ImpactRun now)
        {
            if (watch.Elapsed > BetweenReports)
            {
                watch.Restart();
                Tell(now);
            }
        }
    }

    private async Task<int> Accounts(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<Account>().CountAsync(cancel);
    }

    /// <summary>Writes for other instances how far it is, hears whether somebody stopped it there, and takes the row away at the end.</summary>
    private async Task Show(Guid id, Func<ImpactRun> now, CancellationTokenSource stop, CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            await OnRow(id, async mine =>
            {
                var (run, at) = (now(), clock.Now);
                if (await mine.Where(p => !p.IsStopped).ExecuteUpdateAsync(set => set
                    .SetProperty(p => p.Accounts, run.Accounts).SetProperty(p => p.Done, run.Done).SetProperty(p => p.Steps, run.Steps).SetProperty(p => p.At, at), CancellationToken.None) == 0)
                {
                    await stop.CancelAsync();
                }
            });
            await Task.Delay(BetweenRows, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await OnRow(id, mine => mine.ExecuteDeleteAsync(CancellationToken.None));
    }

    private async Task OnRow(Guid id, Func<IQueryable<ImpactProgress>, Task> act)
    {
        try
        {
            await using var db = await databases.CreateDbContextAsync(CancellationToken.None);
            await act(db.Set<ImpactProgress>().Where(p => p.Run == id));
        }
        catch (Exception away) when (away.IsDatabaseAway())
        {
            log.LogWarning(away, "How far an impact is could not be written down; the impact itself goes on");
        }
    }

    private async Task<ComparedTerms> Terms(TermsKind kind, int number, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await Terms(await db.Set<TermsVersion>().AsNoTracking().SingleAsync(v => v.Kind == kind && v.Number == number, cancel), cancel);
    }

    private async Task<ComparedTerms> Terms(TermsVersion version, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var basis = await TermsBasis.Of(db, version.Kind, version.EffectiveFrom, clock.Now, cancel);
        var (before, after) = Books(await prices.InForce(db, cancel), basis, version);
        return new ComparedTerms(before, after, version.Revision, basis.Hash);
    }

    /// <summary>Both as if they had always counted, so that nothing else differs.</summary>
    private static (PriceBook Before, PriceBook After) Books(PriceBook book, TermsBasis basis, TermsVersion version)
    {
        if (version.Kind == TermsKind.Rates)
        {
            var card = TermsFormat.RateCard(TermsSheets.Card(version.Sheet, version.Number, version.EffectiveFrom));
            return (basis.Card is null ? book : book.With(basis.Card.From(DateTimeOffset.MinValue)), book.With(card.From(DateTimeOffset.MinValue)));
        }
        return (Always(basis.Plans), Always(TermsVersions.PlansOf(version)));

        PriceBook Always(IEnumerable<PlanTerms> plans) => plans.Aggregate(book, (with, plan) => with.With(plan with { EffectiveFrom = DateTimeOffset.MinValue, KeepUntil = null }));
    }

    private void Tell(ImpactRun run)
    {
        _runs[run.Subject] = run;
        Changed?.Invoke();
    }

    /// <summary>Reports on the thread that works, in order; .NET's own would hand each to a pool.</summary>
    private sealed class Direct(Action<ReplayProgress> report) : IProgress<ReplayProgress>
    {
        public void Report(ReplayProgress value) => report(value);
    }
}
