using Ledger;
using Portal.Accounts;

namespace Portal.Credit;

/// <summary>A portion of credit that pays now.</summary>
public sealed record LiveGrant(int Number, GrantKind Kind, Money Amount, Money Used, Money Held, Money Left, DateTimeOffset GrantedAt, DateTimeOffset ExpiresAt);

/// <summary>This period's credit, claimed.</summary>
/// <param name="At">When.</param>
/// <param name="By">By whom, in the owner's eyes.</param>
/// <param name="Amount">What it is, with what an upgrade added.</param>
/// <param name="Until">When what is unused is lost.</param>
public sealed record ClaimReceipt(DateTimeOffset At, string By, Money Amount, DateTimeOffset Until);

/// <summary>What became of an earlier period's monthly credit.</summary>
/// <param name="Index">Which period.</param>
/// <param name="Start">Its first instant.</param>
/// <param name="End">The first instant after it.</param>
/// <param name="WasClosed">Whether the account was closed from before it began to its end.</param>
/// <param name="Offered">What could be claimed.</param>
/// <param name="Granted">What was claimed; <c>null</c> if it was not.</param>
/// <param name="Used">What was used of it.</param>
/// <param name="Lost">What was lost of it.</param>
public sealed record PastPeriod(int Index, DateTimeOffset Start, DateTimeOffset End, bool WasClosed, Money Offered, Money? Granted, Money Used, Money Lost);

/// <summary>What the credit page shows.</summary>
/// <param name="Account">The account's key.</param>
/// <param name="AsOf">The instant that it is true for.</param>
/// <param name="Balance">How much is left.</param>
/// <param name="Plan">The plan's name.</param>
/// <param name="Monthly">What this period offers.</param>
/// <param name="Receipt">The claim of this period's credit; <c>null</c> while it is not claimed.</param>
/// <param name="ClaimsEveryPeriod">Whether it is claimed by itself.</param>
/// <param name="ClosesAt">When the account closes by itself; <c>null</c> unless its owner cancelled.</param>
/// <param name="Programme">Where the programme stands.</param>
/// <param name="Grants">The portions that pay, in the order in which they do.</param>
/// <param name="Past">Earlier periods, the newest first.</param>
public sealed record CreditFigures(
    string Account, DateTimeOffset AsOf, Balance Balance, string Plan, Money Monthly, ClaimReceipt? Receipt, bool ClaimsEveryPeriod, DateTimeOffset? ClosesAt,
    ProgrammeState Programme, IReadOnlyList<LiveGrant> Grants, IReadOnlyList<PastPeriod> Past) : AccountFigures(Account, AsOf);
