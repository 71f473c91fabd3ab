using Ledger;

namespace Portal.Accounts;

/// <summary>An account as it was at one moment. The account itself belongs to the door, and goes on while somebody is still answered.</summary>
/// <param name="Key">The provider's key of it.</param>
/// <param name="Owner">Its owner's id.</param>
/// <param name="Plan">Its plan's key.</param>
/// <param name="NextPlan">The plan from the next period on, if another was chosen.</param>
/// <param name="ClosesAt">When it closes by itself, if its owner cancelled.</param>
/// <param name="Anchor">Where its periods are counted from.</param>
/// <param name="Status">Whether it is open.</param>
/// <param name="PeriodStart">When its period began.</param>
/// <param name="PeriodEnd">When its period ends.</param>
public sealed record AccountSummary(
    string Key, string Owner, string Plan, string? NextPlan, DateTimeOffset? ClosesAt, DateTimeOffset Anchor, AccountStatus Status, DateTimeOffset PeriodStart, DateTimeOffset PeriodEnd)
{
    public static AccountSummary Of(Account account)
    {
        ArgumentNullException.ThrowIfNull(account);
        var period = account.Current;
        return new(account.Key, account.Owner, account.Plan, account.NextPlan, account.IsCancelled ? period.End : null, account.Anchor, account.Status, period.Start, period.End);
    }
}
