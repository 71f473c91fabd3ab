namespace Ledger;

/// <summary>What a line of the ledger says.</summary>
public enum EntryKind
{
    /// <summary>Credit was given.</summary>
    Grant,

    /// <summary>A part of a charge: credit used, extra used, or uncollected.</summary>
    Charge,

    /// <summary>Extra became credit.</summary>
    Reallocation,

    /// <summary>Unused credit was lost.</summary>
    Expiry,

    /// <summary>A grant became larger, such as by an upgrade.</summary>
    Adjustment,

    /// <summary>A part of a charge was taken back.</summary>
    Reversal,
}

/// <summary>Which pool an entry moves.</summary>
public enum EntryPool
{
    /// <summary>None: an uncollected part, or extra of a final period that a correction refunds.</summary>
    None,

    /// <summary>The account's credit.</summary>
    Credit,

    /// <summary>The account's extra usage.</summary>
    Extra,
}

/// <summary>
/// One line of the ledger. Append-only; a correction is a new entry that names the old one. The amount is never negative:
/// kind and pool say which way it moved. The account's state is the sum of its entries and its open authorizations.
/// </summary>
public sealed class Entry
{
    private Entry() { }

    internal Entry(string account, long seq, DateTimeOffset at, EntryKind kind, EntryPool pool, Money amount, int period)
    {
        (Account, Seq, At, Day, Kind, Pool, Amount, Period) = (account, seq, at, Ledger.Period.DayOf(at), kind, pool, amount, period);
    }

    /// <summary>The account's key.</summary>
    public string Account { get; private set; } = "";

    /// <summary>Counts the account's entries from 1, without a gap.</summary>
    public long Seq { get; private set; }

    /// <summary>When it counts; for what happens at a boundary, the boundary.</summary>
    public DateTimeOffset At { get; private set; }

    /// <summary>The UTC day of <see cref="At"/>, by which charts group.</summary>
    public DateOnly Day { get; private set; }

    /// <summary>What it says.</summary>
    public EntryKind Kind { get; private set; }

    /// <summary>Which pool it moves.</summary>
    public EntryPool Pool { get; private set; }

    /// <summary>How much moved; never negative.</summary>
    public Money Amount { get; private set; }

    /// <summary>The index of the period that counts it.</summary>
    public int Period { get; private set; }

    /// <summary>The grant that it moves.</summary>
    public int? Grant { get; internal init; }

    /// <summary>The charge that it is a part of.</summary>
    public long? Charge { get; internal init; }

    /// <summary>The model of the charge.</summary>
    public string? Model { get; internal init; }

    /// <summary>The surface of the charge.</summary>
    public string? Surface { get; internal init; }

    /// <summary>The app of the charge.</summary>
    public string? App { get; internal init; }

    /// <summary>The promotion under which the extra stands that it moves.</summary>
    public string? Promotion { get; internal init; }

    /// <summary>Who caused it.</summary>
    public string Actor { get; internal init; } = "";

    /// <summary>Why, in a few words.</summary>
    public string? Reason { get; internal init; }

    /// <summary>Credit left after it, held or not.</summary>
    public Money CreditAfter { get; internal set; }

    /// <summary>Extra used in its period after it.</summary>
    public Money ExtraAfter { get; internal set; }

    /// <summary>The entry that it corrects.</summary>
    public long? Reverses { get; internal init; }
}
