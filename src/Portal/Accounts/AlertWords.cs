using Ledger;
using Portal.Ui;

namespace Portal.Accounts;

/// <summary>What an alert says: its title, what is the matter with the amounts, and the page that helps. In the list and in the e-mail alike.</summary>
/// <param name="instant">How an instant is written for whoever reads it.</param>
/// <param name="amount">How an amount is.</param>
public sealed class AlertWords(Func<DateTimeOffset, string> instant, Func<Money, string> amount)
{
    /// <summary>The kinds, as the choices name them.</summary>
    public static IReadOnlyList<(AlertKind Kind, string Name)> Kinds { get; } =
    [
        (AlertKind.CreditUsed, "Shares of your credit"),
        (AlertKind.CapUsed, "Shares of your cap"),
        (AlertKind.ExtraStarted, "First extra usage of a period"),
        (AlertKind.CreditUnclaimed, "Credit not claimed yet"),
        (AlertKind.CreditExpiring, "Credit about to be lost"),
        (AlertKind.Refused, "Refused requests"),
        (AlertKind.ExtraUsageChanged, "Extra usage or a cap changed"),
        (AlertKind.TermsChange, "New terms of your plan"),
        (AlertKind.DisputeDecided, "Answers to your disputes"),
    ];

    /// <summary>A kind's name.</summary>
    public static string Name(AlertKind kind) => Kinds.First(k => k.Kind == kind).Name;

    /// <summary>What happened, in a few words.</summary>
    public string Title(AlertLine alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return alert.Kind switch
        {
            AlertKind.CreditUsed => alert.Step == 100 ? "Your credit is used up" : $"{alert.Step} % of your credit is used",
            AlertKind.CapUsed => alert.Step == 100 ? "Your cap is reached" : $"{alert.Step} % of your cap is used",
            AlertKind.ExtraStarted => "Extra usage has begun",
            AlertKind.CreditUnclaimed => "Your credit is not claimed yet",
            AlertKind.CreditExpiring => $"{Some(alert.Amount)} of credit is lost within {(alert.Step == 1 ? "a day" : $"{alert.Step} days")}",
            AlertKind.Refused => $"A request was refused: {HistoryWords.RefusalTitle(alert.Reason!.Value)}",
            AlertKind.ExtraUsageChanged => Changed(alert),
            AlertKind.TermsChange => alert.Amount == alert.Of ? "Your plan's terms change" : $"Your plan costs {Some(alert.Amount)} a month from the next period",
            AlertKind.DisputeDecided => alert.Amount switch
            {
                null => "Your dispute was answered: the charge stands",
                { IsZero: true } => "Your dispute was upheld: the charge is reversed, of which you had paid nothing",
                var back => $"Your dispute was upheld: {amount(back.Value)} came back",
            },
            _ => throw new InvalidOperationException($"Alerts of kind {alert.Kind} have no title."),
        };
    }

    /// <summary>The matter with its amounts.</summary>
    public string Sentence(AlertLine alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        var end = instant(alert.PeriodEnd);
        return alert.Kind switch
        {
            AlertKind.CreditUsed => $"{Some(alert.Amount)} of {Some(alert.Of)} is used. The period ends {end}.",
            AlertKind.CapUsed => $"{Some(alert.Amount)} of extra usage, of your cap of {Some(alert.Of)}. The period ends {end}."
                + (alert.Step == 100 ? " Until then requests that credit does not cover are refused." : ""),
            AlertKind.ExtraStarted => $"{Some(alert.Amount)} so far. It goes on at API rates up to your cap of {Some(alert.Of)}, and never above it.",
            AlertKind.CreditUnclaimed => $"{Some(alert.Amount)} waits for you to claim it. What is not claimed by {end} is lost.",
            AlertKind.CreditExpiring => $"What is not used by {end} is lost."
                + (alert.Unclaimed is { IsPositive: true } unclaimed ? $" {(unclaimed == alert.Amount ? "None of it is claimed yet." : $"{amount(unclaimed)} of it is not claimed yet.")}" : ""),
            AlertKind.Refused => $"{alert.Detail} You are told of this reason once in a period; the history has every refusal.",
            AlertKind.ExtraUsageChanged => WhatChanged(alert),
            AlertKind.TermsChange => $"From {end}: {Some(alert.Amount)} a month instead of {Some(alert.Of)}, with {Some(alert.Credit)} of credit, {alert.Detail}. Until then everything stays as it is.",
            AlertKind.DisputeDecided => $"Support says about charge {alert.Charge}: {alert.Detail}",
            _ => throw new InvalidOperationException($"Alerts of kind {alert.Kind} have no sentence."),
        };
    }

