using Ledger;
using Portal.Accounts;

namespace Portal.Support;

/// <summary>What asking for a correction, or deciding about it, came to. A closed set: switch over all of them.</summary>
public abstract record CorrectionOutcome
{
    private CorrectionOutcome() { }

    /// <summary>It may be carried out.</summary>
    public sealed record Approved(Guid Id) : CorrectionOutcome;

    /// <summary>It waits for a second person, because together with what whoever asks had reversed within a day it is above the limit.</summary>
    public sealed record Waiting(Guid Id, Money Limit) : CorrectionOutcome;

    /// <summary>It was rejected.</summary>
    public sealed record Rejected : CorrectionOutcome;

    /// <summary>It was taken back.</summary>
    public sealed record Withdrawn : CorrectionOutcome;

    /// <summary>It was asked for or decided before; this changed nothing.</summary>
    public sealed record Already(CorrectionState State) : CorrectionOutcome;

    /// <summary>The charges are others by now than were shown; nothing was written down.</summary>
    public sealed record NotAsShown(CorrectionSum Now) : CorrectionOutcome;

    /// <summary>There is no charge that could be reversed.</summary>
    public sealed record Empty : CorrectionOutcome;

    /// <summary>There are more than one correction may have.</summary>
    public sealed record TooMany(int Most) : CorrectionOutcome;

    /// <summary>The reason or the ticket is missing, too long or not readable.</summary>
    public sealed record WrongText : CorrectionOutcome;

    /// <summary>Goodwill for credit that is over would expire before it is given.</summary>
    public sealed record ExpiryHasPassed : CorrectionOutcome;

    /// <summary>A charge is of an account of whoever asks or approves.</summary>
    public sealed record OwnAccount : CorrectionOutcome;

    /// <summary>Whoever asked for it may not decide about it.</summary>
    public sealed record SamePerson : CorrectionOutcome;

    /// <summary>Only whoever asked for it takes it back.</summary>
    public sealed record NotTheirs : CorrectionOutcome;

    /// <summary>There is no such correction.</summary>
    public sealed record Unknown : CorrectionOutcome;
}

/// <summary>What somebody of support asks to have reversed, as they were shown it.</summary>
/// <param name="Id">Made by the page, so that a double click asks once.</param>
/// <param name="Filter">Which charges.</param>
/// <param name="Shown">What they came to when they were shown.</param>
/// <param name="Reason">Why; the subscribers read it.</param>
/// <param name="Ticket">The ticket.</param>
/// <param name="GoodwillUntil">When goodwill expires that stands for credit which is over.</param>
public sealed record CorrectionRequest(Guid Id, CorrectionFilter Filter, CorrectionSum Shown, string Reason, string Ticket, DateTimeOffset GoodwillUntil);
