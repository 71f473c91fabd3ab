using Ledger;

namespace Portal.Accounts;

/// <summary>Choose a plan, among those that subscribers choose themselves: an upgrade counts at once, any other from the next period.</summary>
public sealed record ChangePlan(string Account, string Plan, Actor By) : OwnerCommand<PlanOutcome>(Account, By)
{
    protected override PlanOutcome Decide(Account account, PriceBook book, DateTimeOffset now) => account.ChoosePlan(Plan, book, now, By.Id);
}

/// <summary>Cancel: extra usage goes off at once, and the account closes by itself when the period ends.</summary>
public sealed record CancelPlan(string Account, Actor By) : OwnerCommand<PlanOutcome>(Account, By)
{
    internal override bool MayLowerCap => true;

    protected override PlanOutcome Decide(Account account, PriceBook book, DateTimeOffset now) => account.CancelPlan(book, now, By.Id);
}

/// <summary>Take back a cancellation, or the choice of another plan for the next period.</summary>
public sealed record KeepPlan(string Account, Actor By) : OwnerCommand<PlanOutcome>(Account, By)
{
    protected override PlanOutcome Decide(Account account, PriceBook book, DateTimeOffset now) => account.KeepPlan(book, now, By.Id);
}
