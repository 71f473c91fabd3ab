namespace Ledger;

/// <summary>Credit that was granted, used and lost.</summary>
/// <param name="Granted">What was given, adjustments included.</param>
/// <param name="Used">What charges and reallocations used, less what corrections gave back.</param>
/// <param name="Expired">What was lost.</param>
public readonly record struct CreditFigures(Money Granted, Money Used, Money Expired)
{
    /// <summary>
    /// With one more entry that moves credit. What a final period had used stays used there, so what a later correction gives back of it counts as
    /// granted; and what of that is lost at once, because its grant's time has passed, was not granted.
    /// </summary>
    /// <param name="kind">The entry's kind.</param>
    /// <param name="amount">Its amount.</param>
    /// <param name="isLate">Whether it corrects a charge of a final period.</param>
    public CreditFigures With(EntryKind kind, Money amount, bool isLate) => (kind, isLate) switch
    {
        (EntryKind.Grant or EntryKind.Adjustment, _) => this with { Granted = Granted + amount },
        (EntryKind.Charge or EntryKind.Reallocation, _) => this with { Used = Used + amount },
        (EntryKind.Expiry, false) => this with { Expired = Expired + amount },
        (EntryKind.Reversal, false) => this with { Used = Used - amount },
        (EntryKind.Reversal, true) => this with { Granted = Granted + amount },
        (EntryKind.Expiry, true) => this with { Granted = Granted - amount },
        _ => throw new InvalidOperationException($"Entries of kind {kind} move no credit."),
    };
}

/// <summary>A part of a period's plan fee: the plan's fee, prorated in a period that began closed, or the prorated difference of an upgrade.</summary>
/// <param name="At">From when it counts.</param>
/// <param name="Plan">The plan.</param>
/// <param name="Amount">Dollars.</param>
public sealed record FeeLine(DateTimeOffset At, string Plan, Money Amount);

/// <summary>
/// What the reversal of a final period's charge came to. That period stays as it is; this stands in the period in which the charge was reversed, and
/// says what of the final one cannot come back a second time.
/// </summary>
/// <param name="Charge">The charge's number.</param>
/// <param name="Period">The index of its period.</param>
/// <param name="PeriodStart">The first instant of its period.</param>
/// <param name="At">When it was reversed.</param>
/// <param name="Refund">What it changed in what its period owed.</param>
/// <param name="Extra">The extra of its period that is refunded, by the promotion under which it stood.</param>
/// <param name="Credit">What came back of its period's reallocations.</param>
public sealed record LateCorrection(
    long Charge, int Period, DateTimeOffset PeriodStart, DateTimeOffset At, Money Refund, IReadOnlyList<DiscountedExtra> Extra, IReadOnlyList<MovedCredit> Credit);

/// <summary>What a line of a statement is for.</summary>
public enum StatementLineKind
{
    /// <summary>The plan's fee.</summary>
    Fee,

    /// <summary>The prorated difference of fee of an upgrade.</summary>
    Upgrade,

    /// <summary>Extra usage less its discounts.</summary>
    ExtraUsage,

    /// <summary>Extra usage of an earlier period whose charge was reversed since; its amount is negative.</summary>
    Refund,
}

/// <summary>A line of a statement.</summary>
/// <param name="Kind">What it is for.</param>
/// <param name="At">From when it counts; for a refund, the start of the period that owed it.</param>
/// <param name="Amount">What is due for it.</param>
/// <param name="Plan">The plan, for a fee.</param>
/// <param name="Charge">The number of the reversed charge, for a refund.</param>
public sealed record StatementLine(StatementLineKind Kind, DateTimeOffset At, Money Amount, string? Plan = null, long? Charge = null);

/// <summary>What a period came to: final once the period has ended and its last hold has too, and the same from then on, whatever happens.</summary>
/// <param name="Period">The period.</param>
/// <param name="Plan">The plan at its end, or now.</param>
/// <param name="PlanFee">The plan's fee, with the proration of upgrades.</param>
/// <param name="Lines">What is due, line by line: they sum to <see cref="TotalDue"/>.</param>
/// <param name="Credit">Credit that was granted, used and lost.</param>
/// <param name="ExtraUsed">Extra usage at API rates.</param>
/// <param name="Discounts">The extra under each promotion, with what it takes off.</param>
/// <param name="ExtraOwed">Extra usage less its discounts.</param>
/// <param name="Uncollected">What nobody paid and nobody owes.</param>
/// <param name="IsFinal">Whether it can change no more.</param>
/// <remarks>Source: docs/rules.md, "Statements".</remarks>
public sealed record Statement(
    Period Period, string Plan, Money PlanFee, IReadOnlyList<StatementLine> Lines, CreditFigures Credit,
    Money ExtraUsed, IReadOnlyList<DiscountedExtra> Discounts, Money ExtraOwed, Money Uncollected, bool IsFinal)
{
    /// <summary>Fee and extra usage less refunds. It is negative if more is refunded than falls due.</summary>
    public Money TotalDue => Money.Sum(Lines, l => l.Amount);

    /// <summary>What of earlier periods is refunded.</summary>
    public Money Refunds => Money.Zero - Money.Sum(Lines.Where(l => l.Kind == StatementLineKind.Refund), l => l.Amount);

    /// <summary>The statement of a period as it stands.</summary>
    public static Statement Of(AccountPeriod period)
    {
        ArgumentNullException.ThrowIfNull(period);
        StatementLine[] lines =
        [
            .. period.FeeLines.Select((fee, i) => new StatementLine(i == 0 ? StatementLineKind.Fee : StatementLineKind.Upgrade, fee.At, fee.Amount, fee.Plan)),
            .. period.ExtraUsed.IsPositive ? [new StatementLine(StatementLineKind.ExtraUsage, period.Start, period.Owed)] : Array.Empty<StatementLine>(),
            .. period.LateCorrections.Where(c => c.Extra.Count > 0)
                .Select(c => new StatementLine(StatementLineKind.Refund, c.PeriodStart, Money.Zero - c.Refund, Charge: c.Charge)),
        ];
        var statement = new Statement(
            new Period(period.Index, period.Start, period.End), period.Plan, period.Fee, lines,
            new CreditFigures(period.CreditGranted, period.CreditUsed, period.CreditExpired),
            period.ExtraUsed, [.. period.ExtraByPromotion.Where(e => e.Promotion is not null).OrderBy(e => e.Promotion, StringComparer.Ordinal)],
            period.Owed, period.Uncollected, period.IsFinal);
        Invariant.Holds(statement.TotalDue == period.Fee + period.Owed - Money.Sum(period.LateCorrections, c => c.Refund), "a statement's lines are what is due");
        return statement;
    }
}
