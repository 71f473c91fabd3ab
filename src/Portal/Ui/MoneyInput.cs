using System.Globalization;
using System.Text.RegularExpressions;
using Ledger;

namespace Portal.Ui;

/// <summary>
/// Reads an amount that a person typed or pasted. What is meant beyond doubt is taken ("$25", "1,000.00", " 25 USD "); the rest is
/// answered with what to write instead. Nothing is guessed and nothing is rounded: who writes cents after a comma may type "25,50" and
/// "1.000,00", but "1.000" alone could be one dollar or a thousand and is asked about.
/// </summary>
public static partial class MoneyInput
{
    private const int Cents = 2;

    /// <summary>The amount, or null and the message that says why not.</summary>
    public static Money? Read(string? text, out string? message)
    {
        var typed = WithoutDollars((text ?? "").Trim());
        message = Complaint(typed);
        if (message is not null)
        {
            return null;
        }
        typed = IsByComma && WithCommaForCents().IsMatch(typed) ? string.Concat(typed.Where(sign => char.IsAsciiDigit(sign) || sign == ',')).Replace(',', '.') : typed;
        var plain = string.Concat(typed.Where(sign => char.IsAsciiDigit(sign) || sign == '.'));
        plain = plain.StartsWith('.') ? "0" + plain : plain.TrimEnd('.');
        if (Money.TryParse(plain, out var amount))
        {
            return amount;
        }
        message = "That is more than Portal can count.";
        return null;
    }

    /// <summary>An amount as its field shows it: cents always, no thousands apart.</summary>
    public static string Write(Money amount) => Amounts.Exact(amount)[1..];

    private static bool IsByComma => ViewerNumbers.Now.Cents == ',';

    private static string? Complaint(string typed) => typed switch
    {
        "" => "Enter an amount in dollars, such as 25 or 25.00.",
        _ when typed.Any(c => char.IsDigit(c) && !char.IsAsciiDigit(c)) => "Use the digits 0 to 9, such as 25.00.",
        _ when typed.FirstOrDefault(c => char.GetUnicodeCategory(c) == UnicodeCategory.CurrencySymbol) is var sign and not '\0' =>
            sign == '$' ? "Write the dollar sign once, before the amount, or leave it out." : $"Amounts here are in US dollars, not in {sign}.",
        ['-' or '\u2212' or '\u2013', ..] => "An amount cannot be below zero.",
        _ when Exponent().IsMatch(typed) => "Write the amount out in digits, such as 1000000, without an exponent.",
        _ when IsByComma && Unclear().IsMatch(typed) => $"Leave the sign between thousands out: {string.Concat(typed.Where(char.IsAsciiDigit))}.",
        _ when IsByComma && WithCommaForCents().IsMatch(typed) => null,
        _ when CommaForCents().IsMatch(typed) => $"Use a point for cents: {typed.Replace(',', '.')}.",
        _ when SwappedSigns().IsMatch(typed) => $"Use a comma for thousands and a point for cents: {WithSwappedSigns(typed)}.",
        _ when !Amount().IsMatch(typed) => "That is not an amount. Write it like 25 or 25.00.",
        _ when typed.Contains('.', StringComparison.Ordinal) && typed.Length - typed.IndexOf('.', StringComparison.Ordinal) - 1 > Cents =>
            "At most two decimals: whole cents only.",
        _ => null,
    };

    /// <summary>"1.000,00", "1 000,00" and "1'000,00" as they are written here.</summary>
    private static string WithSwappedSigns(string typed)
    {
        var cents = typed.LastIndexOf(',');
        return string.Concat(typed[..cents].Select(c => char.IsAsciiDigit(c) ? c : ',')) + "." + typed[(cents + 1)..];
    }

    private static string WithoutDollars(string text)
    {
        foreach (var front in (string[])["US$", "USD", "$"])
        {
            if (text.StartsWith(front, StringComparison.OrdinalIgnoreCase))
            {
                return text[front.Length..].Trim();
            }
        }
        foreach (var back in (string[])["USD", "$"])
        {
            if (text.EndsWith(back, StringComparison.OrdinalIgnoreCase))
            {
                return text[..^back.Length].Trim();
            }
        }
        return text;
    }

    [GeneratedRegex(@"^[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]+$")]
    private static partial Regex Exponent();

    [GeneratedRegex("^([0-9]+|[0-9]{1,3}([. '\u00a0\u202f\u2019][0-9]{3})+),[0-9]{1,2}$")]
    private static partial Regex WithCommaForCents();

    [GeneratedRegex("^[0-9]{1,3}([.,][0-9]{3})+$")]
    private static partial Regex Unclear();

    [GeneratedRegex("^[0-9]+,[0-9]{1,2}$")]
    private static partial Regex CommaForCents();

    [GeneratedRegex("^[0-9]{1,3}([. '\u00a0\u202f\u2019][0-9]{3})+,[0-9]{1,2}$")]
    private static partial Regex SwappedSigns();

    [GeneratedRegex("^([0-9]+|[0-9]{1,3}(,[0-9]{3})+|[0-9]{1,3}([ '\u00a0\u202f\u2019][0-9]{3})+)(\\.[0-9]*)?$|^\\.[0-9]+$")]
    private static partial Regex Amount();
}
