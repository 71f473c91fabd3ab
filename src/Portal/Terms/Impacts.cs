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

    /// <summary>The version was changed meanwhile; it was thrown away.</summary>
    Outdated,

    /// <summary>It failed; the log says why.</summary>
    Failed,
}

/// <summary>A working-out of an impact.</summary>
public sealed record ImpactRun(TermsKind Kind, int Number, int Revision, ImpactStage Stage, int Accounts, int Done, long Steps);

/// <summary>
/// Works out what versions would have done to real usage: in the background, one at a time because it keeps a processor busy, account by account as their histories are read. Whoever started it may leave the page.
/// </summary>
public sealed class Impacts(
    TermsVersions versions, Replays replays, PriceBooks prices, IDbContextFactory<PortalDb> databases, Clock clock, IHostApplicationLifetime lifetime, ILogger<Impacts> log) : IDisposable
{
    /// <summary>How far back it may look.</summary>
    public const int MostDays = 365;

    private static readonly TimeSpan BetweenReports = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<(TermsKind, int), ImpactRun> _runs = [];
    private readonly ConcurrentDictionary<(TermsKind, int), CancellationTokenSource> _running = [];
    private readonly SemaphoreSlim _room = new(1);

    /// <summary>Something moved.</summary>
    public event Action? Changed;

    /// <summary>The last one of a version on this instance.</summary>
    public ImpactRun? Of(TermsKind kind, int number) => _runs.GetValueOrDefault((kind, number));

    /// <summary>Begins, if nobody else did.</summary>
    /// <exception cref="NotAllowedException">The actor is no administrator, or no longer.</exception>
    public async Task<TermsOutcome> Start(TermsKind kind, int number, int revision, int days, Actor by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(days, MostDays);
        var outcome = await versions.StartImpact(kind, number, revision, by);
        if (outcome is TermsOutcome.Started)
        {
            var stop = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
            if (_running.TryAdd((kind, number), stop))
            {
                Tell(new ImpactRun(kind, number, revision, ImpactStage.Running, 0, 0, 0));
                _ = Task.Run(() => Run(kind, number, revision, days, by, stop), CancellationToken.None);
            }
            else
            {
                stop.Dispose();
            }
        }
        return outcome;
    }

    /// <summary>Stops one that runs on this instance. It changes nothing, so whoever sees it may.</summary>
    public void Cancel(TermsKind kind, int number)
    {
        if (_running.TryGetValue((kind, number), out var stop))
        {
            stop.Cancel();
        }
    }

    /// <summary>Works it out and answers it, storing nothing. For benchmarks too.</summary>
    internal async Task<Impact> WorkOut(TermsVersion version, int days, Action<ReplayProgress>? progress, CancellationToken cancel)
    {
        var (basis, book) = await Terms(version, cancel);
        var (before, after) = Books(book, basis, version);
        var until = clock.Now;
        var (from, watch, sums, last) = (until.AddDays(-days), Stopwatch.StartNew(), new ImpactSums(), default(ReplayProgress));
        await foreach (var account in replays.RunAll(from, [new ReplayTerms(before), new ReplayTerms(after)], new Direct(p => progress?.Invoke(last = p)), cancel))
        {
            sums.Add(account.Account, account.Under[0], account.Under[1]);
        }
        return sums.Sum(version.Revision, basis.Hash, days, from, until, last.Steps, watch.Elapsed);
    }

    public void Dispose() => _room.Dispose();

    private async Task Run(TermsKind kind, int number, int revision, int days, Actor by, CancellationTokenSource stop)
    {
        var run = new ImpactRun(kind, number, revision, ImpactStage.Running, 0, 0, 0);
        try
        {
            await _room.WaitAsync(stop.Token);
            try
            {
                var watch = Stopwatch.StartNew();
                await using var db = await databases.CreateDbContextAsync(stop.Token);
                var version = await db.Set<TermsVersion>().AsNoTracking().SingleAsync(v => v.Kind == kind && v.Number == number, stop.Token);
                run = run with { Accounts = await db.Set<Account>().CountAsync(stop.Token) };
                var impact = await WorkOut(version, days, progress =>
                {
                    run = run with { Done = progress.Accounts, Steps = progress.Steps };
                    if (watch.Elapsed > BetweenReports)
                    {
                        watch.Restart();
                        Tell(run);
                    }
                }, stop.Token);
                var kept = await versions.Keep(kind, number, impact with { Revision = revision }, by);
                End(run with { Stage = kept is TermsOutcome.Saved && version.Revision == revision ? ImpactStage.Done : ImpactStage.Outdated });
            }
            finally
            {
                _room.Release();
            }
        }
        catch (OperationCanceledException)
        {
            // Somebody stopped it, or Portal shuts down: nothing was stored.
            End(run with { Stage = ImpactStage.Cancelled });
        }
        catch (Exception failure)
        {
            // Nobody waits for this task: what went wrong is told here or nowhere.
            log.LogError(failure, "The impact of {Kind} version {Number} could not be worked out; nothing was stored", kind, number);
            End(run with { Stage = ImpactStage.Failed });
        }

        void End(ImpactRun ended)
        {
            _running.TryRemove((kind, number), out _);
            stop.Dispose();
            Tell(ended);
        }
    }

    private async Task<(TermsBasis Basis, PriceBook Book)> Terms(TermsVersion version, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return (await TermsBasis.Of(db, version.Kind, version.EffectiveFrom, clock.Now, cancel), await prices.InForce(db, cancel));
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
        _runs[(run.Kind, run.Number)] = run;
        Changed?.Invoke();
    }

    /// <summary>Reports on the thread that works, in order; .NET's own would hand each to a pool.</summary>
    private sealed class Direct(Action<ReplayProgress> report) : IProgress<ReplayProgress>
    {
        public void Report(ReplayProgress value) => report(value);
    }
}
