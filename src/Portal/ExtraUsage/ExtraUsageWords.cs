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
        return figures.IsClosed ? "The account is closed: nothing more can be used or charged."
            : figures.Balance.State == BalanceState.ProgrammeNotActive
                ? figures.Programme.Phase.ProgrammaticUse == ProgrammaticUse.Included
                    ? "While the credit programme is not active your plan includes programmatic use: nothing is charged."
                    : "While the credit programme is not active requests are refused: nothing is charged."
            : figures.Extra.IsOn ? EffectOn(figures) : EffectOff(figures);
    }

    private static string EffectOff(ExtraUsageFigures figures) =>
        figures.StillHeld.IsPositive ? $"Requests without credit are refused. Running ones may still use {Amounts.Brief(figures.StillHeld)} that is held for them."
        : figures.Balance.Credit.Remaining.IsPositive ? "When your credit runs out, requests stop. Nothing is charged beyond your fee."
        : figures.Balance.Credit.Claimable.IsPositive ? "Requests are refused until you claim your credit. Nothing is charged beyond your fee."
        : $"{Gone(figures.Balance.Credit)} Requests are refused. Nothing is charged beyond your fee.";

    private static string EffectOn(ExtraUsageFigures figures)
    {
        var left = figures.Extra.Remaining;
        var credit = figures.Balance.Credit;
        if (!left.IsPositive)
        {
            return $"Your {Amounts.Brief(figures.Extra.Cap ?? Money.Zero)} cap is reached: requests without credit are refused until the period ends.";
        }
        if (figures.DailyCap is { } today && figures.DayUsed + figures.DayHeld >= today)
        {
            return $"Your daily cap of {Amounts.Brief(today)} is reached: requests without credit are refused until the UTC day ends.";
        }
        var most = figures.DailyCap is { } daily && daily < left ? $"{Amounts.Brief(left)} of extra usage, at most {Amounts.Brief(daily)} a day" : $"{Amounts.Brief(left)} of extra usage";
        return credit.Remaining.IsPositive ? $"When your credit of {Amounts.Brief(credit.Remaining)} runs out, requests continue up to {most}, then stop."
            : credit.Claimable.IsPositive ? $"Your credit is not claimed. Requests continue up to {most}, then stop; the claim moves what it has paid to credit."
            : $"{Gone(credit)} Requests continue up to another {most}, then stop.";
    }

    private static string Gone(CreditBalance credit) => credit.Granted.IsZero ? "You have no credit." : credit.Held.IsZero ? "Your credit is used up." : "Your credit is used up or held for running requests.";

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
