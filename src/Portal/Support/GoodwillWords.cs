using Portal.Accounts;
using Portal.Ui;

namespace Portal.Support;

/// <summary>What a form asks to give.</summary>
public sealed record GoodwillAsked(Guid Id, Ledger.Money Amount, DateTimeOffset ExpiresAt, string Reason, string Ticket);

/// <summary>What became of goodwill, in words. Whatever is not done says what it did to the money.</summary>
public static class GoodwillWords
{
    private const string NothingChanged = "Nothing was changed.";

    public static NoticeText Say(GoodwillOutcome outcome, string couldNot) => outcome switch
    {
        GoodwillOutcome.Granted { Request: var request } => new(NoticeKind.Done, $"{Amounts.Brief(request.Amount)} of goodwill credit is given to {request.Account}.", Money: "It pays from now on, and the subscriber reads the reason."),
        GoodwillOutcome.Waiting { Request: var request, Limit: var limit } => new(NoticeKind.Info, $"{Amounts.Brief(request.Amount)} waits for a second person.",
            $"Without one an account is given at most {Amounts.Brief(limit)} a day.", "Nothing is given yet.", "A colleague finds it under Approvals."),
        GoodwillOutcome.Rejected => new(NoticeKind.Done, "The request is rejected.", Money: "Nothing was given."),
        GoodwillOutcome.Withdrawn => new(NoticeKind.Done, "The request is taken back.", Money: "Nothing was given."),
        GoodwillOutcome.Already { Request.State: GoodwillState.Granted, Request: var request } => new(NoticeKind.Info, $"{Amounts.Brief(request.Amount)} was given already.", Money: "It was given once, and nothing was added now."),
        GoodwillOutcome.Already { Request.State: GoodwillState.Waiting } => new(NoticeKind.Info, "It waits for a second person already.", Money: NothingChanged),
        GoodwillOutcome.Already => new(NoticeKind.Info, "It was decided before.", Money: NothingChanged),
        GoodwillOutcome.SamePerson => new(NoticeKind.Refused, couldNot, "You asked for it yourself, so somebody else decides about it. Another role or session makes nobody another person.", NothingChanged),
        GoodwillOutcome.NotTheirs => new(NoticeKind.Refused, couldNot, "Only whoever asked for it takes it back. You may reject it.", NothingChanged),
        GoodwillOutcome.Unknown => new(NoticeKind.Refused, couldNot, "There is no such request.", NothingChanged),
        GoodwillOutcome.WrongText => new(NoticeKind.Refused, couldNot, $"A reason has 1 to {StaffTexts.LongestReason} characters, a ticket 1 to {StaffTexts.LongestTicket}, all of them readable.", NothingChanged),
        GoodwillOutcome.WrongAmount => new(NoticeKind.Refused, couldNot, "Goodwill is more than $0.00.", NothingChanged),
        GoodwillOutcome.ExpiryHasPassed => new(NoticeKind.Refused, couldNot, "It would have expired before it is given.", NothingChanged, "Ask for it anew with a later day."),
        GoodwillOutcome.AccountClosed => new(NoticeKind.Refused, couldNot, "The account is closed: nobody could use it.", NothingChanged),
        _ => throw new InvalidOperationException("Goodwill has no other outcome."),
    };
}
