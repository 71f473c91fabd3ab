using Bunit;
using Ledger;
using Portal.Ui;

namespace Portal.Tests.Ui;

public sealed class ViewerNumbersTests : UiTest
{
    [Theory]
    [InlineData(",.", "$1.204,50", "16.802.970")]
    [InlineData(",\u202f", "$1\u202f204,50", "16\u202f802\u202f970")]
    [InlineData(".’", "$1’204.50", "16’802’970")]
    [InlineData(".,", "$1,204.50", "16,802,970")]
    [InlineData(null, "$1,204.50", "16,802,970")]
    [InlineData("9", "$1,204.50", "16,802,970")]
    [InlineData(",5", "$1,204.50", "16,802,970")]
    [InlineData("..", "$1,204.50", "16,802,970")]
    public void Amounts_and_counts_are_written_as_the_viewers_browser_does(string? cookie, string amount, string count)
    {
        ViewerNumbers.Now = ViewerNumbers.Read(cookie);
        Assert.Equal((amount, count), (Amounts.Brief(Money.Parse("1204.5")), Amounts.Count(16_802_970)));
        Assert.Equal(amount, Render<MoneyText>(p => p.Add(c => c.Amount, Money.Parse("1204.5"))).Find("data").TextContent);
    }

    [Theory]
    [InlineData("25,50", "25.5")]
    [InlineData("25.50", "25.5")]
    [InlineData("1.000,00", "1000")]
    [InlineData("1\u202f000,5", "1000.5")]
    [InlineData("1 000", "1000")]
    [InlineData("1,000.00", "1000")]
    public void Who_writes_cents_after_a_comma_may_type_them_so(string typed, string amount)
    {
        ViewerNumbers.Now = new ViewerNumbers(',', ".");
        Assert.Equal(Money.Parse(amount), MoneyInput.Read(typed, out var message));
        Assert.Null(message);
    }

    [Theory]
    [InlineData("1.000")]
    [InlineData("1,000")]
    public void What_could_be_one_dollar_or_a_thousand_is_asked_about(string typed)
    {
        ViewerNumbers.Now = new ViewerNumbers(',', ".");
        Assert.Null(MoneyInput.Read(typed, out var message));
        Assert.Equal("Leave the sign between thousands out: 1000.", message);
    }

    [Fact]
    public void A_field_shows_what_it_would_take()
    {
        ViewerNumbers.Now = new ViewerNumbers(',', ".");
        var shown = Render<MoneyField>(p => p.Add(c => c.Label, "Cap").Add(c => c.Value, Money.Parse("1204.5"))).Find("input").GetAttribute("value");
        Assert.Equal("1204,50", shown);
        Assert.Equal(Money.Parse("1204.5"), MoneyInput.Read(shown, out _));
    }
}
