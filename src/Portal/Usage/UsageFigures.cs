using Ledger;
using Portal.Accounts;
using Portal.Ui;

namespace Portal.UsagePages;

/// <summary>What happened in the range to what had been charged, and moves no bar: charges never change.</summary>
/// <param name="MovedToCredit">Extra that credit took over.</param>
/// <param name="Reversed">What reversals took back, whoever had paid it.</param>
public sealed record UsageLater(Money MovedToCredit, Money Reversed);

/// <summary>What the usage page shows.</summary>
/// <param name="Account">The account's key.</param>
/// <param name="AsOf">When it was read.</param>
/// <param name="Address">The address that it was read for.</param>
/// <param name="Range">The days.</param>
/// <param name="Wrong">What of the address was not understood.</param>
/// <param name="Through">The number of the last charge that is counted.</param>
/// <param name="IsClosed">Whether the account is closed.</param>
/// <param name="DailyCap">The cap for a UTC day, if extra usage is on.</param>
/// <param name="Totals">All that was asked for.</param>
/// <param name="Groups">The dearest groups.</param>
/// <param name="GroupCount">How many groups there are.</param>
/// <param name="Series">What the bars' colours stand for.</param>
/// <param name="Bars">The bars.</param>
/// <param name="Rows">The rows of the table that are shown.</param>
/// <param name="RowCount">How many there are.</param>
/// <param name="Models">The models that occur.</param>
/// <param name="Surfaces">The surfaces that occur.</param>
/// <param name="Apps">The apps that occur.</param>
/// <param name="Later">What happened to it later.</param>
public sealed record UsageFigures(
    string Account, DateTimeOffset AsOf, string Address, UsageRange Range, IReadOnlyList<string> Wrong, long Through, bool IsClosed, Money? DailyCap,
    UsageSum Totals, IReadOnlyList<UsageGroup> Groups, int GroupCount, IReadOnlyList<BarSeries> Series, IReadOnlyList<StackedBar> Bars,
    IReadOnlyList<UsageRow> Rows, int RowCount, IReadOnlyList<UsageChoice> Models, IReadOnlyList<UsageChoice> Surfaces, IReadOnlyList<UsageChoice> Apps,
    UsageLater Later) : AccountFigures(Account, AsOf)
{
    /// <summary>That a part of these days is kept in the archive, if it is.</summary>
    public string? Archived { get; init; }
}
