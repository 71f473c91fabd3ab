using Portal.Accounts;
using Portal.SignIn.ViewAs;

namespace Portal.SupportAccess;

/// <summary>What the page shows.</summary>
/// <param name="Account">The account's key.</param>
/// <param name="AsOf">As of when.</param>
/// <param name="MayLook">Whether support may look at it.</param>
/// <param name="Looks">The looks of this part of the list, the latest first.</param>
/// <param name="Part">Which part it is, from 1.</param>
/// <param name="HasOlder">Whether there are older ones.</param>
public sealed record SupportAccessFigures(string Account, DateTimeOffset AsOf, bool MayLook, IReadOnlyList<LookLine> Looks, int Part, bool HasOlder) : AccountFigures(Account, AsOf);

/// <summary>One look at the account with its owner's eyes.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Who">Who looked, as the subscriber calls them.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndsAt">When it ends at the latest.</param>
/// <param name="EndedAt">When it ended; null while it goes on.</param>
/// <param name="EndedBy">What ended it.</param>
/// <param name="Reason">Why, in the staff member's words.</param>
/// <param name="Ticket">The ticket that it was about.</param>
/// <param name="Pages">What was looked at, in order.</param>
public sealed record LookLine(
    string Id, string Who, DateTimeOffset StartedAt, DateTimeOffset EndsAt, DateTimeOffset? EndedAt, ViewAsEnd? EndedBy, string Reason, string Ticket, IReadOnlyList<LookedAtPage> Pages);

/// <summary>A page that was looked at.</summary>
public sealed record LookedAtPage(DateTimeOffset At, string Path);
