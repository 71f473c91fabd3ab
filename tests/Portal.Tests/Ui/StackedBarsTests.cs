using Bunit;
using Ledger;
using Portal.Ui;

namespace Portal.Tests.Ui;

public sealed class StackedBarsTests : UiTest
{
    private static readonly BarSeries[] Series = [new("Sonnet", "fill-series-a", "Sonnet"), new("Haiku", "fill-series-b", "Haiku", Level: -1)];

    private static readonly StackedBar[] Bars =
    [
        new(new DateOnly(2025, 12, 31), [Money.FromDollars(2), Money.Zero]),
        new(new DateOnly(2026, 1, 1), [Money.FromDollars(1), Money.FromDollars(3)]),
    ];

    [Fact]
    public void The_lower_series_lies_below_and_nothing_is_drawn_where_nothing_was()
    {
        var chart = Draw();
        Assert.Equal(["fill-series-b", "fill-series-a"], chart.FindAll(".daybars-day")[1].Children.Select(part => part.ClassList[1]));
        Assert.Equal("height:40%", Assert.Single(chart.FindAll(".daybars-day")[0].Children).GetAttribute("style"));
    }

    [Fact]
    public void A_day_that_moves_is_drawn_anew_and_the_days_before_it_on_the_scale_of_all()
    {
        var chart = Draw();
        chart.Render(p => p.Add(c => c.Bars, [Bars[0], new(Bars[1].Day, [Money.FromDollars(6), Money.FromDollars(3)])]));
        Assert.Equal(["height:20%", "height:30%", "height:60%"], chart.FindAll(".daybars-part").Select(part => part.GetAttribute("style")));
        Assert.Equal("Jan 1, 2026: $6.00 Sonnet, $3.00 Haiku", chart.FindAll(".daybars-day")[1].GetAttribute("title"));
        chart.Render(p => p.Add(c => c.Bars, [Bars[1], new(Bars[1].Day.AddDays(1), [Money.FromDollars(1), Money.Zero])]));
        Assert.Equal(["Jan 1: $1.00 Sonnet, $3.00 Haiku", "Jan 2: $1.00 Sonnet, $0.00 Haiku"], chart.FindAll(".daybars-day").Select(day => day.GetAttribute("title")));
    }

    [Fact]
    public void A_name_is_text_whatever_is_in_it()
    {
        const string name = "\"><script>alert(1)</script>";
        var chart = Render<StackedBars>(p => p.Add(c => c.Title, "Two days").Add(c => c.Series, [new BarSeries(name, "fill-series-a", name), Series[1]]).Add(c => c.Bars, Bars));
        Assert.Empty(chart.FindAll("script"));
        Assert.Contains(name, chart.Find(".daybars-day").GetAttribute("title"), StringComparison.Ordinal);
    }

    [Fact]
    public void It_says_in_words_what_it_draws_with_years_where_they_differ() => Assert.Equal(
        "2 days, Dec 31, 2025 to Jan 1, 2026: $3.00 Sonnet, $3.00 Haiku. Most on Jan 1, 2026: $4.00. The table has each day.",
        Draw().Find("[role=img]").GetAttribute("aria-label"));

    [Fact]
    public void A_days_link_is_pressed_by_the_mouse_beside_the_image_and_by_keys_in_the_table()
    {
        var chart = Draw();
        Assert.Empty(chart.FindAll("[role=img] a"));
        Assert.All(chart.FindAll("[aria-hidden=true] a"), link => Assert.Equal("-1", link.GetAttribute("tabindex")));
        chart.FindAll("button").Single(button => button.TextContent == "Table").Click();
        Assert.Equal(["/day/2026-01-01", "/day/2025-12-31"], chart.FindAll("tbody a").Select(link => link.GetAttribute("href")));
        Assert.Equal(["$3.00", "$3.00", "$6.00"], chart.FindAll("tfoot td").Select(cell => cell.TextContent));
    }

    [Theory]
    [InlineData(610, 1000, "61 %")]
    [InlineData(1, 1000, "less than 1 %")]
    [InlineData(0, 0, "0 %")]
    [InlineData(long.MaxValue, long.MaxValue, "100 %")]
    public void A_share_is_said_to_the_nearest_hundredth(long part, long whole, string words) => Assert.Equal(words, Share.Percent(new Money(part), new Money(whole)));

    private IRenderedComponent<StackedBars> Draw() => Render<StackedBars>(p => p
        .Add(c => c.Title, "Two days").Add(c => c.Series, Series).Add(c => c.Bars, Bars).Add(c => c.Link, day => $"/day/{day:yyyy-MM-dd}"));
}
