using System.Runtime.CompilerServices;
using Ledger;

namespace Portal.Accounts;

/// <summary>How far a replay is.</summary>
/// <param name="Accounts">How many accounts are done.</param>
/// <param name="Steps">How many steps of their history were taken.</param>
public readonly record struct ReplayProgress(int Accounts, long Steps);

/// <summary>What an account's periods would have come to, under each of the terms that were asked about, in their order.</summary>
public sealed record ReplayedAccount(string Account, IReadOnlyList<IReadOnlyList<ReplayedPeriod>> Under);

/// <summary>
/// Replays what really happened under other terms: one reading of the history for all the terms that are compared. To say what a change of terms does, compare with a replay under the
/// present ones, not with what is stored: then what a history does not tell cancels out. Nothing is written.
/// </summary>
public sealed class Replays(ReplaySteps steps, Clock clock)
{
    private const int StepsPerReport = 1_000;

    /// <summary>One account, from the beginning of the period that contains an instant until now; <c>null</c> if there is no such account.</summary>
    public async Task<ReplayedAccount?> Run(string account, DateTimeOffset from, IReadOnlyList<ReplayTerms> terms, IProgress<ReplayProgress>? progress = null, CancellationToken cancel = default)
    {
        var now = clock.Now;
        await foreach (var replayed in Run(steps.Of(account, from, now, cancel), now, terms, progress, cancel))
        {
            return replayed;
        }
        return null;
    }

    /// <summary>All accounts, one after another, each from the beginning of its own period that contains an instant until now.</summary>
    public IAsyncEnumerable<ReplayedAccount> RunAll(DateTimeOffset from, IReadOnlyList<ReplayTerms> terms, IProgress<ReplayProgress>? progress = null, CancellationToken cancel = default)
    {
        var now = clock.Now;
        return Run(steps.OfAll(from, now, cancel), now, terms, progress, cancel);
    }

    private static async IAsyncEnumerable<ReplayedAccount> Run(
        IAsyncEnumerable<ReplayStep> steps, DateTimeOffset until, IReadOnlyList<ReplayTerms> terms, IProgress<ReplayProgress>? progress, [EnumeratorCancellation] CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(terms);
        var done = new ReplayProgress();
        var account = "";
        Replay[] replays = [];
        await foreach (var step in steps.WithCancellation(cancel))
        {
            // Rows that were read ahead come without asking whether anybody still waits for them.
            cancel.ThrowIfCancellationRequested();
            if (step is ReplayStep.Began began)
            {
                if (replays.Length > 0)
                {
                    yield return End();
                }
                (account, replays) = (began.Account, [.. terms.Select(t => new Replay(t))]);
            }
            foreach (var replay in replays)
            {
                replay.Take(step);
            }
            done = done with { Steps = done.Steps + 1 };
            if (done.Steps % StepsPerReport == 0)
            {
                progress?.Report(done);
            }
        }
        if (replays.Length > 0)
        {
            yield return End();
        }

        ReplayedAccount End()
        {
            done = done with { Accounts = done.Accounts + 1 };
            progress?.Report(done);
            return new ReplayedAccount(account, [.. replays.Select(r => r.End(until))]);
        }
    }
}
