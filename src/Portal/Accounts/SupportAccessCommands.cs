using Ledger;

namespace Portal.Accounts;

/// <summary>Forbid support to look at the account with its owner's eyes, or allow it again. A look that goes on ends with it. The outcome says whether anything changed.</summary>
public sealed record LetSupportLook(string Account, bool May, Actor By) : OwnerCommand<bool>(Account, By)
{
    protected override object Audited(Account account) => new SupportAccessSetting(!account.ForbidsSupport);

    protected override bool Decide(Account account, PriceBook book, DateTimeOffset now) => account.LetSupportLook(May);

    /// <summary>What the audit tells, before and after.</summary>
    private sealed record SupportAccessSetting(bool SupportMayLook);
}
