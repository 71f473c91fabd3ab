namespace Ledger;

/// <summary>What an alert tells. An alert is a message; it stops nothing.</summary>
public enum AlertKind
{
    /// <summary>A share of the period's credit is used.</summary>
    CreditUsed,

    /// <summary>A share of the cap is used.</summary>
    CapUsed,

    /// <summary>The first extra usage of the period.</summary>
    ExtraStarted,

    /// <summary>The period's credit is not claimed yet.</summary>
    CreditUnclaimed,

    /// <summary>Credit is about to be lost with the period's end.</summary>
    CreditExpiring,

    /// <summary>A request was refused.</summary>
    Refused,

    /// <summary>Extra usage was turned on or off, or a cap was changed.</summary>
    ExtraUsageChanged,

    /// <summary>Other terms of the plan count from the next period.</summary>
    TermsChange,

    /// <summary>Support decided about a charge that was disputed.</summary>
    DisputeDecided,
}

/// <summary>A message to the subscriber: what, when, with its amounts. Append-only. See docs/rules.md, "Alerts".</summary>
public sealed class Alert
{
    private Alert() { }

    internal Alert(string account, int number, AccountPeriod period, AlertKind kind, string subject, DateTimeOffset at)
    {
        (Account, Number, Kind, Subject, At) = (account, number, kind, subject, at);
        (Period, PeriodStart, PeriodEnd) = (period.Index, period.Start, period.End);
    }

    /// <summary>The account's key.</summary>
    public string Account { get; private set; } = "";

    /// <summary>Which alert of the account, counted from 1 without a gap.</summary>
    public int Number { get; private set; }

    /// <summary>The index of the period that it is of.</summary>
    public int Period { get; private set; }

    /// <summary>Where that period begins.</summary>
    public DateTimeOffset PeriodStart { get; private set; }

    /// <summary>The first instant after that period.</summary>
    public DateTimeOffset PeriodEnd { get; private set; }

    /// <summary>What it tells.</summary>
    public AlertKind Kind { get; private set; }

    /// <summary>What makes it one of its kind: the percentage, the days, the reason, the change. Kind and subject come once in a period.</summary>
    public string Subject { get; private set; } = "";

    /// <summary>When it was raised.</summary>
    public DateTimeOffset At { get; private set; }

    /// <summary>The percentage that was reached, or the days until credit is lost.</summary>
    public int? Step { get; internal init; }

    /// <summary>What is used, lost or waits; for terms that change, the fee from then on; for a cap that was changed, the new one; for a refusal, the credit that could be claimed; for a dispute, what came back, or <c>null</c> if the charge stands.</summary>
    public Money? Amount { get; internal init; }

    /// <summary>What <see cref="Amount"/> is a share of; for terms that change, the fee until then; for a cap that was changed, the one before.</summary>
    public Money? Of { get; internal init; }

    /// <summary>For credit that is about to be lost: the part of it that is not claimed.</summary>
    public Money? Unclaimed { get; internal init; }

    /// <summary>For terms that change: the credit from then on.</summary>
    public Money? Credit { get; internal init; }

    /// <summary>For a refusal: why.</summary>
    public RefusalCode? Reason { get; internal init; }

    /// <summary>For a refusal: the sentence with the limit and its numbers. For terms that change: what becomes of extra usage. For a dispute: what support says.</summary>
    public string? Detail { get; internal init; }

    /// <summary>For a change: which.</summary>
    public AccountChangeKind? Change { get; internal init; }

    /// <summary>For a model's cap, or a refused request: the model.</summary>
    public string? Model { get; internal init; }

    /// <summary>For a change: who made it.</summary>
    public string? Actor { get; internal init; }

    /// <summary>For a dispute: the charge's number.</summary>
    public long? Charge { get; internal init; }
}

/// <summary>What a subscriber chose about alerts. In the list they stand always; thresholds and e-mail are chosen.</summary>
/// <param name="Credit">At which percentages of the period's credit, rising.</param>
/// <param name="Cap">At which percentages of the cap, rising.</param>
/// <param name="NoMail">The kinds of which no e-mail is sent.</param>
/// <param name="IsSilent">Whether nobody is told anything: the owner has left.</param>
public sealed record AlertChoices(IReadOnlyList<int> Credit, IReadOnlyList<int> Cap, IReadOnlyList<AlertKind> NoMail, bool IsSilent = false)
{
    /// <summary>The most thresholds of one kind.</summary>
    public const int MostThresholds = 10;

    /// <summary>What counts until a subscriber chooses otherwise.</summary>
    public static AlertChoices Default { get; } = new([50, 75, 90, 100], [50, 75, 90, 100], []);

    /// <summary>What counts once the owner has left.</summary>
    public static AlertChoices Silent { get; } = new([], [], [], IsSilent: true);

    /// <summary>Whether an alert of a kind is mailed too.</summary>
    public bool Mails(AlertKind kind) => !IsSilent && !NoMail.Contains(kind);

    /// <summary>The percentages of a kind that has some.</summary>
    public IReadOnlyList<int> Of(AlertKind kind) => kind == AlertKind.CapUsed ? Cap : Credit;
}

/// <summary>What became of a choice about alerts. A closed set: switch over all of them.</summary>
public abstract record AlertChoiceOutcome
{
    private AlertChoiceOutcome() { }

    /// <summary>It counts from now on.</summary>
    public sealed record Changed : AlertChoiceOutcome;

    /// <summary>It was so already.</summary>
    public sealed record Unchanged : AlertChoiceOutcome;

    /// <summary>More than <see cref="AlertChoices.MostThresholds"/>, or one that is no whole percentage from 1 to 100.</summary>
    public sealed record OutOfRange : AlertChoiceOutcome;
}
