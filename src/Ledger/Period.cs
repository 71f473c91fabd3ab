namespace Ledger;

/// <summary>A billing month <c>[Start, End)</c> of an account.</summary>
/// <param name="Index">Which one, counted from the anchor: 0 starts at the anchor.</param>
/// <param name="Start">The first instant that belongs to it (UTC).</param>
/// <param name="End">The first instant that no longer does: the next period's start.</param>
/// <remarks>Source of the rule: docs/rules.md, "Time". Every boundary is computed from the first anchor, so a short month never shifts the later ones.</remarks>
public readonly record struct Period(int Index, DateTimeOffset Start, DateTimeOffset End)
{
    /// <summary>Period <paramref name="index"/> of an anchor; the day is clamped at month ends (31 Jan, 29 Feb, 31 Mar, ...).</summary>
    public static Period Of(DateTimeOffset anchor, int index) => new(index, anchor.AddMonths(index), anchor.AddMonths(index + 1));

    /// <summary>The period that contains an instant; instants before the anchor have no period.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The instant is before the anchor.</exception>
    public static Period Containing(DateTimeOffset anchor, DateTimeOffset instant)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(instant, anchor);
        var months = (instant.Year - anchor.Year) * 12 + instant.Month - anchor.Month;
        var index = anchor.AddMonths(months) <= instant ? months : months - 1;
        return Of(anchor, index);
    }

    /// <summary>Whether the instant falls into this period.</summary>
    public bool Contains(DateTimeOffset instant) => Start <= instant && instant < End;

    /// <summary>An instant without what is finer than a microsecond, which databases would not keep.</summary>
    public static DateTimeOffset ToMicrosecond(DateTimeOffset instant) => new(instant.UtcTicks - instant.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);

    /// <summary>The first instant of a UTC day.</summary>
    public static DateTimeOffset StartOf(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);

    /// <summary>The UTC day of an instant, which daily caps count by.</summary>
    public static DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(instant.UtcDateTime);
}
