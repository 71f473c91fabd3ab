using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Ledger;

/// <summary>An amount of US dollars in whole nano-dollars. Arithmetic is checked: it throws rather than wraps.</summary>
/// <param name="Nanos">Nano-dollars: one dollar is 1,000,000,000 of them. The range of <see cref="long"/> is about nine billion dollars each way.</param>
/// <remarks>Source of the rule: docs/rules.md, "Money".</remarks>
public readonly record struct Money(long Nanos) : IComparable<Money>
{
    /// <summary>How many nano-dollars make one dollar.</summary>
    public const long NanosPerDollar = 1_000_000_000;

    private const long NanosPerCent = NanosPerDollar / 100;
    private const int Decimals = 9;

    /// <summary>No money.</summary>
    public static Money Zero => default;

    /// <summary>The smallest amount that is counted: one nano-dollar.</summary>
    public static Money Smallest => new(1);

    /// <summary>Whole dollars.</summary>
    public static Money FromDollars(long dollars) => new(checked(dollars * NanosPerDollar));

    /// <summary>Whether this is above zero.</summary>
    public bool IsPositive => Nanos > 0;

    /// <summary>Whether this is nothing.</summary>
    public bool IsZero => Nanos == 0;

    /// <summary>The smaller of two amounts.</summary>
    public static Money Min(Money a, Money b) => a.Nanos <= b.Nanos ? a : b;

    /// <summary>The larger of two amounts.</summary>
    public static Money Max(Money a, Money b) => a.Nanos >= b.Nanos ? a : b;

    /// <summary>This amount, or nothing if it is negative.</summary>
    public Money OrZero => Nanos < 0 ? Zero : this;

    /// <summary>The sum of amounts.</summary>
    public static Money Sum<T>(IEnumerable<T> items, Func<T, Money> amount)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(amount);
        var sum = Zero;
        foreach (var item in items)
        {
            sum += amount(item);
        }
        return sum;
    }

    /// <summary>The sum; throws <see cref="OverflowException"/> beyond the range.</summary>
    public static Money operator +(Money a, Money b) => new(checked(a.Nanos + b.Nanos));

    /// <summary>The difference; throws <see cref="OverflowException"/> beyond the range.</summary>
    public static Money operator -(Money a, Money b) => new(checked(a.Nanos - b.Nanos));

    /// <summary>Less than.</summary>
    public static bool operator <(Money a, Money b) => a.Nanos < b.Nanos;

    /// <summary>More than.</summary>
    public static bool operator >(Money a, Money b) => a.Nanos > b.Nanos;

    /// <summary>At most.</summary>
    public static bool operator <=(Money a, Money b) => a.Nanos <= b.Nanos;

    /// <summary>At least.</summary>
    public static bool operator >=(Money a, Money b) => a.Nanos >= b.Nanos;

    /// <inheritdoc />
    public int CompareTo(Money other) => Nanos.CompareTo(other.Nanos);

    /// <summary>
    /// Reads an exact decimal string of dollars: an optional minus, digits, and up to nine decimals ("20", "0.0855", "-3.5").
    /// Anything else (an exponent, a sign of a currency, more decimals, digits of another script, beyond the range) is refused.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Money money)
    {
        money = Zero;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }
        var negative = text[0] == '-';
        var digits = text.AsSpan(negative ? 1 : 0);
        var point = digits.IndexOf('.');
        var whole = point < 0 ? digits : digits[..point];
        var fraction = point < 0 ? [] : digits[(point + 1)..];
        if (whole.IsEmpty || (point >= 0 && fraction.IsEmpty) || fraction.Length > Decimals
            || whole.ContainsAnyExceptInRange('0', '9') || fraction.ContainsAnyExceptInRange('0', '9')
            || !long.TryParse(whole, NumberStyles.None, CultureInfo.InvariantCulture, out var dollars))
        {
            return false;
        }
        long nanos = 0;
        for (var i = 0; i < Decimals; i++)
        {
            nanos = nanos * 10 + (i < fraction.Length ? fraction[i] - '0' : 0);
        }
        var size = (Int128)dollars * NanosPerDollar + nanos;
        var total = negative ? -size : size;
        if (total < long.MinValue || total > long.MaxValue)
        {
            return false;
        }
        money = new Money((long)total);
        return true;
    }

    /// <summary>Reads an exact decimal string of dollars; see <see cref="TryParse"/>.</summary>
    /// <exception cref="FormatException">The text is not an exact amount.</exception>
    public static Money Parse(string text) =>
        TryParse(text, out var money) ? money : throw new FormatException($"'{text}' is not an exact amount in dollars, such as 20 or 0.0855.");

    /// <summary>The exact amount as a decimal string of dollars, without exponent or trailing zeros: "0.0855", "20", "0".</summary>
    public override string ToString()
    {
        var sign = Nanos < 0 ? "-" : "";
        var (dollars, nanos) = Int128.DivRem(Int128.Abs(Nanos), NanosPerDollar);
        var whole = sign + dollars.ToString(CultureInfo.InvariantCulture);
        return nanos == 0 ? whole : $"{whole}.{((long)nanos).ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0')}";
    }

    /// <summary>The amount as people read it: "$13.42", "$1,204.00"; below one cent the first two digits that count: "$0.0031".</summary>
    public string ForPeople()
    {
        var sign = Nanos < 0 ? "-" : "";
        var size = Int128.Abs(Nanos);
        if (size == 0 || size >= NanosPerCent)
        {
            var (dollars, cents) = Math.DivRem(Rounding.HalfToEven(size, NanosPerCent), 100);
            return string.Create(CultureInfo.InvariantCulture, $"{sign}${dollars:N0}.{cents:D2}");
        }
        long unit = 1;
        while (size / unit >= 100)
        {
            unit *= 10;
        }
        return $"{sign}${new Money(Rounding.HalfToEven(size, unit) * unit)}";
    }
}