    /// <summary>What to do about it, and where.</summary>
    public static Remedy Do(AlertLine alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return alert.Kind switch
        {
            AlertKind.CreditUsed when alert.Step == 100 => new("See whether extra usage carries on, and up to which cap.", "/extra-usage"),
            AlertKind.CreditUsed => new("See how long the rest lasts at your pace.", "/"),
            AlertKind.CapUsed => new("Raise or keep the cap.", "/extra-usage"),
            AlertKind.ExtraStarted => new("See what it comes to, change the cap, or turn it off.", "/extra-usage"),
            AlertKind.CreditUnclaimed => new("Claim it with one click.", "/credit"),
            AlertKind.CreditExpiring when alert.Unclaimed is { IsPositive: true } => new("Claim it and use it.", "/credit"),
            AlertKind.CreditExpiring => new("See how much a day uses it up.", "/"),
            AlertKind.Refused => new Refusal(alert.Reason!.Value, Money.Zero, [], alert.Model, alert.Amount ?? Money.Zero, null).Remedy,
            AlertKind.ExtraUsageChanged => new("If it was not you or someone you trust, turn extra usage off and change your password.", "/extra-usage"),
            AlertKind.TermsChange => new("Look at your plan, and at the others.", "/plan"),
            AlertKind.DisputeDecided => new("See the charge and every step of your dispute.", $"/history/{alert.Charge}"),
            _ => throw new InvalidOperationException($"Alerts of kind {alert.Kind} have no remedy."),
        };
    }

    /// <summary>What a page is called in a link to it.</summary>
    public static string PageName(string path) => path switch
    {
        "/credit" => "Credit",
        "/extra-usage" => "Extra usage",
        "/plan" => "Plan",
        _ when path.StartsWith("/history/", StringComparison.Ordinal) => "the charge",
        _ => "Overview",
    };

    private static string Changed(AlertLine alert) => alert.Change switch
    {
        AccountChangeKind.ExtraUsageOn => "Extra usage was turned on",
        AccountChangeKind.ExtraUsageOff => "Extra usage was turned off",
        AccountChangeKind.Cap => "Your cap was changed",
        AccountChangeKind.DailyCap => $"Your daily cap was {Verb(alert)}",
        AccountChangeKind.ModelCap => $"Your cap for {alert.Model} was {Verb(alert)}",
        _ => throw new InvalidOperationException($"A change of {alert.Change} raises no alert."),
    };

    private static string Verb(AlertLine alert) => alert.Of is null ? "set" : alert.Amount is null ? "removed" : "changed";

    private string WhatChanged(AlertLine alert) => alert switch
    {
        { Change: AccountChangeKind.ExtraUsageOn } => $"With a cap of {Some(alert.Amount)}, {alert.By}.",
        { Change: AccountChangeKind.ExtraUsageOff } => $"Its cap was {Some(alert.Of)}. Turned off {alert.By}.",
        { Of: { } was, Amount: { } now } => $"From {amount(was)} to {amount(now)}, {alert.By}.",
        { Amount: { } now } => $"To {amount(now)}; there was none. Set {alert.By}.",
        _ => $"It was {Some(alert.Of)}. Removed {alert.By}.",
    };

    private string Some(Money? money) => amount(money ?? Money.Zero);
}
