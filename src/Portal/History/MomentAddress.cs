using System.Globalization;

namespace Portal.History;

/// <summary>The address of a past moment: its instant in UTC, to the microsecond.</summary>
internal static class MomentAddress
{
    private const string Form = "yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'";

    public static string Of(DateTimeOffset instant) => $"/history/balance?at={instant.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture)}";

    /// <summary>Reads one from an address; <c>null</c> if it is none.</summary>
    public static DateTimeOffset? Parse(string? text) =>
        DateTimeOffset.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null;
}
