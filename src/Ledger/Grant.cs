namespace Ledger;

/// <summary>What a grant is for; among grants that expire together they burn in this order.</summary>
public enum GrantKind
{
    /// <summary>The plan's credit of one period, claimed.</summary>
    Monthly,

    /// <summary>Given by a promotion.</summary>
    Promotional,

    /// <summary>Given by staff.</summary>
    Goodwill,
}

/// <summary>One portion of credit. Always: amount = used + held + free + expired, and none of them is negative.</summary>
/// <remarks>Source: docs/rules.md, "Who pays".</remarks>
public sealed class Grant
{
    private Grant() { }

    internal Grant(string account, int number, GrantKind kind, Money amount, DateTimeOffset usableFrom, DateTimeOffset expiresAt, DateTimeOffset grantedAt, int period)
    {
        (Account, Number, Kind, Amount, UsableFrom, ExpiresAt, GrantedAt, Period) = (account, number, kind, amount, usableFrom, expiresAt, grantedAt, period);
        IsNew = true;
    }

    /// <summary>The account's key.</summary>
    public string Account { get; private set; } = "";

    /// <summary>Which grant of the account, counted from 1.</summary>
    public int Number { get; private set; }

    /// <summary>What it is for.</summary>
    public GrantKind Kind { get; private set; }

    /// <summary>How much was granted, adjustments included.</summary>
    public Money Amount { get; private set; }

    /// <summary>What charges and reallocations took.</summary>
    public Money Used { get; private set; }

    /// <summary>What open authorizations hold.</summary>
    public Money Held { get; private set; }

    /// <summary>What was lost when its time had passed.</summary>
    public Money Expired { get; private set; }

    /// <summary>The start of the period in which it was granted: whatever was held from then on may use it.</summary>
    public DateTimeOffset UsableFrom { get; private set; }

    /// <summary>The first instant at which it pays for nothing new.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>When it was granted.</summary>
    public DateTimeOffset GrantedAt { get; private set; }

    /// <summary>The index of the period in which it was granted.</summary>
    public int Period { get; private set; }

    /// <summary>Where it stands in its life.</summary>
    public GrantStage Stage { get; private set; }

    /// <summary>While it waits: how many authorizations given before its expiry are still open.</summary>
    public int WaitsFor { get; private set; }

    /// <summary>What nobody used, holds or lost.</summary>
    public Money Free => Amount - Used - Held - Expired;

    /// <summary>What is left of it, held or not.</summary>
    public Money Left => Amount - Used - Expired;

    /// <summary>Whether its row is to be written for the first time.</summary>
    public bool IsNew { get; internal set; }

    /// <summary>Whether its row is to be written.</summary>
    public bool IsChanged { get; internal set; }

    /// <summary>Whether it may pay for use that was given at an instant.</summary>
    internal bool CanPayFor(DateTimeOffset given) => Stage != GrantStage.Over && UsableFrom <= given && given < ExpiresAt;

    /// <summary>The burn order: soonest expiry first, then monthly, promotional, goodwill, then oldest.</summary>
    internal static int BurnOrder(Grant a, Grant b) =>
        (a.ExpiresAt, a.Kind, a.Number).CompareTo((b.ExpiresAt, b.Kind, b.Number));

    internal void Hold(Money amount) => Change(held: amount);

    internal void Unhold(Money amount) => Change(held: Money.Zero - amount);

    internal void Use(Money amount) => Change(used: amount);

    internal void Enlarge(Money amount) => Change(amount: amount);

    internal void Lose(Money amount) => Change(expired: amount);

    internal void TimePasses(int openHolds)
    {
        Stage = openHolds > 0 ? GrantStage.Waiting : GrantStage.Over;
        WaitsFor = openHolds;
        IsChanged = true;
    }

    internal void HoldEnded() => TimePasses(WaitsFor - 1);

    internal Grant Copy() => (Grant)MemberwiseClone();

    private void Change(Money amount = default, Money used = default, Money held = default, Money expired = default)
    {
        Amount += amount;
        Used += used;
        Held += held;
        Expired += expired;
        IsChanged = true;
        Invariant.Holds(Used >= Money.Zero && Held >= Money.Zero && Expired >= Money.Zero && Free >= Money.Zero,
            "a grant's amount is what is used, held, free and expired");
    }
}

/// <summary>Where a grant stands in its life.</summary>
public enum GrantStage
{
    /// <summary>It pays.</summary>
    Live,

    /// <summary>Its time has passed, but authorizations given before then are open and may still use it.</summary>
    Waiting,

    /// <summary>Its rest is lost.</summary>
    Over,
}
