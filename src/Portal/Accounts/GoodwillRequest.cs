using Ledger;
using Microsoft.EntityFrameworkCore;

namespace Portal.Accounts;

/// <summary>Where goodwill stands.</summary>
public enum GoodwillState
{
    /// <summary>It waits for a second person.</summary>
    Waiting,

    /// <summary>The grant is made.</summary>
    Granted,

    /// <summary>A second person said no.</summary>
    Rejected,

    /// <summary>Whoever asked took it back.</summary>
    Withdrawn,
}

/// <summary>
/// Goodwill that somebody of support asked for, and what became of it. It becomes a grant at most once: its state and the grant are written in one transaction,
/// under the account's lock.
/// </summary>
public sealed class GoodwillRequest
{
    /// <summary>Made by the page that asks, so that a double click asks once.</summary>
    public Guid Id { get; init; }

    public string Account { get; init; } = "";

    public Money Amount { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Why; the subscriber reads it.</summary>
    public string Reason { get; init; } = "";

    public string Ticket { get; init; } = "";

    public string RequestedBy { get; init; } = "";

    public DateTimeOffset RequestedAt { get; init; }

    public GoodwillState State { get; private set; }

    /// <summary>The second person, or whoever took it back; <c>null</c> if it needed nobody.</summary>
    public string? DecidedBy { get; private set; }

    public DateTimeOffset? DecidedAt { get; private set; }

    /// <summary>Why it was rejected.</summary>
    public string? DecisionReason { get; private set; }

    /// <summary>The grant's number within the account.</summary>
    public int? Grant { get; private set; }

    internal bool IsNew { get; init; }

    internal bool IsChanged { get; private set; }

    internal void BecomeGranted(Grant grant, string? by, DateTimeOffset now) =>
        (State, Grant, DecidedBy, DecidedAt, IsChanged) = (GoodwillState.Granted, grant.Number, by, now, true);

    internal void End(GoodwillState state, string by, DateTimeOffset now, string? reason = null) =>
        (State, DecidedBy, DecidedAt, DecisionReason, IsChanged) = (state, by, now, reason, true);
}

/// <summary>What asking for goodwill, or deciding about it, came to. A closed set: switch over all of them.</summary>
public abstract record GoodwillOutcome
{
    private GoodwillOutcome() { }

    /// <summary>The grant is made.</summary>
    public sealed record Granted(GoodwillRequest Request) : GoodwillOutcome;

    /// <summary>It waits for a second person, because together with what the account was given within a day it is above the limit.</summary>
    public sealed record Waiting(GoodwillRequest Request, Money Limit) : GoodwillOutcome;

    /// <summary>It was rejected.</summary>
    public sealed record Rejected(GoodwillRequest Request) : GoodwillOutcome;

    /// <summary>It was taken back.</summary>
    public sealed record Withdrawn(GoodwillRequest Request) : GoodwillOutcome;

    /// <summary>It was asked for or decided before; this changed nothing.</summary>
    public sealed record Already(GoodwillRequest Request) : GoodwillOutcome;

    /// <summary>Whoever asked for it may not decide about it.</summary>
    public sealed record SamePerson : GoodwillOutcome;

    /// <summary>Only whoever asked for it takes it back.</summary>
    public sealed record NotTheirs : GoodwillOutcome;

    /// <summary>There is no such request.</summary>
    public sealed record Unknown : GoodwillOutcome;

    /// <summary>The reason or the ticket is missing, too long or not readable.</summary>
    public sealed record WrongText : GoodwillOutcome;

    /// <summary>Goodwill is positive.</summary>
    public sealed record WrongAmount : GoodwillOutcome;

    /// <summary>It would expire before it is given.</summary>
    public sealed record ExpiryHasPassed : GoodwillOutcome;

    /// <summary>The account is closed: nobody could use it.</summary>
    public sealed record AccountClosed : GoodwillOutcome;
}

internal static class GoodwillAlone
{
    /// <summary>What counts towards the limit of an account: what it was granted within the last day without a second person.</summary>
    public static async Task<Money> GivenLately(this IQueryable<GoodwillRequest> requests, string account, DateTimeOffset now, CancellationToken cancel = default)
    {
        var since = now - StaffBatch.Together;
        return Money.Sum(await requests.Where(g => g.Account == account && g.State == GoodwillState.Granted && g.DecidedBy == null && g.RequestedAt > since).Select(g => g.Amount).ToListAsync(cancel), amount => amount);
    }
}
