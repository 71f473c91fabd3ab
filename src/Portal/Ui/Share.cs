using System.Globalization;
using Ledger;

namespace Portal.Ui;

/// <summary>Lengths of drawings. Doubles are allowed here and only here: nothing that is drawn is ever counted.</summary>
internal static class Share
{
    /// <summary>The part of the whole as CSS, at most all of it: "32.9%".</summary>
    public static string Of(Money part, Money whole) =>
        string.Create(CultureInfo.InvariantCulture, $"{(whole.IsPositive ? Math.Clamp(100.0 * part.Nanos / whole.Nanos, 0, 100) : 0):0.###}%");

    /// <summary>The part of the whole in thousandths, for a drawing that is a thousand high.</summary>
    public static int Thousandths(Money part, Money whole) => whole.IsPositive ? (int)Math.Clamp(1000.0 * part.Nanos / whole.Nanos, 0, 1000) : 0;

    /// <summary>The same of time.</summary>
    public static int Thousandths(TimeSpan part, TimeSpan whole) => (int)Math.Clamp(1000 * part / whole, 0, 1000);

    /// <summary>The part of the whole as people say it, to the nearest hundredth: "61 %"; what is there is never said to be nothing.</summary>
    public static string Percent(Money part, Money whole)
    {
        var percent = whole.IsPositive ? ((Int128)part.Nanos * 200 + whole.Nanos) / ((Int128)whole.Nanos * 2) : 0;
        return percent == 0 && part.IsPositive ? "less than 1 %" : string.Create(CultureInfo.InvariantCulture, $"{(long)percent} %");
    }

    /// <summary>The next round amount (1, 2 or 5 times a power of ten) that is not below this one: the top of a scale.</summary>
    public static Money RoundUp(Money amount)
    {
        long power = 1;
        while (true)
        {
            foreach (var factor in (long[])[1, 2, 5])
            {
                if (Int128.CreateChecked(power) * factor >= amount.Nanos)
                {
                    return new Money(power * factor);
                }
            }
            if (power > long.MaxValue / 50)
            {
                return amount;
            }
            power *= 10;
        }
    }
}
