using Ledger;
using Portal.Ui;

namespace Portal.Plan;

/// <summary>What became of a decision about the plan. Every outcome has its words.</summary>
public static class PlanWords
{
    private const string Nothing = "Nothing was changed.";

    /// <summary>For a plan by its name, on the viewer's clock.</summary>
    public static NoticeText Say(PlanOutcome outcome, string plan, ViewerTime time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return outcome switch
        {
            PlanOutcome.Upgraded up => new(NoticeKind.Done, $"Your plan is {plan} now.",
                Money: $"{Amounts.Brief(up.Fee)} is added to this period's plan fee, and {Amounts.Brief(up.Credit)} to its credit."),
            PlanOutcome.FromNextPeriod next => new(NoticeKind.Done, $"{plan} counts from {time.Minute(next.At)}.", Money: "Until then everything stays as it is. You can take it back here."),
            PlanOutcome.Cancelled { StillHeld: { IsPositive: true } held } cancelled => new(NoticeKind.Done, $"Your plan is cancelled: the account closes on {time.Minute(cancelled.At)}.",
                "Extra usage is off. Your credit can be used until then.", $"Requests that are already authorized hold {Amounts.Brief(held)} of extra usage and may still use it.", "You can take it back here until then."),
            PlanOutcome.Cancelled cancelled => new(NoticeKind.Done, $"Your plan is cancelled: the account closes on {time.Minute(cancelled.At)}.",
                "Extra usage is off. Your credit can be used until then.", Do: "You can take it back here until then."),
            PlanOutcome.Kept => new(NoticeKind.Done, $"You keep {plan}.", Money: "Nothing changes at the end of the period. Extra usage stays as it is now."),
            PlanOutcome.Unchanged => new(NoticeKind.Info, "It was so before.", Money: Nothing),
            PlanOutcome.UnknownPlan unknown => new(NoticeKind.Refused, $"There is no plan '{unknown.Plan}' any more.", Money: Nothing, Do: "Choose another one."),
            PlanOutcome.NotForSubscribers => new(NoticeKind.Refused, $"{plan} is not a plan that you can choose yourself.", Money: Nothing, Do: "Ask the provider."),
            PlanOutcome.AccountClosed => new(NoticeKind.Refused, "The account is closed.", Money: Nothing, Do: "Ask the provider to open it again."),
            PlanOutcome.NotAsShown => new(NoticeKind.Refused, "It would be other than you were shown by now.",
                "Time has passed, or your account or the plan was changed meanwhile. Above stands what it would be now.", Nothing, "Look at it again, then confirm."),
            _ => throw new InvalidOperationException($"The outcome {outcome.GetType().Name} has no words."),
        };
    }
}
