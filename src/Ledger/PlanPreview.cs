namespace Ledger;

/// <summary>What an account's plan costs and gives it. Of a closed account: nothing.</summary>
/// <param name="Plan">The plan's key.</param>
/// <param name="IsOpen">Whether the account is open.</param>
/// <param name="Fee">Dollars a whole period.</param>
/// <param name="Credit">The credit of a whole period.</param>
/// <param name="ExtraUsageAllowed">Whether extra usage may be turned on.</param>
/// <param name="LargestCap">The largest cap that the plan allows.</param>
/// <param name="Cap">The cap in force; <c>null</c> while extra usage is off.</param>
public sealed record AccountTerms(string Plan, bool IsOpen, Money Fee, Money Credit, bool ExtraUsageAllowed, Money LargestCap, Money? Cap)
{
    /// <summary>The terms of an account as it stands.</summary>
    public static AccountTerms Of(Account account)
    {
        ArgumentNullException.ThrowIfNull(account);
        var period = account.Current;
        return account.Status == AccountStatus.Closed
            ? new(account.Plan, false, Money.Zero, Money.Zero, false, Money.Zero, null)
            : new(account.Plan, true, period.PlanFee, period.PlanCredit, period.ExtraUsageAllowed, period.LargestCap, account.ExtraUsageOn ? period.Cap : null);
    }
}

/// <summary>What a change of plan or a cancellation would do, if it were given at this instant.</summary>
/// <param name="Outcome">What would become of it.</param>
/// <param name="CountsFrom">From when it would count; <c>null</c> if it would change nothing.</param>
/// <param name="FeeNow">What the period that runs would cost more.</param>
/// <param name="CreditNow">What it would offer more.</param>
/// <param name="Before">The terms now.</param>
/// <param name="After">The terms once it counts.</param>
/// <param name="ExtraUsageOffAt">When extra usage, which is on, would go off; <c>null</c> if it would not.</param>
/// <param name="Lost">Credit that is left now, held or not, and that could no longer be used once it counts: lost unless it is used before.</param>
/// <param name="Held">Extra that open authorizations hold, and may still use.</param>
public sealed record PlanPreview(
    PlanOutcome Outcome, DateTimeOffset? CountsFrom, Money FeeNow, Money CreditNow, AccountTerms Before, AccountTerms After,
    DateTimeOffset? ExtraUsageOffAt, Money Lost, Money Held)
{
    /// <summary>How much less than was shown a proration may come to, because time has passed since.</summary>
    public static readonly Money Tolerance = new(Money.NanosPerDollar / 100);

    /// <summary>Whether it would change anything.</summary>
    public bool ChangesSomething => CountsFrom is not null || Outcome is PlanOutcome.Kept;

    /// <summary>
    /// Whether doing this now is what somebody agreed to who was shown another preview before: the same outcome from the same instant on, under the same terms before and after; no more to pay
    /// and no more lost than was shown; and what is prorated less than a cent below it. What open authorizations hold is left out: it moves with every request, and is owed under the cap either way.
    /// </summary>
    public bool IsAsShown(PlanPreview shown)
    {
        ArgumentNullException.ThrowIfNull(shown);
        return Outcome.GetType() == shown.Outcome.GetType() && (Outcome is PlanOutcome.Upgraded || CountsFrom == shown.CountsFrom)
            && Before == shown.Before && After == shown.After && ExtraUsageOffAt.HasValue == shown.ExtraUsageOffAt.HasValue
            && IsWithin(FeeNow, shown.FeeNow) && IsWithin(CreditNow, shown.CreditNow) && Lost <= shown.Lost;
    }

    private static bool IsWithin(Money now, Money shown) => now <= shown && shown - now < Tolerance;
}
