using Bunit;
using Ledger;
using Portal.Ui;

namespace Portal.Tests.Ui;

public sealed class MoneyTextTests : UiTest
{
    [Theory]
    [InlineData(13_420_000_000, "$13.42")]
    [InlineData(1_204_000_000_000, "$1,204.00")]
    [InlineData(0, "$0.00")]
    [InlineData(-3_000_000_000, "\u2212$3.00")]
    public void Whole_cents_are_shown_as_they_are(long nanos, string text)
    {
        var money = Render<MoneyText>(p => p.Add(c => c.Amount, new Money(nanos))).Find("data");
        Assert.Equal(text, money.TextContent);
        Assert.False(money.HasAttribute("title"));
        Assert.False(money.HasAttribute("tabindex"));
    }

    [Theory]
    [InlineData(3_100_000, "$0.0031", null)]
    [InlineData(3_127_845, "$0.0031", "exactly $0.003127845")]
    [InlineData(344, "$0.00000034", "exactly $0.000000344")]
    [InlineData(85_500_000, "$0.09", "exactly $0.0855")]
    public void The_exact_figure_is_at_hand_where_the_short_one_is_rounded(long nanos, string text, string? exact)
    {
        var money = Render<MoneyText>(p => p.Add(c => c.Amount, new Money(nanos))).Find("data");
        Assert.Equal(text, money.TextContent);
        Assert.Equal(exact, money.GetAttribute("title"));
        Assert.Equal(exact is null ? null : "0", money.GetAttribute("tabindex"));
    }

    [Fact]
    public void The_exact_decimal_string_is_in_the_value() =>
        Assert.Equal("0.0855", Render<MoneyText>(p => p.Add(c => c.Amount, new Money(85_500_000))).Find("data").GetAttribute("value"));

    [Fact]
    public void Signed_and_with_code() =>
        Assert.Equal("+$20.00 USD", Render<MoneyText>(p => p.Add(c => c.Amount, Money.FromDollars(20)).Add(c => c.Signed, true).Add(c => c.Code, true)).Find("data").TextContent);

    [Fact]
    public void The_same_amount_is_not_drawn_again()
    {
        var money = Render<MoneyText>(p => p.Add(c => c.Amount, new Money(5)));
        money.Render(p => p.Add(c => c.Amount, new Money(5)));
        Assert.Equal(1, money.RenderCount);
        money.Render(p => p.Add(c => c.Amount, new Money(6)));
        Assert.Equal(2, money.RenderCount);
    }
}
