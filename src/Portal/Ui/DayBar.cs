using Ledger;

namespace Portal.Ui;

/// <summary>What one day came to, split by who paid.</summary>
public readonly record struct DayBar(DateOnly Day, Money Credit, Money Extra, Money Uncollected)
{
    /// <summary>All of it, at API rates.</summary>
    public Money Total => Credit + Extra + Uncollected;
}
