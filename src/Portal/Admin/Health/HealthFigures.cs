using Ledger;
using Portal.Mail;

namespace Portal.Admin.Health;

/// <summary>A law of the ledger, and how it fares.</summary>
/// <param name="Law">Which.</param>
/// <param name="Broken">How many accounts were found to break it.</param>
/// <param name="First">The first of them, and how; <c>null</c> if it holds.</param>
/// <param name="Since">When that was found.</param>
public sealed record LawLine(LedgerLaw Law, int Broken, string? First, DateTimeOffset? Since);

/// <summary>An alert's mail that was given up.</summary>
public sealed record FailedDelivery(string Account, int Alert, int Attempts, DateTimeOffset At, string Why);

/// <summary>What the page of health shows.</summary>
/// <param name="AsOf">When it was read.</param>
/// <param name="Laws">Every law.</param>
/// <param name="RoundStartedAt">When the round that runs began; <c>null</c> before the first.</param>
/// <param name="RoundAccounts">How many accounts it has checked.</param>
/// <param name="LastFinishedAt">When the last whole round ended.</param>
/// <param name="LastAccounts">How many accounts it checked.</param>
/// <param name="Accounts">How many accounts there are.</param>
/// <param name="Database">Which database it is.</param>
/// <param name="Bytes">How large it is.</param>
/// <param name="Problems">What breaks its durability; none is well.</param>
/// <param name="Overdue">Accounts over which something is due.</param>
/// <param name="OldestDue">Since when.</param>
/// <param name="SweptAt">When this instance last swept.</param>
/// <param name="Woken">How many accounts that woke.</param>
/// <param name="MailsWaiting">Mails that wait in this instance.</param>
/// <param name="MailFailure">The last mail that this instance gave up.</param>
/// <param name="AlertsWaiting">Mails of alerts that are still to be sent.</param>
/// <param name="AlertsRetrying">Of those, the ones that failed before.</param>
/// <param name="Failed">Mails of alerts that were given up, the latest first.</param>
public sealed record HealthFigures(
    DateTimeOffset AsOf, IReadOnlyList<LawLine> Laws, DateTimeOffset? RoundStartedAt, long RoundAccounts, DateTimeOffset? LastFinishedAt, long LastAccounts, long Accounts,
    string Database, long Bytes, IReadOnlyList<string> Problems, long Overdue, DateTimeOffset? OldestDue, DateTimeOffset? SweptAt, int Woken,
    int MailsWaiting, MailFailure? MailFailure, long AlertsWaiting, long AlertsRetrying, IReadOnlyList<FailedDelivery> Failed);
