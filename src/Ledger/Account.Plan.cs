namespace Ledger;

/// <summary>
/// An upgrade lowers none of fee, credit and largest cap and counts at once: the period stays, and the differences of fee and of
/// credit are both prorated by the time left. Every other change, and a cancellation, counts from the next period; of what was chosen
/// for it the last choice counts. A closed account's later periods have neither fee nor credit.
/// See docs/rules.md, "Plans".
/// </summary>
public sealed partial class Account
{
    /// <summary>The subscriber chooses a plan, among those that are marked for it. The present plan is always theirs to keep.</summary>
    public PlanOutcome ChoosePlan(string plan, PriceBook book, DateTimeOffset now, string actor)
    {
        now = AdvanceTo(now, book);
        return Status == AccountStatus.Closed ? new PlanOutcome.AccountClosed()
            : plan == Plan ? KeepPlan(book, now, actor)
            : !book.HasPlan(plan, now) ? new PlanOutcome.UnknownPlan(plan)
            : !book.PlanAt(plan, now).SelfService ? new PlanOutcome.NotForSubscribers(plan)
            : ChangePlan(plan, book, now, actor);
    }

    /// <summary>Changes the plan, to any that the price book has; who may is the door's to check. For a closed account it only says what counts when it is opened again.</summary>
    public PlanOutcome ChangePlan(string plan, PriceBook book, DateTimeOffset now, string actor)
    {
        now = AdvanceTo(now, book);
        var terms = book.PlanAt(plan, now);
        if (plan != Plan && Status == AccountStatus.Open && IsUpgrade(terms))
        {
            return Upgrade(terms, book, now, actor);
        }
        if ((NextPlan ?? Plan) == plan && !IsCancelled)
        {
            return new PlanOutcome.Unchanged();
        }
        ChooseForNextPeriod(plan == Plan ? null : plan, isCancelled: false);
        Record(AccountChangeKind.NextPlan, now, actor);
        Finish(book, now);
        return new PlanOutcome.FromNextPeriod(Current.End);
    }

    /// <summary>The subscriber cancels: extra usage goes off at once, credit stays usable until the period ends, and then the account closes by itself.</summary>
    public PlanOutcome CancelPlan(PriceBook book, DateTimeOffset now, string actor)
    {
        now = AdvanceTo(now, book);
        if (Status == AccountStatus.Closed)
        {
            return new PlanOutcome.AccountClosed();
        }
        if (IsCancelled)
        {
            return new PlanOutcome.Unchanged();
        }
        SwitchExtraUsageOff(now, actor);
        ChooseForNextPeriod(null, isCancelled: true);
        Record(AccountChangeKind.Cancelled, now, actor);
        Finish(book, now);
        return new PlanOutcome.Cancelled(Current.End, StillHeld);
    }

    /// <summary>Takes back a cancellation, or the choice of another plan for the next period. Extra usage stays as it is: off, after a cancellation.</summary>
    public PlanOutcome KeepPlan(PriceBook book, DateTimeOffset now, string actor)
    {
        now = AdvanceTo(now, book);
        if (Status == AccountStatus.Closed)
        {
            return new PlanOutcome.AccountClosed();
        }
        if (!IsCancelled && NextPlan is null)
        {
            return new PlanOutcome.Unchanged();
        }
        ChooseForNextPeriod(null, isCancelled: false);
        Record(AccountChangeKind.NextPlan, now, actor);
        Finish(book, now);
        return new PlanOutcome.Kept();
    }

    /// <summary>Closes the account: extra usage goes off, requests are refused; what is held may still settle. The period keeps its fee. Closing twice changes nothing.</summary>
    public void Close(PriceBook book, DateTimeOffset now, string actor)
    {
        now = AdvanceTo(now, book);
        if (Status == AccountStatus.Open)
        {
            BecomeClosed(now, actor);
            Finish(book, now);
        }
    }

    /// <summary>
    /// Opens a closed account again; extra usage stays off until its owner turns it on. A period that began closed gets the fee and the credit of the time
    /// left; one that began open has them already. A plan that was chosen meanwhile counts as if it were chosen now.
    /// </summary>
    public void Reopen(PriceBook book, DateTimeOffset now, string actor)
    {
        now = AdvanceTo(now, book);
        if (Status == AccountStatus.Open)
        {
            return;
        }
        Status = AccountStatus.Open;
        var planChanges = Current.IsDormant && TakeNextPlan();
        if (Current.IsDormant)
        {
            var terms = planChanges ? book.PlanAt(Plan, now) : Pinned(book) ?? book.PlanAt(Plan, now);
            Current.Upgrade(terms, now);
            Adopt(terms);
        }
        Record(AccountChangeKind.Reopened, now, actor);
        if (planChanges)
        {
            Record(AccountChangeKind.Plan, now, actor);
        }
        if (NextPlan is { } next && book.PlanAt(next, now) is var higher && IsUpgrade(higher))
        {
            Upgrade(higher, book, now, actor);
        }
        Finish(book, now);
    }

    private bool IsUpgrade(PlanTerms terms) =>
        terms.MonthlyFee >= Current.PlanFee && terms.MonthlyCredit >= Current.PlanCredit && terms.LargestCap >= Current.LargestCap
        && (terms.ExtraUsageAllowed || !Current.ExtraUsageAllowed);

    private PlanOutcome.Upgraded Upgrade(PlanTerms terms, PriceBook book, DateTimeOffset now, string actor)
    {
        var (fee, credit) = Current.Upgrade(terms, now);
        (Plan, PinnedTo) = (terms.Plan, null);
        Adopt(terms);
        ChooseForNextPeriod(null, isCancelled: false);
        if (Current.MonthlyGrant is { } number && credit.IsPositive)
        {
            GrantOf(number).Enlarge(credit);
            Write(now, EntryKind.Adjustment, EntryPool.Credit, credit, Current, new EntryDetail { Grant = number, Actor = actor, Reason = "upgrade" });
        }
        LimitExtraUsageToPlan(now);
        Record(AccountChangeKind.Plan, now, actor);
        Finish(book, now);
        return new PlanOutcome.Upgraded(fee, credit);
    }

    private void ChooseForNextPeriod(string? plan, bool isCancelled) => (NextPlan, IsCancelled) = (plan, isCancelled);

    /// <summary>The plan that was chosen for later counts from now on. Returns whether that is another one.</summary>
    private bool TakeNextPlan()
    {
        var changes = NextPlan is not null && NextPlan != Plan;
        (Plan, NextPlan, PinnedTo) = (NextPlan ?? Plan, null, changes ? null : PinnedTo);
        return changes;
    }

    private void BecomeClosed(DateTimeOffset at, string actor)
    {
        if (Status == AccountStatus.Closed)
        {
            return;
        }
        SwitchExtraUsageOff(at, actor);
        (Status, IsCancelled) = (AccountStatus.Closed, false);
        Record(AccountChangeKind.Closed, at, actor);
    }
}
