using System.Numerics;
using CsCheck;
using Ledger.Tests.Laws;

namespace Ledger.Tests.Prices;

public class Amounts
{
    [Theory]
    [InlineData("20", 20_000_000_000)]
    [InlineData("0.0855", 85_500_000)]
    [InlineData("-3.5", -3_500_000_000)]
    [InlineData("0.000000001", 1)]
    [InlineData("9223372036.854775807", long.MaxValue)]
    [InlineData("-9223372036.854775808", long.MinValue)]
    public void Are_exact_decimal_strings(string text, long nanos)
    {
        Assert.Equal(new Money(nanos), Money.Parse(text));
        Assert.Equal(text, new Money(nanos).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("-")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("1e3")]
    [InlineData("$5")]
    [InlineData("+5")]
    [InlineData(" 5")]
    [InlineData("5,000")]
    [InlineData("0.0000000001")]
    [InlineData("٣")]
    [InlineData("1.٣")]
    [InlineData("9223372036.854775808")]
    [InlineData("99999999999999999999")]
    public void Anything_else_is_refused(string? text) => Assert.False(Money.TryParse(text, out _));

    [Theory]
    [InlineData("13.42", "$13.42")]
    [InlineData("1204", "$1,204.00")]
    [InlineData("0.0031", "$0.0031")]
    [InlineData("0.00314", "$0.0031")]
    [InlineData("0.00316", "$0.0032")]
    [InlineData("0.009999", "$0.01")]
    [InlineData("0.000000001", "$0.000000001")]
    [InlineData("0", "$0.00")]
    [InlineData("0.01", "$0.01")]
    [InlineData("-3.5", "-$3.50")]
    [InlineData("-0.0031", "-$0.0031")]
    public void People_see_cents_and_below_one_cent_the_first_two_digits(string amount, string seen) => Assert.Equal(seen, Money.Parse(amount).ForPeople());

    [Fact]
    public void Arithmetic_throws_rather_than_wraps()
    {
        Assert.Throws<OverflowException>(() => new Money(long.MaxValue) + Money.Smallest);
        Assert.Throws<OverflowException>(() => new Money(long.MinValue) - Money.Smallest);
        Assert.Throws<OverflowException>(() => Money.FromDollars(long.MaxValue));
    }

    [Fact]
    public void What_is_written_is_read_again() =>
        Gen.Long.Sample(nanos => Money.Parse(new Money(nanos).ToString()) == new Money(nanos), iter: Law.Times(1_000, 1_000_000));

    [Fact]
    public void Rounding_agrees_with_arithmetic_without_bounds() =>
        Gen.Select(Gen.Long[0, long.MaxValue], Gen.Long[1, 1_000_000_000_000]).Sample((numerator, denominator) =>
        {
            var (quotient, rest) = BigInteger.DivRem(numerator, denominator);
            var up = 2 * rest > denominator || (2 * rest == denominator && !quotient.IsEven);
            return Rounding.HalfToEven(numerator, denominator) == quotient + (up ? 1 : 0)
                && Rounding.Down(numerator, denominator) == quotient
                && Rounding.Up(numerator, denominator) == quotient + (rest > 0 ? 1 : 0);
        }, iter: Law.Times(1_000, 1_000_000));

    [Theory]
    [InlineData(1, 2, 0)]
    [InlineData(3, 2, 2)]
    [InlineData(5, 2, 2)]
    [InlineData(7, 4, 2)]
    [InlineData(5, 4, 1)]
    public void Ties_go_to_the_even_one(long numerator, long denominator, long rounded) => Assert.Equal(rounded, Rounding.HalfToEven(numerator, denominator));
}
