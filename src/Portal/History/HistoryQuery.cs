using System.Globalization;
using Portal.Accounts;
using Portal.Ui;

namespace Portal.History;

/// <summary>What the address asks for. Whatever is not understood is left out, and said.</summary>
public sealed record HistoryQuery(LineKind? Kind, DateOnly? From, DateOnly? To, HistoryPosition Start, bool IsUtc = false)
{
    private const string DayForm = "yyyy-MM-dd";
    private const string UtcZone = "utc";

    /// <summary>What the kinds are called in the address, and on the page.</summary>
    public static IReadOnlyList<(LineKind? Kind, string Key, string Name)> Kinds { get; } =
    [
        (null, "", "All"),
        (LineKind.Charge, "charges", "Charges"),
        (LineKind.Credit, "credit", "Credit"),
        (LineKind.Refusal, "refusals", "Refusals"),
        (LineKind.Setting, "settings", "Settings"),
    ];

    /// <summary>Reads the address's parts.</summary>
    public static HistoryQuery Read(string? kind, string? from, string? to, string? start, string? zone = null)
    {
        var (first, last) = (Day(from), Day(to));
        var isBackwards = first > last;
        List<string?> wrong =
        [
            string.IsNullOrEmpty(kind) || Kinds.Any(k => k.Key == kind) ? null : $"“kind” is one of {string.Join(", ", Kinds.Select(k => k.Key).Where(k => k != ""))}.",
            string.IsNullOrEmpty(from) || first is not null ? null : "“from” is a day such as 2026-11-01.",
            string.IsNullOrEmpty(to) || last is not null ? null : "“to” is a day such as 2026-11-30.",
            isBackwards ? "“to” is a day before “from”." : null,
            string.IsNullOrEmpty(zone) || zone == UtcZone ? null : $"“zone” is {UtcZone}, or left out for your own.",
        ];
        return new(Kinds.FirstOrDefault(k => k.Key == kind).Kind, isBackwards ? null : first, isBackwards ? null : last, HistoryPosition.Parse(start) ?? HistoryPosition.Top, zone == UtcZone)
        {
            Wrong = [.. wrong.OfType<string>()],
        };
    }

    /// <summary>What of the address was not understood, and how it would be.</summary>
    public IReadOnlyList<string> Wrong { get; init; } = [];

    /// <summary>Whether it shows the newest lines, so that new ones appear by themselves.</summary>
    public bool IsAtTop => Start == HistoryPosition.Top;

    /// <summary>Whether anything is filtered.</summary>
    public bool IsFiltered => Kind is not null || From is not null || To is not null;

    /// <summary>The filter, its days taken as the viewer's; as UTC days if the address says so, as links from charts of UTC days do.</summary>
    public HistoryFilter Filter(ViewerTime time) => new(Kind, From is { } from ? Begin(from, time.Zone) : null, To is { } to ? Begin(to.AddDays(1), time.Zone) : null);

    /// <summary>The address of this query with another beginning.</summary>
    public string Path(string? start = null)
    {
        var parts = new List<string>(5);
        Add("kind", Kinds.First(k => k.Kind == Kind).Key);
        Add("from", From?.ToString(DayForm, CultureInfo.InvariantCulture));
        Add("to", To?.ToString(DayForm, CultureInfo.InvariantCulture));
        Add("zone", IsUtc ? UtcZone : null);
        Add("start", start);
        return parts.Count == 0 ? "/history" : $"/history?{string.Join('&', parts)}";

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                parts.Add($"{name}={Uri.EscapeDataString(value)}");
            }
        }
    }

    /// <summary>A day as the address and the browser's date field write it.</summary>
    public static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, DayForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 2000 and < 9000 ? day : null;

    private DateTimeOffset Begin(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(midnight, (IsUtc ? TimeZoneInfo.Utc : zone).GetUtcOffset(midnight)).ToUniversalTime();
    }
}
