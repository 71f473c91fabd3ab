using System.Globalization;
using Ledger;
using Portal.Data;

namespace Portal.Admin.Audit;

/// <summary>Which records are asked for. The address says it, by ids: an e-mail address that somebody looks for never stands there.</summary>
/// <param name="Actor">Who did it: "user:...", "key:...", "portal".</param>
/// <param name="Subject">Whom it was about: an account's key, or "user:...".</param>
/// <param name="Action">What was done.</param>
/// <param name="From">The first day, UTC.</param>
/// <param name="To">The last day, UTC.</param>
/// <param name="Before">Only records before this one: where a page begins.</param>
public sealed record AuditQuery(string? Actor = null, string? Subject = null, string? Action = null, DateOnly? From = null, DateOnly? To = null, long? Before = null)
{
    public const string Page = "/admin/audit";

    private const string DayForm = "yyyy-MM-dd";

    public bool IsFiltered => Actor is not null || Subject is not null || Action is not null || From is not null || To is not null;

    /// <summary>Reads the address's parts; what is not understood is left out.</summary>
    public static AuditQuery Read(Func<string, string?> part)
    {
        ArgumentNullException.ThrowIfNull(part);
        return new(Text(part("actor")), Text(part("subject")), Text(part("action")), Day(part("from")), Day(part("to")),
            long.TryParse(part("before"), NumberStyles.None, CultureInfo.InvariantCulture, out var before) ? before : null);

        static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
    }

    public static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, DayForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 2000 and < 9000 ? day : null;

    public static string? Written(DateOnly? day) => day?.ToString(DayForm, CultureInfo.InvariantCulture);

    /// <summary>The address of this query, on the page or another one.</summary>
    public string Path(string page = Page)
    {
        var parts = new (string Name, string? Value)[]
        {
            ("actor", Actor), ("subject", Subject), ("action", Action), ("from", Written(From)), ("to", Written(To)), ("before", Before?.ToString(CultureInfo.InvariantCulture)),
        };
        var said = string.Join('&', parts.Where(part => part.Value is not null).Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}"));
        return said == "" ? page : $"{page}?{said}";
    }

    /// <summary>The records that it asks for, in no order yet.</summary>
    public IQueryable<AuditRecord> Of(IQueryable<AuditRecord> records)
    {
        var (from, until) = (Midnight(From), Midnight(To?.AddDays(1)));
        records = Actor is null ? records : records.Where(a => a.Actor == Actor);
        records = Subject is null ? records : records.Where(a => a.Subject == Subject);
        records = Action is null ? records : records.Where(a => a.Action == Action);
        records = from is null ? records : records.Where(a => a.At >= from);
        records = until is null ? records : records.Where(a => a.At < until);
        return Before is null ? records : records.Where(a => a.Id < Before);
    }

    private static DateTimeOffset? Midnight(DateOnly? day) => day is { } some ? Period.StartOf(some) : null;
}
