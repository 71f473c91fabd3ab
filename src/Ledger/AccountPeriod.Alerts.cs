namespace Ledger;

/// <summary>What a period's alerts have told already, so that each is raised once. See docs/rules.md, "Alerts".</summary>
public sealed partial class AccountPeriod
{
    /// <summary>The highest percentage of credit that was told of; 0 for none.</summary>
    public int AlertedCredit { get; private set; }

    /// <summary>The highest percentage of the cap that was told of; 0 for none.</summary>
    public int AlertedCap { get; private set; }

    /// <summary>How many days before its end it was last told what is about to be lost; <see cref="int.MaxValue"/> while it was not.</summary>
    public int AlertedExpiry { get; private set; } = int.MaxValue;

    /// <summary>What else was told of once: a bit for each kind, and from bit 16 on one for each reason of a refusal.</summary>
    public int AlertedOnce { get; private set; }

    /// <summary>From when the terms are that were told of for the next period; <c>null</c> while nothing else was than those that count.</summary>
    public DateTimeOffset? AlertedTerms { get; private set; }

    internal void AlertedOf(PlanTerms terms) => (AlertedTerms, IsChanged) = (terms.EffectiveFrom, true);

    internal int Alerted(AlertKind kind) => kind == AlertKind.CapUsed ? AlertedCap : AlertedCredit;

    internal void AlertedUpTo(AlertKind kind, int percent)
    {
        (AlertedCredit, AlertedCap) = kind == AlertKind.CapUsed ? (AlertedCredit, Math.Max(AlertedCap, percent)) : (Math.Max(AlertedCredit, percent), AlertedCap);
        IsChanged = true;
    }

    internal void AlertedDays(int days) => (AlertedExpiry, IsChanged) = (days, true);

    internal bool WasAlerted(AlertKind kind) => (AlertedOnce & (1 << (int)kind)) != 0;

    internal bool AlertOnce(AlertKind kind) => AlertOnce(1 << (int)kind);

    internal bool AlertOnce(RefusalCode code) => AlertOnce(1 << (16 + (int)code));

    /// <summary>Whether it was not told of before; from now on it was.</summary>
    private bool AlertOnce(int bit)
    {
        var isNew = (AlertedOnce & bit) == 0;
        AlertedOnce |= bit;
        IsChanged |= isNew;
        return isNew;
    }
}
