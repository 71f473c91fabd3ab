using System.Globalization;
using Portal.Accounts;
using Portal.Ui;

namespace Portal.Support;

/// <summary>What became of corrections, in words. Whatever is not done says what it did to the money.</summary>
public static class CorrectionWords
{
    private const string NothingChanged = "Nothing was changed.";

    public static NoticeText Say(CorrectionOutcome outcome, string couldNot) => outcome switch
    {
        CorrectionOutcome.Approved => new(NoticeKind.Done, "The charges are being reversed.", Money: "What they took comes back, charge by charge.", Do: "The correction's page shows how far it is."),
        CorrectionOutcome.Waiting { Limit: var limit } => new(NoticeKind.Info, "It waits for a second person.", $"One person alone has at most {Amounts.Brief(limit)} reversed a day.", "Nothing is reversed yet.", "A colleague finds it under Approvals."),
        CorrectionOutcome.Rejected => new(NoticeKind.Done, "The correction is rejected.", Money: "Nothing was reversed."),
        CorrectionOutcome.Withdrawn => new(NoticeKind.Done, "The correction is taken back.", Money: "Nothing was reversed."),
        CorrectionOutcome.Already { State: CorrectionState.Approved or CorrectionState.Done } => new(NoticeKind.Info, "It was approved before.", Money: "Each charge is reversed once."),
        CorrectionOutcome.Already { State: CorrectionState.Waiting } => new(NoticeKind.Info, "It waits for a second person already.", Money: NothingChanged),
        CorrectionOutcome.Already => new(NoticeKind.Info, "It was decided before.", Money: NothingChanged),
        CorrectionOutcome.NotAsShown { Now: var now } => new(NoticeKind.Refused, couldNot, $"The charges are others by now: {Counted(now.Charges)}, {Amounts.Exact(now.List)}.", NothingChanged, "Look at the new figures above, and ask again."),
        CorrectionOutcome.Empty => new(NoticeKind.Refused, couldNot, "There is no charge that could be reversed: nobody paid any of them, or all of them were reversed.", NothingChanged),
        CorrectionOutcome.TooMany { Most: var most } => new(NoticeKind.Refused, couldNot, $"One correction has at most {most.ToString("N0", CultureInfo.InvariantCulture)} charges.", NothingChanged, "Choose a shorter time, and ask for several."),
        CorrectionOutcome.WrongText => new(NoticeKind.Refused, couldNot, $"A reason has 1 to {StaffTexts.LongestReason} characters, a ticket 1 to {StaffTexts.LongestTicket}, all of them readable.", NothingChanged),
        CorrectionOutcome.ExpiryHasPassed => new(NoticeKind.Refused, couldNot, "The day has passed until which goodwill would be usable that stands for credit which is over.", NothingChanged, "Ask for it anew with a later day."),
        CorrectionOutcome.OwnAccount => new(NoticeKind.Refused, couldNot, "A charge of your own account is among them; nobody corrects that themselves.", NothingChanged, "Leave it to a colleague."),
        CorrectionOutcome.SamePerson => new(NoticeKind.Refused, couldNot, "You asked for it yourself, so somebody else decides about it. Another role or session makes nobody another person.", NothingChanged),
        CorrectionOutcome.NotTheirs => new(NoticeKind.Refused, couldNot, "Only whoever asked for it takes it back. You may reject it.", NothingChanged),
        CorrectionOutcome.Unknown => new(NoticeKind.Refused, couldNot, "There is no such correction.", NothingChanged),
        _ => throw new InvalidOperationException("A correction has no other outcome."),
    };

    public static string Counted(long charges) => charges == 1 ? "1 charge" : $"{charges.ToString("N0", CultureInfo.InvariantCulture)} charges";

    /// <summary>Who had paid, to the last digit.</summary>
    public static string Split(CorrectionSum sum)
    {
        ArgumentNullException.ThrowIfNull(sum);
        return $"{Amounts.Exact(sum.Credit)} credit, {Amounts.Exact(sum.Extra)} extra usage, {Amounts.Exact(sum.Uncollected)} uncollected";
    }

    /// <summary>What the charges were found by.</summary>
    public static string Filtered(CorrectionFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (filter is { Account: { } of, Charge: { } number })
        {
            return $"Charge {PublicIds.Charge(of, number)}";
        }
        var parts = new List<string> { filter.Account is { } account ? $"Account {account}" : "All accounts", $"recorded from {Utc(filter.From)} to {Utc(filter.To)}" };
        AddIf("model", filter.Model);
        AddIf("surface", filter.Surface);
        AddIf("app", filter.App);
        return string.Join(", ", parts);

        void AddIf(string name, string? value)
        {
            if (value is not null)
            {
                parts.Add($"{name} {value}");
            }
        }
    }

    public static string Name(CorrectionState state) => state switch
    {
        CorrectionState.Waiting => "Waits for a second person",
        CorrectionState.Approved => "Is being carried out",
        CorrectionState.Done => "Done",
        CorrectionState.Rejected => "Rejected",
        CorrectionState.Withdrawn => "Taken back",
        _ => throw new InvalidOperationException($"The state {state} has no name."),
    };

    public static string Name(CorrectionResult result) => result switch
    {
        CorrectionResult.Pending => "Not yet",
        CorrectionResult.Reversed => "Reversed",
        CorrectionResult.AlreadyReversed => "Reversed before",
        CorrectionResult.Failed => "Failed",
        _ => throw new InvalidOperationException($"The result {result} has no name."),
    };

    private static string Utc(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
