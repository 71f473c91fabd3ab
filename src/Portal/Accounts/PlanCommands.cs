using Ledger;

namespace Portal.Accounts;

/// <summary>
/// What the owner decides about the plan. Whoever was shown a preview sends it along, and nothing is done that is worse or other than that: another tab may have
/// changed the account since, the terms may have changed, or so much time has passed that the proration reads differently. A repeat of what was done changes nothing.
/// </summary>
public abstract record PlanCommand(string Account, Actor By) : OwnerCommand<PlanOutcome>(Account, By)
{
    /// <summary>What the owner was shown and agreed to; <c>null</c> if nobody was shown anything.</summary>
    public PlanPreview? Shown { get; init; }

    protected sealed override PlanOutcome Decide(Account account, PriceBook book, DateTimeOffset now)
    {
        now = account.AdvanceTo(now, book);
        if (Shown is { } shown && Preview(account, book, now) is { ChangesSomething: true } preview && !preview.IsAsShown(shown))
        {
            return new PlanOutcome.NotAsShown(preview);
        }
        return DecideAsShown(account, book, now);
    }

    protected abstract PlanPreview Preview(Account account, PriceBook book, DateTimeOffset now);

    protected abstract PlanOutcome DecideAsShown(Account account, PriceBook book, DateTimeOffset now);
}

/// <summary>Choose a plan, among those that subscribers choose themselves: an upgrade counts at once, any other from the next period.</summary>
public sealed record ChangePlan(string Account, string Plan, Actor By) : PlanCommand(Account, By)
{
    protected override PlanPreview Preview(Account account, PriceBook book, DateTimeOffset now) => account.PreviewPlan(Plan, book, now);

    protected override PlanOutcome DecideAsShown(Account account, PriceBook book, DateTimeOffset now) => account.ChoosePlan(Plan, book, now, By.Id);
}

/// <summary>Cancel: extra usage goes off at once, and the account closes by itself when the period ends.</summary>
public sealed record CancelPlan(string Account, Actor By) : PlanCommand(Account, By)
{
    internal override bool MayLowerCap => true;

    protected override PlanPreview Preview(Account account, PriceBook book, DateTimeOffset now) => account.PreviewCancellation(book, now);

    protected override PlanOutcome DecideAsShown(Account account, PriceBook book, DateTimeOffset now) => account.CancelPlan(book, now, By.Id);
}

/// <summary>Take back a cancellation, or the choice of another plan for the next period.</summary>
public sealed record KeepPlan(string Account, Actor By) : PlanCommand(Account, By)
{
    protected override PlanPreview Preview(Account account, PriceBook book, DateTimeOffset now) => account.PreviewPlan(account.Plan, book, now);

    protected override PlanOutcome DecideAsShown(Account account, PriceBook book, DateTimeOffset now) => account.KeepPlan(book, now, By.Id);
}
