using System.Text.RegularExpressions;

namespace Portal.Tests.Architecture;

/// <summary>The walls between the rooms of src/Portal, which are folders: no compiler holds them, so this does.</summary>
public sealed partial class Walls
{
    /// <summary>Rooms that every room may enter.</summary>
    private static readonly string[] Shared = ["Accounts", "Data", "Mail", "Security", "Settings", "SignIn", "Terms", "Ui", "Watching"];

    /// <summary>What else one room may know of another, and why. The whole list is here.</summary>
    private static readonly (string From, string To, string Why)[] Allowed =
    [
        ("Admin", "Api", "administrators make the keys that the API knows"),
        ("Demo", "Api", "the demo has a gateway key"),
        ("Keys", "Api", "a personal token is one of the keys that the API knows"),
        ("Security", "Demo", "outside Development a database with the demo's people stops the start"),
        ("SignIn", "Api", "people take their data along in the words of the API, and leave no token of theirs behind"),
        ("SignIn", "Demo", "in Development the sign-in page lists the demo's people"),
        ("Usage", "Api", "exports are written as the API writes: its instants, its names"),
    ];

    [Fact]
    public void Rooms_do_not_reach_into_each_other()
    {
        var crossed =
            from file in Source.Portal
            let room = Room(file)
            where room is not null
            from line in file.Code
            from Match reference in Reference().Matches(line.Code)
            let other = RoomOf(reference.Groups[1].Value)
            where other != room && Rooms.Contains(other) && !Shared.Contains(other)
            where !Allowed.Any(allowed => allowed.From == room && allowed.To == other)
            select $"{file.Path}:{line.Number}: {line.Code.Trim()}";
        Rule.HasNoOffender(crossed);
    }

    [Fact]
    public void Every_allowed_way_is_used()
    {
        var unused =
            from allowed in Allowed
            where !Source.Portal.Any(file => Room(file) == allowed.From && file.Code.Any(line => Reference().Matches(line.Code).Any(match => RoomOf(match.Groups[1].Value) == allowed.To)))
            select $"{allowed.From} no longer enters {allowed.To}: take it off the list.";
        Rule.HasNoOffender(unused);
    }

    [Fact]
    public void What_all_pages_import_is_shared()
    {
        var imports = Source.All.Single(file => file.Path == "src/Portal/_Imports.razor");
        var names = Reference().Matches(imports.Text).Select(match => RoomOf(match.Groups[1].Value)).Where(Rooms.Contains);
        Rule.HasNoOffender(names.Except(Shared));
    }

    [Fact]
    public void Pages_never_name_the_database() =>
        Rule.HasNoOffender(Source.Portal
            .Where(file => file.Path.EndsWith(".razor", StringComparison.Ordinal) || file.Path.EndsWith(".razor.cs", StringComparison.Ordinal))
            .SelectMany(file => file.Find(Database())));

    /// <summary>A page that made its own actor would leave out the session, and go on giving commands after the person has signed out.</summary>
    [Fact]
    public void Only_the_viewer_says_which_person_acts() =>
        Rule.HasNoOffender(Source.Portal
            .Where(file => Room(file) is not ("SignIn" or "Demo"))
            .SelectMany(file => file.Find(MadeActor())));

    [Fact]
    public void Only_the_clock_reads_the_time() =>
        Rule.HasNoOffender(Source.Portal.Where(file => file.Path != "src/Portal/Clock.cs").SelectMany(file => file.Find(Time())));

    /// <summary>A room whose namespace has another name: Portal.Usage would hide Ledger's type Usage from every file of Portal.</summary>
    private static string RoomOf(string name) => name == "UsagePages" ? "Usage" : name;

    private static HashSet<string> Rooms { get; } = [.. Source.Portal.Select(Room).OfType<string>()];

    /// <summary>src/Portal/Room/...; what stands above the rooms (Program, Commands) puts them together and may know them all.</summary>
    private static string? Room(SourceFile file) => file.Path.Split('/') is [_, _, var room, _, ..] ? room : null;

    [GeneratedRegex(@"\bPortal\.([A-Z]\w*)\b")]
    private static partial Regex Reference();

    [GeneratedRegex(@"\b(Sqlite|Postgres)?PortalDb\b|\bDbContext\b|\bEntityFrameworkCore\b")]
    private static partial Regex Database();

    /// <summary>Naming a person's id, as words of the history do, makes no actor.</summary>
    [GeneratedRegex(@"\bActor\.User\([^)]*\)(?!\.Id)")]
    private static partial Regex MadeActor();

    [GeneratedRegex(@"\bGetUtcNow\b|\bGetLocalNow\b|\b(DateTime|DateTimeOffset)\.(Now|UtcNow|Today)\b")]
    private static partial Regex Time();
}
