using System.Globalization;
using Portal.Accounts;

namespace Portal.Support;

/// <summary>What somebody fills in to find charges. Instants are UTC's.</summary>
public sealed record CorrectionAsked(string Charge, string Account, DateTime? From, DateTime? To, string Model, string Surface, string App)
{
    public static CorrectionAsked Nothing { get; } = new("", "", null, null, "", "", "");

    /// <summary>The filter, or what is missing of it.</summary>
    public (CorrectionFilter? Filter, string? Why) Read()
    {
        if (!string.IsNullOrWhiteSpace(Charge))
        {
            return PublicIds.TryParseCharge(Charge.Trim(), out var of, out var number)
                ? (new CorrectionFilter(of, number, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, null, null, null), null)
                : (null, "That is no charge's id; one reads like demo-pro.c17.");
        }
        if (From is not { } from || To is not { } to)
        {
            return (null, "Name one charge, or from when until when the charges were recorded.");
        }
        return from < to ? (new CorrectionFilter(Text(Account), null, Utc(from), Utc(to), Text(Model), Text(Surface), Text(App)), null)
            : (null, "The time ends before it begins.");
    }

    private static string? Text(string text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static DateTimeOffset Utc(DateTime moment) => new(DateTime.SpecifyKind(moment, DateTimeKind.Utc));
}
