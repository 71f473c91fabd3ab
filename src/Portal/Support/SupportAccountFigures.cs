using Ledger;
using Portal.Accounts;

namespace Portal.Support;

/// <summary>What support sees of an account.</summary>
/// <param name="Account">The account's key.</param>
/// <param name="AsOf">The instant that it is true for.</param>
/// <param name="Owner">The owner's e-mail address; <c>null</c> once they have left.</param>
/// <param name="IsOwn">Whether it is the account of whoever looks.</param>
/// <param name="Status">Whether it is open.</param>
/// <param name="Standing">How it stands.</param>
/// <param name="Query">The address of the lines.</param>
/// <param name="Lines">A page of its timeline.</param>
/// <param name="Older">Where older lines begin.</param>
/// <param name="Archived">That older lines are kept in the archive, if they are.</param>
/// <param name="Goodwill">The latest requests for goodwill, those that wait first.</param>
/// <param name="Limit">How much goodwill it may be given within a day without a second person.</param>
/// <param name="Room">What of that is left now.</param>
/// <param name="Corrections">Corrections with charges of it that wait or run.</param>
/// <param name="Disputes">Its disputes that nobody has decided.</param>
/// <param name="Notes">The latest notes, newest first.</param>
public sealed record SupportAccountFigures(
    string Account, DateTimeOffset AsOf, string? Owner, bool IsOwn, AccountStatus Status, Standing Standing, string Query, IReadOnlyList<TimelineLine> Lines, string? Older, string? Archived,
    IReadOnlyList<GoodwillLine> Goodwill, Money Limit, Money Room, IReadOnlyList<WaitingCorrection> Corrections, IReadOnlyList<OpenDispute> Disputes, IReadOnlyList<NoteLine> Notes);

/// <summary>A request for goodwill, with the names of colleagues.</summary>
public sealed record GoodwillLine(
    Guid Id, string Account, Money Amount, DateTimeOffset ExpiresAt, string Reason, string Ticket, GoodwillState State, string RequestedBy, string RequestedByName,
    DateTimeOffset RequestedAt, string? DecidedByName, DateTimeOffset? DecidedAt, string? DecisionReason);

/// <summary>A correction that is not over.</summary>
public sealed record WaitingCorrection(Guid Id, CorrectionState State, Money List, long Charges, string Reason);

/// <summary>A dispute that is not decided.</summary>
public sealed record OpenDispute(string Charge, DisputeState State, DateTimeOffset OpenedAt);

/// <summary>A note, with its author's name.</summary>
public sealed record NoteLine(Guid Id, DateTimeOffset At, string Author, string Text);
