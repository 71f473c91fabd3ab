using Ledger;
using Portal.Ui;

namespace Portal.Overview;

/// <summary>The one action that helps now, besides a claim, which is a button of its own: where it is done, and how it is called.</summary>
public sealed record NextStep(string Text, string Path)
{
    /// <summary>What helps; <c>null</c> if nothing has to be done or nothing can be.</summary>
    public static NextStep? For(OverviewFigures figures)
    {
        ArgumentNullException.ThrowIfNull(figures);
        if (figures.Balance.Credit.Claimable.IsPositive)
        {
            return null;
        }
        return figures.Balance.Next?.Code switch
        {
            RefusalCode.ExtraUsageOff when figures.ExtraAllowed => new NextStep("Turn on extra usage", "/extra-usage"),
            RefusalCode.CapReached => new NextStep($"Raise the {Amounts.Brief(figures.Balance.ExtraUsage.Cap ?? Money.Zero)} cap", "/extra-usage"),
            RefusalCode.DailyCapReached => new NextStep("Change the daily cap", "/extra-usage"),
            _ => null,
        };
    }
}
