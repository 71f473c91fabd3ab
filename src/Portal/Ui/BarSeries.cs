using Ledger;

namespace Portal.Ui;

/// <summary>What one colour of stacked bars stands for.</summary>
/// <param name="Name">Its name, in the legend and the table.</param>
/// <param name="Fill">The class of app.css that fills it.</param>
/// <param name="Words">Its name within a sentence.</param>
/// <param name="Level">Lower ones lie below; those of one level lie in the order of the legend.</param>
public sealed record BarSeries(string Name, string Fill, string Words, int Level = 0);

/// <summary>One day's bar: an amount for each series, in their order.</summary>
public sealed record StackedBar(DateOnly Day, IReadOnlyList<Money> Parts)
{
    /// <summary>All of it.</summary>
    public Money Total => Money.Sum(Parts, part => part);
}
