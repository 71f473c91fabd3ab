using System.Globalization;
using Ledger;
using Portal.Api;

namespace Portal.UsagePages;

/// <summary>Which days are shown.</summary>
public enum UsageSpan
{
    /// <summary>What the running period counts.</summary>
    Period,

    /// <summary>What the one before it counts.</summary>
    LastPeriod,

    Week,

    Month,

    Quarter,

    /// <summary>From a day to a day.</summary>
    Days,
}

/// <summary>What use is added up by, besides days.</summary>
public enum UsageGrouping
{
    Payer,

    Model,

    Surface,

    App,
}

/// <summary>
/// What the address asks for, of the page and of its exports alike; the address is the only place that remembers it. What is not
/// understood is left out and said: <see cref="Wrong"/>.
/// </summary>
/// <param name="Span">Which days.</param>
/// <param name="From">The first day, for <see cref="UsageSpan.Days"/>.</param>
/// <param name="To">The last day, for <see cref="UsageSpan.Days"/>; <c>null</c>: today.</param>
/// <param name="By">What it is grouped by.</param>
/// <param name="IsWhole">Whether the table adds the days up.</param>
/// <param name="Model">Only this model.</param>
/// <param name="Surface">Only this surface.</param>
/// <param name="App">Only this app; "" for use that names none.</param>
/// <param name="Payer">Only what these paid a part of.</param>
/// <param name="Start">How many rows of the table come before the first one that is shown.</param>
public sealed record UsageQuery(
    UsageSpan Span = UsageSpan.Period, DateOnly? From = null, DateOnly? To = null, UsageGrouping By = UsageGrouping.Payer, bool IsWhole = false,
    string? Model = null, string? Surface = null, string? App = null, Payers? Payer = null, int Start = 0)
{
    public const string DayForm = "yyyy-MM-dd";

    /// <summary>So many days are shown at once, at most: a year and a day.</summary>
    public const int MostDays = 366;

    private const int DaysBeforeTo = 29;

    /// <summary>What programs paid for, or should have: all that the fee does not include.</summary>
    public const Payers Programmatic = Payers.Credit | Payers.Extra | Payers.Uncollected;

    public static IReadOnlyList<(UsageSpan Span, string Key, string Name)> Spans { get; } =
    [
        (UsageSpan.Period, "", "This period"),
        (UsageSpan.LastPeriod, "last-period", "Last period"),
        (UsageSpan.Week, "7d", "7 days"),
        (UsageSpan.Month, "30d", "30 days"),
        (UsageSpan.Quarter, "90d", "90 days"),
    ];

    public static IReadOnlyList<(UsageGrouping By, string Key, string Name)> Groupings { get; } =
    [
        (UsageGrouping.Payer, "", "Who paid"),
        (UsageGrouping.Model, "model", "Model"),
        (UsageGrouping.Surface, "surface", "Surface"),
        (UsageGrouping.App, "app", "App"),
    ];

    public static IReadOnlyList<(Payers? Payer, string Key, string Name)> PaidBy { get; } =
    [
        (null, "", "All use"),
        (Programmatic, "programmatic", "Programmatic"),
        (Payers.Credit, "credit", "Paid by credit"),
        (Payers.Extra, "extra", "Extra usage"),
        (Payers.Uncollected, "uncollected", "Uncollected"),
        (Payers.Included, "included", "Included"),
    ];

    /// <summary>What of the address was not understood, and how it would be.</summary>
    public IReadOnlyList<string> Wrong { get; init; } = [];

    /// <summary>Whether only a part of the use is shown.</summary>
    public bool IsFiltered => Model is not null || Surface is not null || App is not null || Payer is not null;

    /// <summary>Reads an address, whose parts are asked for by name.</summary>
    public static UsageQuery Read(Func<string, string?> part)
    {
        ArgumentNullException.ThrowIfNull(part);
        var wrong = new List<string>();
        var (from, to) = (Day("from"), Day("to"));
        if (to is { } end && (from ?? end) is var begin && (begin > end || end.DayNumber - begin.DayNumber >= MostDays))
        {
            wrong.Add(begin > end ? "“to” is a day before “from”." : $"At most {MostDays} days are shown at once.");
            (from, to) = (null, null);
        }
        var span = Named("range", Spans.Select(s => s.Key), "") is var key && Spans.First(s => s.Key == key).Span is var named && (from ?? to) is null ? named : UsageSpan.Days;
        if (span == UsageSpan.Days && key != "")
        {
            wrong.Add("“range” does not count beside “from” and “to”.");
        }
        var by = Named("by", Groupings.Select(g => g.Key), "");
        var paid = Named("paid", PaidBy.Select(p => p.Key), "");
        var start = 0;
        if (part("start") is { Length: > 0 } text && !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out start))
        {
            wrong.Add("“start” is a number of rows.");
        }
        return new UsageQuery(
            span, from ?? to?.AddDays(-DaysBeforeTo), to, Groupings.First(g => g.Key == by).By, Named("rows", ["whole"], "") == "whole",
            Text("model"), Text("surface"), Text("app", mayBeEmpty: true), PaidBy.First(p => p.Key == paid).Payer, start)
        {
            Wrong = wrong,
        };

        DateOnly? Day(string name)
        {
            if (part(name) is not { Length: > 0 } text)
            {
                return null;
            }
            if (ReadDay(text) is { } day)
            {
                return day;
            }
            wrong.Add($"“{name}” is a day such as 2026-11-01.");
            return null;
        }

        string Named(string name, IEnumerable<string> known, string otherwise)
        {
            var value = part(name);
            if (string.IsNullOrEmpty(value) || known.Contains(value))
            {
                return value ?? otherwise;
            }
            wrong.Add($"“{name}” is one of {string.Join(", ", known.Where(k => k != ""))}.");
            return otherwise;
        }

        string? Text(string name, bool mayBeEmpty = false)
        {
            var value = part(name);
            if (value is null || (value == "" && !mayBeEmpty))
            {
                return null;
            }
            if (value == "" || Texts.IsName(value))
            {
                return value;
            }
            wrong.Add($"“{name}” is a name of at most {Texts.LongestName} characters.");
            return null;
        }
    }

    /// <summary>A day as the address and the browser's date field write it.</summary>
    public static DateOnly? ReadDay(string? text) =>
        DateOnly.TryParseExact(text, DayForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 2000 and < 9000 ? day : null;

    /// <summary>Whether this is asked of a charge.</summary>
    public bool Asks(UsageKey of) =>
        (Model is null || of.Model == Model) && (Surface is null || of.Surface == Surface) && (App is null || (of.App ?? "") == App) && (Payer is null || (of.Payers & Payer.Value) != 0);

    /// <summary>The lines of a day in the history: those that count here, and what else happened.</summary>
    public string DayInHistory(DateOnly day) => Together("/history",
    [
        ("kind", Payer is null ? "" : Payer == Payers.Included ? "included" : "charges"), ("from", Written(day)), ("to", Written(day)), ("zone", "utc"), ("model", Model), ("surface", Surface), ("app", App),
    ]);

    /// <summary>The page's address.</summary>
    public string Path() => Address("/usage", Start == 0 ? null : Start.ToString(CultureInfo.InvariantCulture));

    /// <summary>The address of an export: all rows, counted through the charge that the page counts through, so that it is what the page shows.</summary>
    public string Export(string format, DateTimeOffset asOf, long through) =>
        Address($"/usage/export.{format}", null, ("as_of", Clock.Written(asOf)), ("through", through.ToString(CultureInfo.InvariantCulture)));

    private string Address(string path, string? start, params (string Name, string? Value)[] more) => Together(path,
        [
            ("range", Span == UsageSpan.Days ? "" : Spans.First(s => s.Span == Span).Key),
            ("from", Written(From)),
            ("to", Written(To)),
            ("by", Groupings.First(g => g.By == By).Key),
            ("rows", IsWhole ? "whole" : ""),
            ("model", Model),
            ("surface", Surface),
            ("app", App),
            ("paid", PaidBy.First(p => p.Payer == Payer).Key),
            ("start", start),
            .. more,
        ]);

    private static string Together(string path, (string Name, string? Value)[] parts)
    {
        // An app of no name is a filter; every other empty part is none.
        var said = parts.Where(p => p.Name == "app" ? p.Value is not null : !string.IsNullOrEmpty(p.Value)).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}");
        var query = string.Join('&', said);
        return query == "" ? path : $"{path}?{query}";
    }

    private static string? Written(DateOnly? day) => day?.ToString(DayForm, CultureInfo.InvariantCulture);
}
