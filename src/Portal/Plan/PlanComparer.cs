using Ledger;
using Portal.Accounts;
using Portal.Terms;

namespace Portal.Plan;

/// <summary>How the subscriber would have had extra usage in the periods that plans are compared on.</summary>
/// <param name="ExtraUsage">When it would have been on.</param>
/// <param name="Cap">The cap, if it would always have been on.</param>
public sealed record ComparedBehaviour(ReplayedExtraUsage ExtraUsage, Money? Cap);

/// <summary>What one's own use would have come to under a plan.</summary>
/// <param name="Terms">The plan, with its terms now; each period was replayed under those of its time.</param>
/// <param name="IsOwn">Whether it is the account's plan now.</param>
/// <param name="Periods">Its whole periods, the oldest first.</param>
public sealed record ComparedPlan(PlanTerms Terms, bool IsOwn, IReadOnlyList<ReplayedPeriod> Periods)
{
    /// <summary>What all periods would have cost.</summary>
    public Money Total => Money.Sum(Periods, p => p.Total);

    /// <summary>What the cheapest period would have cost.</summary>
    public Money Least => Periods.Aggregate(Periods[0].Total, (least, p) => Money.Min(least, p.Total));

    /// <summary>What the dearest period would have cost.</summary>
    public Money Most => Periods.Aggregate(Periods[0].Total, (most, p) => Money.Max(most, p.Total));

    /// <summary>Requests that would have been refused: those that ran, and those that were refused anyway.</summary>
    public long Refused => Periods.Sum(RefusedIn);

    /// <summary>Requests that were refused and would have run; what they would have cost nobody knows.</summary>
    public long NowAllowed => Periods.Sum(p => p.Requests.NowAllowed);

    public static long RefusedIn(ReplayedPeriod period)
    {
        ArgumentNullException.ThrowIfNull(period);
        return period.Requests.Refused + period.Requests.RefusedAgain;
    }
}

/// <summary>
/// Compares plans on an account's own use: its last whole periods, replayed by the rules that charged them. All plans in one reading of the history, which comes as it is
/// read; a few at a time, because each keeps a processor busy. Nothing is written, and nothing is kept.
/// </summary>
public sealed class PlanComparer(Replays replays, Balances balances, PriceBooks prices, Clock clock) : IDisposable
{
    /// <summary>How many periods are compared, if there are that many.</summary>
    public const int Periods = 3;

    private const int AtOnce = 2;

    private readonly SemaphoreSlim _room = new(AtOnce);

    /// <summary>The account's own plan and all that subscribers choose themselves, the cheapest first; none if there is no whole period yet.</summary>
    public async Task<IReadOnlyList<ComparedPlan>> Run(string key, ComparedBehaviour behaviour, IProgress<ReplayProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(behaviour);
        await _room.WaitAsync(cancel);
        try
        {
            if (await balances.Account(key, cancel) is not { } account)
            {
                return [];
            }
            var book = await prices.InForce(cancel);
            var now = clock.Now;
            var (current, first) = (account.Current.Index, Math.Max(0, account.Current.Index - Periods));
            PlanTerms[] plans = [.. book.PlansAt(now).Where(p => p.SelfService || p.Plan == account.Plan).OrderBy(p => p.MonthlyFee).ThenBy(p => p.Plan, StringComparer.Ordinal)];
            var terms = plans.Select(p => new ReplayTerms(book) { Plan = p.Plan, Cap = behaviour.Cap, ExtraUsage = behaviour.ExtraUsage, Claims = ReplayedClaims.EveryPeriod });
            var replayed = await replays.Run(key, Period.Of(account.Anchor, first).Start, [.. terms], progress, cancel);
            return [.. plans.Zip(replayed?.Under ?? []).Select(u => new ComparedPlan(u.First, u.First.Plan == account.Plan, [.. u.Second.Where(p => p.Period.Index < current)]))
                .Where(c => c.Periods.Count > 0)];
        }
        finally
        {
            _room.Release();
        }
    }

    public void Dispose() => _room.Dispose();
}
