using Ledger;
using Portal.Accounts;

namespace Portal.Plan;

/// <summary>What is better or worse in another plan than in one's own; <c>null</c>: neither.</summary>
public sealed record PlanDifference(bool? IsBetter, string Text);

/// <summary>A plan as it stands beside the others.</summary>
/// <param name="Terms">Its terms now; of one's own, those that count in the period that runs.</param>
/// <param name="IsOwn">Whether it is the account's.</param>
/// <param name="CountsAtOnce">Whether choosing it is an upgrade, which counts at once; else it counts from the next period.</param>
/// <param name="Coming">Its new terms, if any are scheduled.</param>
/// <param name="Differences">What is better and worse in it than in one's own.</param>
public sealed record PlanOption(PlanTerms Terms, bool IsOwn, bool CountsAtOnce, ComingTerms? Coming, IReadOnlyList<PlanDifference> Differences);

/// <summary>What the plan's page shows.</summary>
/// <param name="Account">The account's key.</param>
/// <param name="AsOf">The instant that it is true for.</param>
/// <param name="Period">The period that runs.</param>
/// <param name="IsClosed">Whether the account is closed.</param>
/// <param name="Since">Since when the account has its plan.</param>
/// <param name="Next">The plan from the next period on, if another was chosen.</param>
/// <param name="ClosesAt">When the account closes by itself; <c>null</c> unless its owner cancelled.</param>
/// <param name="Options">The plans side by side, the cheapest first: those that subscribers choose themselves, and one's own.</param>
/// <param name="Cap">The subscriber's cap, kept while extra usage is off.</param>
/// <param name="Programme">Where the credit programme stands.</param>
/// <param name="PeriodsToCompare">How many whole periods there are to compare plans on.</param>
public sealed record PlanFigures(
    string Account, DateTimeOffset AsOf, Period Period, bool IsClosed, DateTimeOffset Since, PlanTerms? Next, DateTimeOffset? ClosesAt,
    IReadOnlyList<PlanOption> Options, Money? Cap, ProgrammeState Programme, int PeriodsToCompare) : AccountFigures(Account, AsOf)
{
    /// <summary>The account's plan.</summary>
    public PlanOption Own => Options.First(o => o.IsOwn);

    /// <summary>Whether something was chosen for the next period that can be taken back.</summary>
    public bool CanKeep => !IsClosed && (Next is not null || ClosesAt is not null);
}
