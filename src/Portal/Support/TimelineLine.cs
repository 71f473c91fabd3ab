using System.Globalization;
using Ledger;
using Portal.Accounts;

namespace Portal.Support;

/// <summary>What a line of an account's timeline is about.</summary>
public enum TimelineKind
{
    /// <summary>The charges of one UTC day, together.</summary>
    Use,

    /// <summary>Credit that came, went, moved or was lost.</summary>
    Credit,

    /// <summary>A request that may not run.</summary>
    Refusal,

    /// <summary>A switch, a cap or a plan that was changed.</summary>
    Setting,

    /// <summary>What the subscriber was told.</summary>
    Alert,

    /// <summary>What happened to the owner's sign-in.</summary>
    SignIn,

    /// <summary>What support, administrators and programs did about the account.</summary>
    Support,
}

/// <summary>One line of an account's timeline.</summary>
/// <param name="Key">Names the line within the account.</param>
/// <param name="At">When.</param>
/// <param name="Kind">What it is about.</param>
/// <param name="Title">What happened.</param>
/// <param name="Detail">More of it.</param>
/// <param name="Amount">How much moved.</param>
/// <param name="Path">The page that explains it.</param>
public sealed record TimelineLine(string Key, DateTimeOffset At, TimelineKind Kind, string Title, string? Detail = null, Money? Amount = null, string? Path = null);

/// <summary>One page of the timeline.</summary>
/// <param name="Lines">The lines.</param>
/// <param name="Older">Where the older ones begin; <c>null</c> if these are the oldest.</param>
/// <param name="Archived">That older ones are kept in the archive, in a sentence; <c>null</c> if there may be more here, or none ever were.</param>
public sealed record TimelinePart(IReadOnlyList<TimelineLine> Lines, string? Older, string? Archived);

/// <summary>Where a page of the timeline begins, in each of its sources by their own keys, so that new lines do not shift it.</summary>
public sealed record TimelinePosition(HistoryPosition History, DateOnly Day, int Alert, long Record)
{
    private const char Between = '~';

    /// <summary>The newest lines.</summary>
    public static TimelinePosition Top { get; } = new(HistoryPosition.Top, DateOnly.MaxValue, int.MaxValue, long.MaxValue);

    /// <summary>As it stands in an address.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{History}{Between}{Day.DayNumber}{Between}{Alert}{Between}{Record}");

    /// <summary>Reads one from an address; the top if it is none.</summary>
    public static TimelinePosition Parse(string? text) =>
        text?.Split(Between) is [var history, var day, var alert, var record] && HistoryPosition.Parse(history) is { } h
        && int.TryParse(day, NumberStyles.None, CultureInfo.InvariantCulture, out var d) && d <= DateOnly.MaxValue.DayNumber
        && int.TryParse(alert, NumberStyles.None, CultureInfo.InvariantCulture, out var a)
        && long.TryParse(record, NumberStyles.None, CultureInfo.InvariantCulture, out var r)
            ? new TimelinePosition(h, DateOnly.FromDayNumber(d), a, r)
            : Top;
}

/// <summary>What the address of an account's page asks for; its days are UTC's, as those of daily caps are.</summary>
public sealed record TimelineQuery(TimelineKind? Kind, DateOnly? From, DateOnly? To, string? Start)
{
    private const string DayForm = "yyyy-MM-dd";

    /// <summary>What the kinds are called in the address, and on the page.</summary>
    public static IReadOnlyList<(TimelineKind? Kind, string Key, string Name)> Kinds { get; } =
    [
        (null, "", "All"),
        (TimelineKind.Use, "use", "Use"),
        (TimelineKind.Credit, "credit", "Credit"),
        (TimelineKind.Refusal, "refusals", "Refusals"),
        (TimelineKind.Setting, "settings", "Settings"),
        (TimelineKind.Alert, "alerts", "Alerts"),
        (TimelineKind.SignIn, "sign-ins", "Sign-ins"),
        (TimelineKind.Support, "support", "Support"),
    ];

    /// <summary>Reads the address's parts.</summary>
    public static TimelineQuery Read(string? kind, string? from, string? to, string? start) => new(Kinds.FirstOrDefault(k => k.Key == kind).Kind, Day(from), Day(to), start);

    /// <summary>Whether it shows the newest lines.</summary>
    public bool IsAtTop => Start is null;

    /// <summary>From this instant on.</summary>
    public DateTimeOffset? Since => From is { } day ? Period.StartOf(day) : null;

    /// <summary>Before this one.</summary>
    public DateTimeOffset? Before => To is { } day ? Period.StartOf(day.AddDays(1)) : null;

    /// <summary>The address of this query for an account, with another beginning.</summary>
    public string Path(string account, string? start = null)
    {
        var parts = new List<string>(4);
        Add("kind", Kinds.First(k => k.Kind == Kind).Key);
        Add("from", Written(From));
        Add("to", Written(To));
        Add("start", start);
        return SupportPaths.Account(account) + (parts.Count == 0 ? "" : $"?{string.Join('&', parts)}");

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

    /// <summary>The same, the other way round.</summary>
    public static string? Written(DateOnly? day) => day?.ToString(DayForm, CultureInfo.InvariantCulture);
}

/// <summary>Where the pages of support are.</summary>
public static class SupportPaths
{
    public static string Account(string account) => $"/support/accounts/{account}";

    /// <summary>Where view-as begins.</summary>
    public static string ViewAs(string account) => $"/support/view-as/{account}";

    public static string Charge(string account, string charge) => $"{Account(account)}/charges/{charge}";

    public static string Refusal(string account, Guid refusal) => $"{Account(account)}/refusals?id={refusal:N}";

    public static string Compare(string account, DateTimeOffset from, DateTimeOffset to) => $"{Account(account)}/compare?from={Clock.Written(from)}&to={Clock.Written(to)}";

    public static string Correction(Guid id) => $"/support/corrections/{id:N}";

    public static string Correct(string charge) => $"/support/corrections?charge={Uri.EscapeDataString(charge)}";

    public static string Dispute(string charge) => $"/support/disputes?charge={Uri.EscapeDataString(charge)}";

    /// <summary>Reads one from an address, or from a browser's field of a local time, which has no zone and means UTC here; <c>null</c> if it is none.</summary>
    public static DateTimeOffset? Instant(string? text) =>
        DateTimeOffset.TryParseExact(text, [Clock.Form, "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
        && instant.Year is > 2000 and < 9000 ? instant : null;
}
