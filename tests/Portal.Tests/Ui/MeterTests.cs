using Bunit;
using Ledger;
using Portal.Ui;

namespace Portal.Tests.Ui;

public sealed class MeterTests : UiTest
{
    [Fact]
    public void Its_text_alternatives_say_all_amounts()
    {
        var meter = Draw(credit: (20_00, 0, 0), extra: (41_07, 3_50), cap: 50_00);
        var bars = meter.FindAll("[role=img]").Select(bar => bar.GetAttribute("aria-label"));
        Assert.Equal(
            [
                "Credit: $20.00 used, $0.00 held, $0.00 left of $20.00",
                "Extra usage: $41.07 used, $3.50 held, $5.43 room below the cap of $50.00",
            ],
            bars);
    }

    [Fact]
    public void The_legend_has_the_same_amounts_as_text()
    {
        var meter = Draw(credit: (6_18, 40, 13_42), extra: (0, 0), cap: null);
        Assert.Equal(["Used", "Held", "Left"], meter.FindAll("dt").Select(term => term.TextContent));
        Assert.Equal(["$6.18", "$0.40", "$13.42"], meter.FindAll("dd").Select(amount => amount.TextContent));
        Assert.Contains("off", meter.FindAll(".meter-head")[1].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cap_below_what_is_used_is_a_mark_inside_the_bar()
    {
        var meter = Draw(credit: (100_00, 0, 0), extra: (40_00, 0), cap: 10_00);
        Assert.Equal("left:25%", meter.Find(".meter-capmark").GetAttribute("style"));
        Assert.Contains("$0.00 room", meter.FindAll("[role=img]")[1].GetAttribute("aria-label"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_credit_that_is_not_claimed_says_so()
    {
        var meter = Draw(credit: (0, 0, 0), extra: (0, 0), cap: null, note: "not yet claimed");
        Assert.Equal("Credit: not yet claimed", meter.Find("[role=img]").GetAttribute("aria-label"));
    }

    [Fact]
    public void It_is_drawn_again_only_when_an_amount_moved()
    {
        var meter = Draw(credit: (1_00, 0, 0), extra: (0, 0), cap: null);
        meter.Render(p => p.Add(c => c.CreditUsed, Cents(1_00)));
        Assert.Equal(1, meter.RenderCount);
        meter.Render(p => p.Add(c => c.CreditUsed, Cents(2_00)));
        Assert.Equal(2, meter.RenderCount);
    }

    private IRenderedComponent<Meter> Draw((long Used, long Held, long Left) credit, (long Used, long Held) extra, long? cap, string? note = null) =>
        Render<Meter>(p => p
            .Add(c => c.CreditUsed, Cents(credit.Used))
            .Add(c => c.CreditHeld, Cents(credit.Held))
            .Add(c => c.CreditLeft, Cents(credit.Left))
            .Add(c => c.ExtraUsed, Cents(extra.Used))
            .Add(c => c.ExtraHeld, Cents(extra.Held))
            .Add(c => c.Cap, cap is { } amount ? Cents(amount) : null)
            .Add(c => c.CreditNote, note));

    private static Money Cents(long cents) => new(cents * (Money.NanosPerDollar / 100));
}
