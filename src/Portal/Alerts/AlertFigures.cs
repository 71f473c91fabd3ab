using Ledger;
using Portal.Accounts;

namespace Portal.Alerts;

/// <summary>What the alerts page shows.</summary>
/// <param name="Account">The account's key.</param>
/// <param name="AsOf">The instant that it is true for.</param>
/// <param name="Choices">Thresholds, and which kinds are mailed.</param>
/// <param name="Last">The number of the last alert.</param>
/// <param name="Read">The number of the last alert that was seen.</param>
/// <param name="Before">Below which number the list begins; 0 for the newest.</param>
/// <param name="Lines">The alerts, the newest first.</param>
/// <param name="Older">Below which number older ones are; 0 if there are none.</param>
public sealed record AlertFigures(string Account, DateTimeOffset AsOf, AlertChoices Choices, int Last, int Read, int Before, IReadOnlyList<AlertLine> Lines, int Older) : AccountFigures(Account, AsOf)
{
    /// <summary>Whether it shows the newest, so that they count as seen.</summary>
    public bool IsAtTop => Before == 0;
}
