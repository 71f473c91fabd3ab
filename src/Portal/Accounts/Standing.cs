using Ledger;

namespace Portal.Accounts;

/// <summary>What the sentence about an account's balance needs: the subscriber reads it on the overview, and support reads the very same.</summary>
/// <param name="Balance">How much is left, until when, and what happens next.</param>
/// <param name="Plan">The plan's name.</param>
/// <param name="ExtraAllowed">Whether the plan has extra usage.</param>
/// <param name="HasOtherCredit">Whether credit other than the monthly one is there.</param>
/// <param name="LostFirst">What of the credit is lost first, at the credit's expiry.</param>
/// <param name="Programme">The programme's terms now.</param>
/// <param name="ActiveFrom">When the programme becomes active, if that is scheduled.</param>
/// <param name="DailyCap">The subscriber's cap for a UTC day.</param>
public sealed record Standing(
    Balance Balance, string Plan, bool ExtraAllowed, bool HasOtherCredit, Money LostFirst, ProgrammePhase Programme, DateTimeOffset? ActiveFrom, Money? DailyCap)
{
    /// <summary>How an account stands, on a copy of it that is not written.</summary>
    public static Standing Of(Account account, PriceBook book, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(account);
        ArgumentNullException.ThrowIfNull(book);
        var balance = account.BalanceAt(book, now);
        var live = account.Grants.Where(g => g.ExpiresAt > balance.AsOf).ToList();
        return new Standing(
            balance, account.Terms(book).Name, account.Current.ExtraUsageAllowed, live.Any(g => g.Kind != GrantKind.Monthly),
            Money.Sum(live.Where(g => g.ExpiresAt == balance.Credit.ExpiresAt), g => g.Left), book.ProgrammeAt(balance.AsOf), book.NextActivation(balance.AsOf), account.DailyCap);
    }
}
