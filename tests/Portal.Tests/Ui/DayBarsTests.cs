using Bunit;
using Ledger;
using Portal.Ui;

namespace Portal.Tests.Ui;

public sealed class DayBarsTests : UiTest
{
    private static readonly DayBar[] days =
    [
        new(new DateOnly(2026, 11, 1), Money.FromDollars(2), Money.Zero, Money.Zero),
        new(new DateOnly(2026, 11, 2), Money.FromDollars(1), Money.FromDollars(3), Money.Zero),
        new(new DateOnly(2026, 11, 3), Money.Zero, Money.FromDollars(1), Money.FromDollars(1)),
    ];

    [Fact]
    public void It_has_a_name_and_a_text_alternative()
    {
        var chart = Draw();
        Assert.Equal("Last days", chart.Find("figcaption").TextContent.Trim());
        Assert.Equal(
            "3 days, Nov 1 to Nov 3: $3.00 credit, $4.00 extra usage, $1.00 uncollected. Most on Nov 2: $4.00. The table has each day.",
            chart.Find("[role=img]").GetAttribute("aria-label"));
    }

    [Fact]
    public void Bars_and_cap_are_drawn_to_one_round_scale()
    {
        var chart = Draw();
        Assert.StartsWith("$5.00", chart.Find(".daybars-scale").TextContent.Trim(), StringComparison.Ordinal);
        Assert.Equal("bottom:80%", chart.Find(".daybars-cap").GetAttribute("style"));
        Assert.Equal("height:60%", chart.FindAll(".daybars-day")[1].QuerySelector(".fill-extra")!.GetAttribute("style"));
        Assert.Contains("Daily cap for extra usage, $4.00", chart.Find(".legend").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_has_each_day_the_latest_first()
    {
        var chart = Draw();
        chart.FindAll("button").Single(button => button.TextContent == "Table").Click();
        Assert.Equal(["Nov 3", "Nov 2", "Nov 1"], chart.FindAll("tbody th").Select(cell => cell.TextContent));
        Assert.Equal("true", chart.FindAll("button").Single(button => button.TextContent == "Table").GetAttribute("aria-pressed"));
        Assert.Equal(["$1.00", "$3.00", "$0.00", "$4.00"], chart.FindAll("tbody tr")[1].QuerySelectorAll("td").Select(cell => cell.TextContent));
    }

    [Fact]
    public void Without_days_it_still_stands() =>
        Assert.Equal("No days yet", Render<DayBars>(p => p.Add(c => c.Title, "Last days").Add(c => c.Days, [])).Find("[role=img]").GetAttribute("aria-label"));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3_000_000_000, 5_000_000_000)]
    [InlineData(5_000_000_001, 10_000_000_000)]
    [InlineData(long.MaxValue, long.MaxValue)]
    public void The_top_of_the_scale_is_round(long nanos, long top) => Assert.Equal(top, Share.RoundUp(new Money(nanos)).Nanos);

    private IRenderedComponent<DayBars> Draw() =>
        Render<DayBars>(p => p.Add(c => c.Title, "Last days").Add(c => c.Days, days).Add(c => c.Cap, Money.FromDollars(4)));
}
