using Microsoft.Extensions.Time.Testing;

namespace Portal.Testing;

/// <summary>The clock of tests.</summary>
public static class FakeClock
{
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The clock jumps ahead, as that of a machine that slept. Whatever waits for it wakes during the last minute, and not once for each of
    /// its pauses, of which a month has millions.
    /// </summary>
    public static void Leap(this FakeTimeProvider time, TimeSpan by)
    {
        ArgumentNullException.ThrowIfNull(time);
        if (by > Rest)
        {
            time.AdjustTime(time.GetUtcNow() + by - Rest);
            by = Rest;
        }
        time.Advance(by);
    }
}
