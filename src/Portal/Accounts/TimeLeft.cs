namespace Portal.Accounts;

/// <summary>How long until an instant, in the largest unit that still says something: "9 days", "31 hours", "12 minutes".</summary>
public static class TimeLeft
{
    private static readonly TimeSpan HoursBelow = TimeSpan.FromDays(2);
    private static readonly TimeSpan MinutesBelow = TimeSpan.FromHours(2);

    /// <summary>Rounded down, so that nobody counts on time that is not there.</summary>
    public static string Until(DateTimeOffset instant, DateTimeOffset now)
    {
        var left = instant - now;
        return left < TimeSpan.FromMinutes(1) ? "less than a minute"
            : left < MinutesBelow ? Count((int)left.TotalMinutes, "minute")
            : left < HoursBelow ? Count((int)left.TotalHours, "hour")
            : Count((int)left.TotalDays, "day");
    }

    private static string Count(int count, string unit) => count == 1 ? $"1 {unit}" : $"{count} {unit}s";
}
