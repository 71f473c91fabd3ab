using System.Globalization;
using Portal.Accounts;
using Portal.Ui;

namespace Portal.History;

/// <summary>What the address asks for; the address is the only place that remembers it. What is not understood is left out and said: <see cref="Wrong"/>.</summary>
/// <param name="Kind">Only lines of this kind.</param>
/// <param name="From">The first day.</param>
/// <param name="To">The last day.</param>
/// <param name="Start">Where the page begins.</param>
/// <param name="IsUtc">Whether the days are UTC days, as links from charts of UTC days say.</param>
/// <param name="Model">Only what names this model.</param>
/// <param name="Surface">Only what names this surface.</param>
/// <param name="App">Only what names this app; "" for use that names none.</param>
public sealed record HistoryQuery(
    LineKind? Kind, DateOnly? From, DateOnly? To, HistoryPosition Start, bool IsUtc = false, string? Model = null, string? Surface = null, string? App = null)
{
    private const string DayForm = "yyyy-MM-dd";
    private const string UtcZone = "utc";

    /// <summary>No model, surface or app has a longer name.</summary>
    public const int LongestName = 256;

    /// <summary>What the kinds are called in the address, and on the page.</summary>
    public static IReadOnlyList<(LineKind? Kind, string Key, string Name)> Kinds { get; } =
    [
        (null, "", "All"),
        (LineKind.Charge, "charges", "Charges"),
        (LineKind.Included, "included", "Included"),
        (LineKind.Credit, "credit", "Credit"),
        (LineKind.Refusal, "refusals", "Refusals"),
        (LineKind.Setting, "settings", "Settings"),
    ];

    /// <summary>Reads an address, whose parts are asked for by name.</summary>
    public static HistoryQuery Read(Func<string, string?> part)
    {
        ArgumentNullException.ThrowIfNull(part);
        var wrong = new List<string>();
        var kind = Kinds.FirstOrDefault(k => k.Key == (part("kind") ?? ""));
        Demand(kind.Key is not null, $"“kind” is one of {string.Join(", ", Kinds.Select(k => k.Key).Where(k => k != ""))}.");
        var (from, to) = (Day(part("from")), Day(part("to")));
        Demand(from is not null || string.IsNullOrEmpty(part("from")), "“from” is a day such as 2026-11-01.");
        Demand(to is not null || string.IsNullOrEmpty(part("to")), "“to” is a day such as 2026-11-30.");
        if (from > to)
        {
            wrong.Add("“to” is a day before “from”.");
            (from, to) = (null, null);
        }
        Demand(part("zone") is null or "" or UtcZone, $"“zone” is {UtcZone}, or left out for your own.");
        var start = HistoryPosition.Parse(part("start"));
        Demand(start is not null || string.IsNullOrEmpty(part("start")), "“start” is a place that a link of this page names.");
        return new(kind.Kind, from, to, start ?? HistoryPosition.Top, part("zone") == UtcZone, Name("model"), Name("surface"), part("app") == "" ? "" : Name("app")) { Wrong = wrong };

        string? Name(string of)
        {
            var name = part(of);
            var isName = name is { Length: > 0 and <= LongestName } && !name.Any(char.IsControl);
            Demand(isName || string.IsNullOrEmpty(name), $"“{of}” is a name of at most {LongestName} characters.");
            return isName ? name : null;
        }

        void Demand(bool holds, string why)
        {
            if (!holds)
            {
                wrong.Add(why);
            }
        }
    }

    /// <summary>What of the address was not understood, and how it would be.</summary>
    public IReadOnlyList<string> Wrong { get; init; } = [];

    /// <summary>Whether it shows the newest lines, so that new ones appear by themselves.</summary>
    public bool IsAtTop => Start == HistoryPosition.Top;

    /// <summary>Whether anything is filtered.</summary>
    public bool IsFiltered => Kind is not null || From is not null || To is not null || Model is not null || Surface is not null || App is not null;

    /// <summary>The filter, its days taken as the viewer's; as UTC days if the address says so, as links from charts of UTC days do.</summary>
    public HistoryFilter Filter(ViewerTime time) => new(
        Kind, From is { } from ? Begin(from, time.Zone) : null, To is { } to ? Begin(to.AddDays(1), time.Zone) : null, WithIncluded: true, Model: Model, Surface: Surface, App: App);

    /// <summary>The address of this query with another beginning.</summary>
    public string Path(string? start = null)
    {
        (string Name, string? Value)[] parts =
        [
            ("kind", Kinds.First(k => k.Kind == Kind).Key),
            ("from", From?.ToString(DayForm, CultureInfo.InvariantCulture)),
            ("to", To?.ToString(DayForm, CultureInfo.InvariantCulture)),
            ("zone", IsUtc ? UtcZone : null),
            ("model", Model),
            ("surface", Surface),
            ("app", App),
            ("start", start),
        ];
        // An app of no name is a filter; every other empty part is none.
        var said = string.Join('&', parts.Where(p => p.Name == "app" ? p.Value is not null : !string.IsNullOrEmpty(p.Value)).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}"));
        return said == "" ? "/history" : $"/history?{said}";
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
