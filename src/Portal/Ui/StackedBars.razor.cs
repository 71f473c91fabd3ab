using System.Globalization;
using System.Text.Encodings.Web;
using Ledger;
using Microsoft.AspNetCore.Components;

namespace Portal.Ui;

/// <summary>What the bars are drawn from. Most of them stay when a page moves, so only what moved is worked out and drawn again.</summary>
public sealed partial class StackedBars
{
    /// <summary>From so many bars on there is no room for gaps between them.</summary>
    private const int Dense = 60;

    private readonly string id = $"bars-{Guid.NewGuid():n}"[..13];

    [Parameter, EditorRequired]
    public string Title { get; set; } = "";

    /// <summary>Where the title leads.</summary>
    [Parameter]
    public string? Href { get; set; }

    /// <summary>What the colours stand for, in the order of the legend.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<BarSeries> Series { get; set; } = [];

    /// <summary>The days in order, none left out.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<StackedBar> Bars { get; set; } = [];

    /// <summary>What the lowest series may come to in a day, drawn as a line.</summary>
    [Parameter]
    public Money? Cap { get; set; }

    [Parameter]
    public string CapName { get; set; } = "Daily cap for extra usage";

    /// <summary>Where a day leads. The same function for the same parameters.</summary>
    [Parameter]
    public Func<DateOnly, string>? Link { get; set; }

    private (IReadOnlyList<BarSeries>, IReadOnlyList<StackedBar>, Money?, string)? drawn;
    private bool changed;
    private bool table;
    private Money top;
    private Money[] sums = [];
    private int[] upwards = [];
    private string[] tips = [];
    private string words = "";
    private string form = "MMM d";

    // As text: a page that moves compares the days that are over as a whole, instead of some hundred parts of a tree, and keeps them once.
    private MarkupString before;
    private MarkupString last;

    protected override void OnParametersSet()
    {
        changed = drawn != (Series, Bars, Cap, Title);
        if (!changed)
        {
            return;
        }
        var (known, seriesBefore, formBefore, topBefore) = (drawn?.Item2 ?? [], drawn?.Item1, form, top);
        drawn = (Series, Bars, Cap, Title);
        form = Bars.Count > 0 && Bars[0].Day.Year != Bars[^1].Day.Year ? "MMM d, yyyy" : "MMM d";
        // Most days stay as they were when a live page moves.
        if (!ReferenceEquals(seriesBefore, Series) || form != formBefore)
        {
            known = [];
        }
        var stayed = known.Zip(Bars).TakeWhile(pair => IsSame(pair.First, pair.Second)).Count();
        tips = [.. tips.Take(stayed), .. Bars.Skip(stayed).Select(Tip)];
        upwards = [.. Enumerable.Range(0, Series.Count).OrderBy(i => Series[i].Level)];
        sums = [.. Series.Select((_, i) => Money.Sum(Bars, bar => bar.Parts[i]))];
        var most = Bars.MaxBy(bar => bar.Total);
        top = Share.RoundUp(Money.Max(Money.Max(most?.Total ?? Money.Zero, Cap ?? Money.Zero), Money.FromDollars(1)));
        if (stayed < Bars.Count - 1 || known.Count != Bars.Count || top != topBefore)
        {
            before = new MarkupString(string.Concat(Bars.SkipLast(1).Select(Drawn)));
        }
        last = new MarkupString(Bars.Count == 0 ? "" : Drawn(Bars[^1], Bars.Count - 1));
        words = most is null
            ? "No days yet"
            : $"{Days(Bars.Count)}, {Name(Bars[0].Day)} to {Name(Bars[^1].Day)}: {Listed(sums)}. "
              + $"Most on {Name(most.Day)}: {Amounts.Brief(most.Total)}. The table has each day.";
    }

    protected override bool ShouldRender() => changed;

    // By their names, so that a push finds the same listeners as before.
    private void ShowChart() => Show(asTable: false);

    private void ShowTable() => Show(asTable: true);

    private void Show(bool asTable)
    {
        table = asTable;
        changed = true;
    }

    private static bool IsSame(StackedBar known, StackedBar bar) => ReferenceEquals(known, bar) || (known.Day == bar.Day && known.Parts.SequenceEqual(bar.Parts));

    /// <summary>A bar. What is text in it is encoded: series may have names that people made.</summary>
    private string Drawn(StackedBar bar, int at)
    {
        var parts = upwards.Where(i => bar.Parts[i].IsPositive).Select(i =>
            $"<span class=\"daybars-part {HtmlEncoder.Default.Encode(Series[i].Fill)}\" style=\"height:{Share.Of(bar.Parts[i], top)}\" data-some=\"True\"></span>");
        return $"<div class=\"daybars-day\" title=\"{HtmlEncoder.Default.Encode(tips[at])}\">{string.Concat(parts)}</div>";
    }

    private string Tip(StackedBar bar) => $"{Name(bar.Day)}: {Listed(bar.Parts)}";

    private string Listed(IReadOnlyList<Money> amounts) => Series.Count == 0 ? "nothing" : string.Join(", ", Series.Select((series, i) => $"{Amounts.Brief(amounts[i])} {series.Words}"));

    private static string Days(int count) => count == 1 ? "1 day" : $"{count} days";

    private static string Pressed(bool pressed) => pressed ? "true" : "false";

    private string Name(DateOnly day) => day.ToString(form, CultureInfo.InvariantCulture);
}
