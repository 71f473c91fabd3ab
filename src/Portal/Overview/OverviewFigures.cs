using Ledger;
using Portal.Accounts;
using Portal.Ui;

namespace Portal.Overview;

/// <summary>What the overview answers with.</summary>
/// <param name="Account">The account's key.</param>
/// <param name="AsOf">The instant that it is true for.</param>
/// <param name="Standing">How much is left, until when, and what happens next.</param>
/// <param name="StillHeldExtra">Extra that open authorizations hold, in any period: after extra usage was turned off it may still be used.</param>
/// <param name="Pace">How fast the account spends; <c>null</c> while it spends nothing at all.</param>
/// <param name="CreditLeft">The credit that was left at the end of each UTC day of this period, as far as it is known.</param>
/// <param name="ClosesAt">When the account closes by itself; <c>null</c> unless its owner cancelled.</param>
/// <param name="Days">The last 30 UTC days.</param>
/// <param name="LastCharge">The number of the last charge that <paramref name="Days"/> counts.</param>
/// <param name="Latest">The newest lines of the history.</param>
/// <param name="Coming">The credit programme's next terms, if it is active and will not stay so.</param>
public sealed record OverviewFigures(
    string Account, DateTimeOffset AsOf, Standing Standing, Money StillHeldExtra, Pace? Pace, IReadOnlyList<CreditAt> CreditLeft, DateTimeOffset? ClosesAt,
    IReadOnlyList<DayBar> Days, long LastCharge, IReadOnlyList<HistoryLine> Latest, ProgrammeState? Coming) : AccountFigures(Account, AsOf)
{
    public Balance Balance => Standing.Balance;

    public string Plan => Standing.Plan;

    public bool ExtraAllowed => Standing.ExtraAllowed;

    public Money? DailyCap => Standing.DailyCap;
}
