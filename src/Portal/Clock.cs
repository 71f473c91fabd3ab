namespace Portal;

/// <summary>The only source of now. Whole microseconds, because that is what both databases keep.</summary>
public sealed class Clock(TimeProvider time)
{
    /// <summary>The instant, UTC, truncated to the microsecond.</summary>
    public DateTimeOffset Now => Truncate(time.GetUtcNow());

    /// <summary>The same instant without what is smaller than a microsecond.</summary>
    public static DateTimeOffset Truncate(DateTimeOffset instant)
    {
        var utc = instant.UtcTicks;
        return new DateTimeOffset(utc - utc % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
    }
}
