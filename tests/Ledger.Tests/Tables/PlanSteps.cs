namespace Ledger.Tests.Tables;

/// <summary>How what becomes of plans reads in a table.</summary>
internal sealed partial class Steps
{
    private static string Tell(PlanOutcome outcome) => outcome switch
    {
        PlanOutcome.Upgraded(var fee, var credit) => $"upgraded, fee {fee}, credit {credit}",
        PlanOutcome.FromNextPeriod(var at) => $"from {Day(at)}",
        PlanOutcome.Cancelled(var at, var held) => $"closes {Day(at)}" + (held.IsZero ? "" : $", {held} held"),
        PlanOutcome.Kept => "kept",
        PlanOutcome.UnknownPlan(var plan) => $"unknown plan {plan}",
        PlanOutcome.NotForSubscribers(var plan) => $"{plan} is not self-service",
        PlanOutcome.AccountClosed => "account closed",
        _ => "unchanged",
    };

    private static string Tell(PinOutcome outcome) => outcome switch
    {
        PinOutcome.FromNextPeriod(var at) => $"from {Day(at)}",
        PinOutcome.UnknownTerms => "unknown terms",
        _ => "unchanged",
    };

    private static string Tell(PlanTerms terms) => $"fee {terms.MonthlyFee}, credit {terms.MonthlyCredit} of {Day(terms.EffectiveFrom)}";

    private static string Tell(PlanPreview preview)
    {
        var (before, after) = (preview.Before, preview.After);
        var parts = new List<string>();
        if (preview.Outcome is not PlanOutcome.FromNextPeriod)
        {
            parts.Add(Tell(preview.Outcome));
        }
        if (preview.CountsFrom is { } from)
        {
            parts.Add($"from {Day(from)}");
            parts.Add($"fee {before.Fee} to {after.Fee}, credit {before.Credit} to {after.Credit}" + (before.Cap is null ? "" : $", cap {before.Cap} to {(after.Cap is { } cap ? $"{cap}" : "none")} of {after.LargestCap}"));
            Assert.Equal(preview.Outcome is PlanOutcome.Upgraded(var fee, var credit) ? (fee, credit) : default, (preview.FeeNow, preview.CreditNow));
        }
        else
        {
            Assert.Equal((before, Money.Zero, Money.Zero, Money.Zero), (after, preview.FeeNow, preview.CreditNow, preview.Lost));
        }
        parts.AddRange(preview.ExtraUsageOffAt is { } off ? [$"extra off {Day(off)}"] : []);
        parts.AddRange(preview.Lost.IsPositive ? [$"lost {preview.Lost}"] : []);
        parts.AddRange(preview.Held.IsPositive ? [$"held {preview.Held}"] : []);
        return string.Join("; ", parts);
    }
}
