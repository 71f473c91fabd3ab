namespace Ledger;

/// <summary>The laws that every account keeps; see docs/rules.md.</summary>
public enum LedgerLaw
{
    /// <summary>Entries count without a gap, and each says rightly what is left after it.</summary>
    Entries,

    /// <summary>Of every charge list = credit + extra + uncollected, and its entries say the same.</summary>
    Charges,

    /// <summary>The account's state is the fold of its entries.</summary>
    State,

    /// <summary>Of every grant, granted = used + expired + left.</summary>
    Grants,

    /// <summary>The sums of every period are those of its entries.</summary>
    Periods,

    /// <summary>A reversal takes back each part of its charge once and whole.</summary>
    Corrections,

    /// <summary>What is held is what open authorizations hold.</summary>
    Holds,

    /// <summary>With no hold open, extra means that no credit is left.</summary>
    CreditFirst,
}

/// <summary>A law that an account breaks.</summary>
/// <param name="Law">Which.</param>
/// <param name="Says">How, in words with the account's key.</param>
public sealed record BrokenLaw(LedgerLaw Law, string Says);
