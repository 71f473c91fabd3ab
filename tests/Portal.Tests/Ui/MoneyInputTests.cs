using Ledger;
using Portal.Ui;

namespace Portal.Tests.Ui;

public sealed class MoneyInputTests
{
    [Theory]
    [InlineData("25", "25")]
    [InlineData(" 25.00 ", "25")]
    [InlineData("$25.5", "25.5")]
    [InlineData("US$ 25", "25")]
    [InlineData("25 USD", "25")]
    [InlineData("25$", "25")]
    [InlineData("1,000.00", "1000")]
    [InlineData("1 000", "1000")]
    [InlineData("1\u00a0000.50", "1000.5")]
    [InlineData(".5", "0.5")]
    [InlineData("5.", "5")]
    [InlineData("\u00a07.25\u00a0", "7.25")]
    [InlineData("0", "0")]
    public void What_is_meant_beyond_doubt_is_taken(string typed, string amount)
    {
        Assert.Equal(Money.Parse(amount), MoneyInput.Read(typed, out var message));
        Assert.Null(message);
    }

    [Theory]
    [InlineData("", "Enter an amount in dollars, such as 25 or 25.00.")]
    [InlineData("   ", "Enter an amount in dollars, such as 25 or 25.00.")]
    [InlineData("$", "Enter an amount in dollars, such as 25 or 25.00.")]
    [InlineData("1e9", "Write the amount out in digits, such as 1000000, without an exponent.")]
    [InlineData("-5", "An amount cannot be below zero.")]
    [InlineData("$-5", "An amount cannot be below zero.")]
    [InlineData("\u22125", "An amount cannot be below zero.")]
    [InlineData("12.3456789012", "At most two decimals: whole cents only.")]
    [InlineData("12.345", "At most two decimals: whole cents only.")]
    [InlineData("\u0661\u0662", "Use the digits 0 to 9, such as 25.00.")]
    [InlineData("\u20ac25", "Amounts here are in US dollars, not in \u20ac.")]
    [InlineData("2$5", "Write the dollar sign once, before the amount, or leave it out.")]
    [InlineData("12,50", "Use a point for cents: 12.50.")]
    [InlineData("1.000,00", "Use a comma for thousands and a point for cents: 1,000.00.")]
    [InlineData("1.234.567,5", "Use a comma for thousands and a point for cents: 1,234,567.5.")]
    [InlineData("1\u202f000,00", "Use a comma for thousands and a point for cents: 1,000.00.")]
    [InlineData("1,00,000", "That is not an amount. Write it like 25 or 25.00.")]
    [InlineData("1.2.3", "That is not an amount. Write it like 25 or 25.00.")]
    [InlineData(".", "That is not an amount. Write it like 25 or 25.00.")]
    [InlineData("twenty", "That is not an amount. Write it like 25 or 25.00.")]
    [InlineData("99999999999999999999", "That is more than Portal can count.")]
    public void The_rest_is_answered_with_what_to_write(string typed, string answer)
    {
        Assert.Null(MoneyInput.Read(typed, out var message));
        Assert.Equal(answer, message);
    }
}
