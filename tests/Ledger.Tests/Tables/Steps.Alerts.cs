using System.Globalization;

namespace Ledger.Tests.Tables;

/// <summary>Alerts in tables: what was raised since they were last looked at, and the choice of thresholds.</summary>
internal sealed partial class Steps
{
    private int _alerts;

    private string Alerts()
    {
        world.Save();
        var told = string.Join("; ", world.Alerts.Skip(_alerts).Select(Describe));
        _alerts = world.Alerts.Count;
        return told.Length == 0 ? "none" : told;
    }

    private string Thresholds(string kind, string percents)
    {
        int[] chosen = percents == "none" ? [] : [.. percents.Split(',').Select(p => int.Parse(p, CultureInfo.InvariantCulture))];
        return world.Decide(a => a.SetAlertThresholds(kind == "cap" ? AlertKind.CapUsed : AlertKind.CreditUsed, chosen, world.Book, world.Now)) switch
        {
            AlertChoiceOutcome.Changed => "changed",
            AlertChoiceOutcome.Unchanged => "unchanged",
            _ => "out of range",
        };
    }

    private static string Describe(Alert alert) => alert.Kind switch
    {
        AlertKind.CreditUsed => $"credit {alert.Step}: {alert.Amount} of {alert.Of}",
        AlertKind.CapUsed => $"cap {alert.Step}: {alert.Amount} of {alert.Of}",
        AlertKind.ExtraStarted => $"first extra {alert.Amount}",
        AlertKind.CreditUnclaimed => $"unclaimed {alert.Amount}",
        AlertKind.CreditExpiring => $"lost in {alert.Step}d: {alert.Amount}" + (alert.Unclaimed!.Value.IsZero ? "" : $", {alert.Unclaimed} unclaimed"),
        AlertKind.Refused => $"refused {Word(alert.Reason!.Value)}",
        _ => $"{Word(alert.Change!.Value)} {alert.Of?.ToString() ?? "-"} to {alert.Amount?.ToString() ?? "-"} by {alert.Actor}",
    };
}
