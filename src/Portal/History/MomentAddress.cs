using System.Globalization;

namespace Portal.History;

/// <summary>The address of a past moment: its instant in UTC, to the microsecond.</summary>
internal static class MomentAddress
{
    public static string Of(DateTimeOffset instant) => $"/history/balance?at={Clock.Written(instant)}";

    /// <summary>Reads one from an address; <c>null</c> if it is none.</summary>
    public static DateTimeOffset? Parse(string? text) =>
        DateTimeOffset.TryParseExact(text, Clock.Form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null;
}
