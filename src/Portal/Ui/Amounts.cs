using System.Globalization;
using Ledger;

namespace Portal.Ui;

/// <summary>Amounts in sentences, labels and text alternatives, where a component cannot stand, as the viewer writes numbers. Markup uses MoneyText.</summary>
public static class Amounts
{
    private const string Minus = "\u2212";

    /// <summary>What was written lately, by where its amount falls: a page says an amount in several places, and all pages of an account say the same ones at once.</summary>
    private static readonly Written?[] lately = new Written?[1 << 10];

    /// <summary>"$13.42"; "−$3.00" with a real minus; "+$20.00" with plus.</summary>
    public static string Brief(Money amount, bool plus = false)
    {
        var text = Lately(amount, ViewerNumbers.Now);
        return plus && amount.IsPositive ? "+" + text : text;
    }

    /// <summary>Every digit that counts, and cents always: "$0.003127845", "$4.00".</summary>
    public static string Exact(Money amount)
    {
        var digits = amount.ToString().TrimStart('-');
        var decimals = digits.IndexOf('.', StringComparison.Ordinal) is var point and >= 0 ? digits.Length - point - 1 : 0;
        return $"{(amount.Nanos < 0 ? Minus : "")}${ViewerNumbers.Now.Write(decimals switch { 0 => digits + ".00", 1 => digits + "0", _ => digits })}";
    }

    /// <summary>Every digit, where the short form leaves some out; else <c>null</c>.</summary>
    public static string? IfRounded(Money amount) => amount.Nanos % CentNanos != 0 && Exact(amount) is var exact && exact != Brief(amount) ? exact : null;

    /// <summary>A count with its thousands apart: "16,802,970".</summary>
    public static string Count(long count) => ViewerNumbers.Now.Write(count.ToString("N0", CultureInfo.InvariantCulture));

    /// <summary>Whether the short form leaves something out.</summary>
    public static bool IsRounded(Money amount) => amount.Nanos % CentNanos != 0 && Brief(amount) != Exact(amount);

    private const long CentNanos = Money.NanosPerDollar / 100;

    private static string Lately(Money amount, ViewerNumbers numbers)
    {
        ref var place = ref lately[(uint)amount.Nanos.GetHashCode() % (uint)lately.Length];
        if (Volatile.Read(ref place) is { } known && known.Amount == amount && known.Numbers == numbers)
        {
            return known.Text;
        }
        var text = numbers.Write(amount.ForPeople()).Replace("-", Minus, StringComparison.Ordinal);
        Volatile.Write(ref place, new Written(amount, numbers, text));
        return text;
    }

    private sealed record Written(Money Amount, ViewerNumbers Numbers, string Text);
}
