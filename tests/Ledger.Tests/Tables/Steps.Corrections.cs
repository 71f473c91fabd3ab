using System.Globalization;

namespace Ledger.Tests.Tables;

/// <summary>How reversals and statements read.</summary>
internal sealed partial class Steps
{
    /// <summary>A statement in a line: "fee 20 + 45 of max-20x, credit 20-19-1, extra 3 less 0.6 of fifth, refund 2.4 of #7, uncollected 1, due 64, final".</summary>
    public static string Describe(Statement statement)
    {
        var fees = string.Join(" + ", statement.Lines.Where(l => l.Plan is not null).Select(l => l.Kind == StatementLineKind.Fee ? $"{l.Amount} {l.Plan}" : $"{l.Amount} to {l.Plan}"));
        var refunds = string.Concat(statement.Lines.Where(l => l.Kind == StatementLineKind.Refund).Select(l => $", refund {Money.Zero - l.Amount} for #{l.Charge} of {Day(l.At)}"));
        var discounts = string.Concat(statement.Discounts.Select(d => $" less {d.Discount} {d.Promotion}"));
        return $"{(fees.Length == 0 ? "no fee" : $"fee {fees}")}, credit {statement.Credit.Granted}-{statement.Credit.Used}-{statement.Credit.Expired}"
            + (statement.ExtraUsed.IsZero ? "" : $", extra {statement.ExtraUsed}{discounts}")
            + refunds + (statement.Uncollected.IsZero ? "" : $", uncollected {statement.Uncollected}")
            + string.Create(CultureInfo.InvariantCulture, $", due {statement.TotalDue}{(statement.IsFinal ? ", final" : "")}");
    }

    private static string Tell(ReversalOutcome outcome) => outcome switch
    {
        ReversalOutcome.Reversed(_, var went) => "reversed " + string.Join(" + ", new[]
        {
            (went.Credit, "credit"), (went.Goodwill?.Amount ?? Money.Zero, "goodwill"), (went.Extra, "extra"), (went.Refunded, $"refunded as {went.Refund}"), (went.Uncollected, "uncollected"),
        }.Where(p => p.Item1.IsPositive).Select(p => $"{p.Item1} {p.Item2}")),
        ReversalOutcome.AlreadyReversed(var earlier) => $"already reversed {Day(earlier.At)}",
        ReversalOutcome.NothingToReverse => "nothing to reverse",
        ReversalOutcome.ReasonMissing => "reason missing",
        ReversalOutcome.ExpiryNeeded(var amount) => $"expiry needed for {amount}",
        ReversalOutcome.ExpiryHasPassed(var amount) => $"expiry has passed for {amount}",
        _ => throw new InvalidOperationException(),
    };
}
