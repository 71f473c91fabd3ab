using Ledger;

namespace Portal.Ui;

/// <summary>Amounts in sentences, labels and text alternatives, where a component cannot stand. Markup uses MoneyText.</summary>
public static class Amounts
{
    private const string Minus = "\u2212";

    /// <summary>"$13.42"; "−$3.00" with a real minus; "+$20.00" with plus.</summary>
    public static string Brief(Money amount, bool plus = false)
    {
        var text = amount.ForPeople().Replace("-", Minus, StringComparison.Ordinal);
        return plus && amount.IsPositive ? "+" + text : text;
    }

    /// <summary>Every digit that counts: "$0.003127845".</summary>
    public static string Exact(Money amount) =>
        amount.Nanos < 0 ? $"{Minus}${amount.ToString()[1..]}" : $"${amount}";

    /// <summary>Whether the short form leaves something out.</summary>
    public static bool IsRounded(Money amount) => amount.Nanos % CentNanos != 0 && Brief(amount) != Exact(amount);

    private const long CentNanos = Money.NanosPerDollar / 100;
}
