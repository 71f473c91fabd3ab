namespace Ledger;

/// <summary>
/// An upgrade lowers none of fee, credit and largest cap and counts at once: the period stays, and the differences of fee and of
/// credit are both prorated by the time left. Every other change counts from the next period.
/// See docs/rules.md, "Plans".
/// </summary>
public sealed partial class Account
{
    /// <summary>Changes the plan. The price book has the plan; who may choose it is the door's to check.</summary>
    public PlanOutcome ChangePlan(string plan, PriceBook book, DateTimeOffset now, string actor)
    {
        now = AdvanceTo(now, book);
        if ((NextPlan ?? Plan) == plan)
        {
            return new PlanOutcome.Unchanged();
        }
        var terms = book.PlanAt(plan, now);
        if (plan != Plan && IsUpgrade(terms))
        {
            return Upgrade(terms, book, now, actor);
        }
        NextPlan = plan == Plan ? null : plan;
        Record(AccountChangeKind.NextPlan, now, actor);
        Finish(book, now);
        return new PlanOutcome.FromNextPeriod(Current.End);
    }

    private bool IsUpgrade(PlanTerms terms) =>
        terms.MonthlyFee >= Current.PlanFee && terms.MonthlyCredit >= Current.PlanCredit && terms.LargestCap >= Current.LargestCap
        && (terms.ExtraUsageAllowed || !Current.ExtraUsageAllowed);

    private PlanOutcome.Upgraded Upgrade(PlanTerms terms, PriceBook book, DateTimeOffset now, string actor)
    {
        var (fee, credit) = Current.Upgrade(terms, now);
        (Plan, NextPlan) = (terms.Plan, null);
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
}
