using Ledger;
using Portal.Accounts;
using Portal.Ui;

namespace Portal.Plan;

/// <summary>What the owner is asked before a decision about the plan, with what it would do; what is confirmed is sent along with the command.</summary>
/// <param name="Command">The decision, without what was shown.</param>
/// <param name="Plan">The name of the plan that it is about.</param>
/// <param name="Shown">What it would do.</param>
public sealed record PlanQuestion(PlanCommand Command, string Plan, PlanPreview Shown)
{
    /// <summary>The decision, with what was shown.</summary>
    public PlanCommand Agreed => Command with { Shown = Shown };

    /// <summary>Whether it is a cancellation.</summary>
    public bool Cancels => Command is CancelPlan;

    /// <summary>The question.</summary>
    public string Title => Command switch
    {
        CancelPlan => $"Cancel {Plan}?",
        KeepPlan => $"Keep {Plan}?",
        _ => Shown.Outcome is PlanOutcome.Upgraded ? $"Upgrade to {Plan}?" : $"Change to {Plan}?",
    };

    /// <summary>The button: the verb, and the amount or the day.</summary>
    public string Button(ViewerTime time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return (Command, Shown.Outcome, Shown.CountsFrom) switch
        {
            (CancelPlan, _, { } from) => $"Cancel, and close on {time.Day(from)}",
            (KeepPlan, _, _) => $"Keep {Plan}",
            (_, PlanOutcome.Upgraded, _) => $"Upgrade for {Amounts.Brief(Shown.FeeNow)} now",
            (_, _, { } from) => $"Change for {Amounts.Brief(Shown.After.Fee)} a month from {time.Day(from)}",
            _ => $"Choose {Plan}",
        };
    }
}
