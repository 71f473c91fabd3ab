namespace Ledger;

/// <summary>
/// A preview is the decision itself, on a copy of the account that lives on until the decision counts. So it cannot promise
/// anything else than what then happens. See docs/rules.md, "Plans".
/// </summary>
public sealed partial class Account
{
    /// <summary>What would happen if the subscriber chose a plan. This account stays as it is.</summary>
    public PlanPreview PreviewPlan(string plan, PriceBook book, DateTimeOffset now) => Preview(copy => copy.ChoosePlan(plan, book, now, Owner), book, now);

    /// <summary>What would happen if the subscriber cancelled. This account stays as it is.</summary>
    public PlanPreview PreviewCancellation(PriceBook book, DateTimeOffset now) => Preview(copy => copy.CancelPlan(book, now, Owner), book, now);

    private PlanPreview Preview(Func<Account, PlanOutcome> decision, PriceBook book, DateTimeOffset now)
    {
        var copy = Copy();
        now = copy.AdvanceTo(now, book);
        var (before, wasOn, fee, credit) = (AccountTerms.Of(copy), copy.ExtraUsageOn, copy.Current.Fee, copy.Current.Credit);
        var outcome = decision(copy);
        DateTimeOffset? countsFrom = outcome switch
        {
            PlanOutcome.Upgraded => now,
            PlanOutcome.FromNextPeriod(var at) => at,
            PlanOutcome.Cancelled(var at, _) => at,
            _ => null,
        };
        var (feeNow, creditNow, held, isOffAtOnce) = (copy.Current.Fee - fee, copy.Current.Credit - credit, copy.StillHeld, wasOn && !copy.ExtraUsageOn);
        var (left, lastGrant) = (copy.CreditLeft, copy.LastGrant);
        copy.AdvanceTo(countsFrom ?? now, book);
        var usable = copy.Status == AccountStatus.Closed ? Money.Zero : Money.Sum(copy.Grants.Where(g => g.Number <= lastGrant && g.CanPayFor(copy.LastAt)), g => g.Left);
        return new PlanPreview(
            outcome, countsFrom, feeNow, creditNow, before, AccountTerms.Of(copy),
            isOffAtOnce ? now : wasOn && !copy.ExtraUsageOn ? countsFrom : null,
            countsFrom > now ? left - usable : Money.Zero, held);
    }
}
