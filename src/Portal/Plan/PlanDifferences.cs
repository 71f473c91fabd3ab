using Ledger;
using Portal.Ui;

namespace Portal.Plan;

/// <summary>What is better and what is worse in a plan than in one's own, line by line.</summary>
public static class PlanDifferences
{
    public static IReadOnlyList<PlanDifference> Of(PlanTerms own, PlanTerms other)
    {
        ArgumentNullException.ThrowIfNull(own);
        ArgumentNullException.ThrowIfNull(other);
        return
        [
            .. Amount(other.MonthlyFee - own.MonthlyFee, moreIsBetter: false, "costs", "more a month", "less a month"),
            .. Amount(other.MonthlyCredit - own.MonthlyCredit, moreIsBetter: true, "gives", "more credit", "less credit"),
            .. other.ExtraUsageAllowed == own.ExtraUsageAllowed ? Array.Empty<PlanDifference>()
                : [new PlanDifference(other.ExtraUsageAllowed, other.ExtraUsageAllowed ? "allows extra usage" : "has no extra usage")],
            .. !other.ExtraUsageAllowed || !own.ExtraUsageAllowed ? Array.Empty<PlanDifference>()
                : Amount(other.LargestCap - own.LargestCap, moreIsBetter: true, "allows a cap that is", "larger", "smaller"),
        ];
    }

    private static IEnumerable<PlanDifference> Amount(Money difference, bool moreIsBetter, string verb, string more, string less)
    {
        if (!difference.IsZero)
        {
            var (isMore, size) = (difference.IsPositive, Money.Max(difference, Money.Zero - difference));
            yield return new PlanDifference(isMore == moreIsBetter, $"{verb} {Amounts.Brief(size)} {(isMore ? more : less)}");
        }
    }
}
