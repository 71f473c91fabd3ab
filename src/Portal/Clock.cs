using System.Globalization;
using Ledger;

namespace Portal;

/// <summary>The only source of now, and how files, addresses and the API write instants. Whole microseconds, because that is what both databases keep.</summary>
public sealed class Clock(TimeProvider time)
{
    /// <summary>RFC 3339, in UTC, with at most six decimals.</summary>
    public const string Form = "yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'";

    /// <summary>The instant, UTC, truncated to the microsecond.</summary>
    public DateTimeOffset Now => Period.ToMicrosecond(time.GetUtcNow());

    /// <summary>An instant as <see cref="Form"/> has it.</summary>
    public static string Written(DateTimeOffset instant) => instant.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture);
}
