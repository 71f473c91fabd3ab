using System.Globalization;
using Ledger;

namespace Portal.Admin.Health;

/// <summary>The laws, and sizes, in words.</summary>
public static class HealthWords
{
    public static string Of(LedgerLaw law) => law switch
    {
        LedgerLaw.Entries => "Entries count without a gap, and each says rightly what is left after it",
        LedgerLaw.Charges => "Of every charge, list = credit + extra + uncollected, and its entries say the same",
        LedgerLaw.State => "What an account has is what its entries come to",
        LedgerLaw.Grants => "Of every grant, granted = used + expired + left",
        LedgerLaw.Periods => "The sums of every period are those of its entries",
        LedgerLaw.Corrections => "A reversal takes back each part of its charge once, and whole",
        LedgerLaw.Holds => "What is held is what open authorizations hold",
        LedgerLaw.CreditFirst => "With no hold open, extra usage means that no credit is left",
        _ => throw new InvalidOperationException("There are eight laws."),
    };

    /// <summary>"12.4 MB".</summary>
    public static string Size(long bytes)
    {
        string[] units = ["bytes", "kB", "MB", "GB", "TB"];
        var (size, unit) = ((decimal)bytes, 0);
        while (size >= 1_000 && unit < units.Length - 1)
        {
            (size, unit) = (size / 1_000, unit + 1);
        }
        return $"{size.ToString(unit == 0 ? "0" : "0.0", CultureInfo.InvariantCulture)} {units[unit]}";
    }
}
