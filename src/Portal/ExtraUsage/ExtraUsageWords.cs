using Ledger;
using Portal.Ui;

namespace Portal.ExtraUsage;

/// <summary>What extra usage means, in sentences: before it is changed, and what became of a change. Every outcome has its words.</summary>
public static class ExtraUsageWords
{
    /// <summary>What the owner agrees to; recorded as it is shown.</summary>
    public static string Consent(Money cap, int? rateCardVersion) =>
        $"When my credit is used up, programmatic requests go on at API rates{(rateCardVersion is { } version ? $" (now rate card version {version})" : "")}. "
        + $"They cost me at most {Amounts.Brief(cap)} in each billing period, and stop there. I can change the cap or turn extra usage off at any time; "
        + "requests that are running then may still use what is held for them.";

    /// <summary>What happens at zero, as things are now.</summary>
    public static string Effect(ExtraUsageFigures figures)
    {
        ArgumentNullException.ThrowIfNull(figures);
        var extra = figures.Extra;
        var credit = figures.Balance.Credit.Remaining;
        return figures.IsClosed ? "The account is closed: nothing more can be used or charged."
            : !extra.IsOn ? figures.StillHeld.IsPositive
                ? $"Requests without credit are refused. Running ones may still use {Amounts.Brief(figures.StillHeld)} that is held for them."
                : "When your credit runs out, requests stop. Nothing is charged beyond your fee."
            : !extra.Remaining.IsPositive ? $"Your {Amounts.Brief(extra.Cap ?? Money.Zero)} cap is reached: requests without credit are refused until the period ends."
            : credit.IsPositive ? $"When your credit of {Amounts.Brief(credit)} runs out, requests continue up to {Amounts.Brief(extra.Remaining)} of extra usage, then stop."
            : $"Your credit is used up. Requests continue up to another {Amounts.Brief(extra.Remaining)} of extra usage, then stop.";
    }

    /// <summary>What became of a change. <paramref name="done"/> says it when it was made.</summary>
    public static NoticeText Say(ExtraUsageOutcome outcome, string done, string? money = null) => outcome switch
    {
        ExtraUsageOutcome.Changed { StillHeld: { IsPositive: true } held } => new(NoticeKind.Done, done,
            Money: $"{money} Requests that are already authorized hold {Amounts.Brief(held)} of extra usage and may still use it.".TrimStart()),
        ExtraUsageOutcome.Changed => new(NoticeKind.Done, done, Money: money),
        ExtraUsageOutcome.Unchanged => new(NoticeKind.Info, "It was so before.", Money: "Nothing was changed."),
        ExtraUsageOutcome.NotAllowedByPlan => new(NoticeKind.Refused, "Your plan has no extra usage.", Money: "Nothing was changed; extra usage is off."),
        ExtraUsageOutcome.CapOutOfRange range => new(NoticeKind.Refused, $"A cap is more than $0.00 and at most {Amounts.Brief(range.Largest)}, your plan's largest.",
            Money: "Nothing was changed.", Do: "Enter another amount."),
        ExtraUsageOutcome.IsOff => new(NoticeKind.Refused, "Extra usage is off.", "A cap needs it to be on.", "Nothing was changed.", "Turn it on with a cap."),
        ExtraUsageOutcome.UnknownModel unknown => new(NoticeKind.Refused, $"The rate card in force does not price '{unknown.Model}'.",
            Money: "Nothing was changed.", Do: "Choose another model."),
        ExtraUsageOutcome.AccountClosed => new(NoticeKind.Refused, "The account is closed.", Money: "Nothing was changed; extra usage is off.", Do: "Ask the provider to open it again."),
        _ => throw new InvalidOperationException($"The outcome {outcome.GetType().Name} has no words."),
    };
}
