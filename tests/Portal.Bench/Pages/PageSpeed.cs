using System.Globalization;
using Portal.Accounts;

namespace Portal.Bench.Pages;

/// <summary>The speed rows that concern pages, each beside the framework's own template, or the same read of fewer events, in the same run.</summary>
public static class PageSpeed
{
    private const double Kibi = 1_024;

    /// <summary>How much is measured.</summary>
    public sealed record Size(int Few, int Many, int Shown, int Reads, int OpenPages, int Pushes, int Starts);

    public static Size Quick { get; } = new(Few: 10_000, Many: 200_000, Shown: 60, Reads: 60, OpenPages: 50, Pushes: 20, Starts: 5);

    public static Size Whole { get; } = new(Few: 10_000, Many: 10_000_000, Shown: 600, Reads: 500, OpenPages: 200, Pushes: 60, Starts: 9);

    public static async Task Run(Size size)
    {
        var load = Load();
        var folder = Directory.CreateTempSubdirectory("portal-bench-").FullName;
        try
        {
            var connection = $"Data Source={Path.Combine(folder, "portal.db")}";
            // Portal and the templates are built while the database is filled; nothing is measured before all is there.
            var apps = Apps(folder, connection);
            await PagesDatabase.Fill(connection, size.Few, size.Many);
            var (portal, empty, accounts) = await apps;
            Say("Published Portal and the templates.");
            var rows = new Rows();
            await Measure(rows, size, portal, empty);
            var (ours, theirs) = await Starts.Measure(portal, accounts, size.Starts);
            rows.Add("start to first answer, ms", ours.Milliseconds, "the template with accounts", theirs.Milliseconds, 1.5, 1.2);
            rows.Add("resident memory after start, MiB", ours.Bytes / Kibi / Kibi, "the template with accounts", theirs.Bytes / Kibi / Kibi, 1.4, 1.15);
            Print(rows, size, load);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What a push costs and an open page holds, beside nothing else, of what was published in a folder, where a database is made for it.</summary>
    public static async Task Pushes(string folder, Size size)
    {
        var load = Load();
        var connection = $"Data Source={Path.Combine(folder, "pushes.db")}";
        foreach (var earlier in Directory.EnumerateFiles(folder, "pushes.db*"))
        {
            File.Delete(earlier);
        }
        await PagesDatabase.Fill(connection, size.Few, many: 0);
        await using var portal = await Publishing.PublishedPortal(folder, connection).Start(measuresHeap: true);
        await using var chromium = await Chromium.Start();
        var owner = await chromium.SignIn(portal, PagesDatabase.EmailOf(PagesDatabase.Few), PagesDatabase.Password);
        // As the rows before do in the whole run: what a start and a push compile is compiled for good before anything counts.
        await using (var watching = await chromium.NewContext(portal, owner))
        {
            await Showing.Measure(watching, portal, PagesDatabase.Few, size.Shown);
        }
        var overview = await OpenOverviews(size, portal, chromium, owner);
        Say(string.Create(CultureInfo.InvariantCulture,
            $"{overview.CpuPerPush.TotalMicroseconds:N0} us a push and page, {overview.LiveBytes / Kibi:N0} KiB a page; {size.OpenPages} pages, {size.Pushes} pushes, load {load:F1} before the run."));
    }

    private static async Task<(PublishedApp Portal, PublishedApp Empty, PublishedApp WithAccounts)> Apps(string folder, string connection) =>
        (await Publishing.Portal(folder, connection), await Publishing.EmptyTemplate(folder), await Publishing.TemplateWithAccounts(folder));

    private static async Task Measure(Rows rows, Size size, PublishedApp portalApp, PublishedApp emptyApp)
    {
        await using var portal = await portalApp.Start(measuresHeap: true);
        await using var empty = await emptyApp.Start(measuresHeap: true);
        await using var chromium = await Chromium.Start();
        var few = await chromium.SignIn(portal, PagesDatabase.EmailOf(PagesDatabase.Few), PagesDatabase.Password);
        var many = await chromium.SignIn(portal, PagesDatabase.EmailOf(PagesDatabase.Many), PagesDatabase.Password);

        await FirstBytes(rows, chromium, portal, empty, few);
        var balance = await Reads.Balance(portal, size.Reads);
        rows.Add($"balance read, {size.Many:N0} events, ms", balance.Many, $"{size.Few:N0} events", balance.Few, 1.2, 1.0);
        var history = await Reads.Page(portal, "/history", few, many, size.Reads);
        rows.Add($"page of history, {size.Many:N0} events, ms", history.Many, $"{size.Few:N0} events", history.Few, 1.5, 1.1);
        Say("Measured the reads.");

        await using var watching = await chromium.NewContext(portal, few);
        var shown = await Showing.Measure(watching, portal, PagesDatabase.Few, size.Shown);
        rows.Alone("an open page shows the new balance, p50, ms", At(shown, 0.5), null, null);
        rows.Alone("an open page shows the new balance, p99, ms", At(shown, 0.99), 250, 100);
        await watching.CloseAsync();
        Say("Measured how soon an open page shows the new balance.");

        await using var anybody = await chromium.NewContext(empty);
        var leaf = await OpenPages.Measure(anybody, empty, "/leaf", "() => Number(document.querySelector('#figure')?.textContent) >= 0", size.OpenPages, new(size.Pushes * 5, TimeSpan.FromMilliseconds(100), async () =>
        {
            using var pushed = await empty.Client.PostAsync("/push", null);
            pushed.EnsureSuccessStatusCode();
        }));
        await anybody.CloseAsync();
        var overview = await OpenOverviews(size, portal, chromium, few);
        rows.Add("live memory per open Overview, KiB", overview.LiveBytes / Kibi, "an open page of one figure", leaf.LiveBytes / Kibi, 4, 3);
        rows.Add("CPU per balance push and open page, us", overview.CpuPerPush.TotalMicroseconds, "a push to one figure", leaf.CpuPerPush.TotalMicroseconds, 2, 1);
        Say($"Measured {size.OpenPages} open pages.");
    }

    private static async Task<OpenPages.Cost> OpenOverviews(Size size, RunningApp portal, Chromium chromium, string owner)
    {
        await using var watching = await chromium.NewContext(portal, owner);
        return await OpenPages.Measure(watching, portal, "/", "() => document.documentElement.dataset.interactive !== undefined", size.OpenPages,
            new(size.Pushes, Following.Pause, () => Gateway.Tell(portal, PagesDatabase.Few)));
    }

    private static async Task FirstBytes(Rows rows, Chromium chromium, RunningApp portal, RunningApp empty, string state)
    {
        var ours = await FirstVisit.Measure(chromium, portal, state);
        var theirs = await FirstVisit.Measure(chromium, empty, state: null);
        rows.Add("bytes of the first visit to Overview", ours.Sum(f => f.Bytes), "the empty template's first page", theirs.Sum(f => f.Bytes), 1.8, 1.5);
        foreach (var (address, bytes) in ours)
        {
            Say($"  {bytes,8:N0} bytes  {new Uri(address).PathAndQuery}");
        }
        Say("Measured the first visit.");
    }

    private static double At(IReadOnlyList<double> sorted, double share) => sorted[(int)Math.Ceiling(share * sorted.Count) - 1];

    /// <summary>How many programs wanted a core in the minute before.</summary>
    private static double Load() => File.Exists("/proc/loadavg") ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture) : 0;

    private static void Say(string line) => Console.WriteLine(line);

    private static void Print(Rows rows, Size size, double load)
    {
        Say("");
        Say($"SQLite, WAL with synchronous=FULL, {size.Few + size.Many:N0} events in the database; medians, the sides in turn where both are read; {size.OpenPages} open pages, {size.Pushes} pushes, {size.Shown} events shown, {size.Starts} starts.");
        Say(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores, load {load:F1} before the run{(load > Environment.ProcessorCount / 2.0 ? ": THE MACHINE WAS BUSY. Times and what hangs on them are worse than its own" : "")}."));
        Say("");
        rows.Print();
    }

    private sealed class Rows
    {
        private readonly List<string> _lines = ["| what | figure | against | figure | ratio | at most | aim |", "|---|---:|---|---:|---:|---:|---:|"];

        public void Add(string what, double ours, string against, double theirs, double most, double aim) =>
            Line($"| {what} | {Figure(ours)} | {against} | {Figure(theirs)} | {ours / theirs:F2} | {most} | {aim} |");

        /// <summary>A figure that is held against no other.</summary>
        public void Alone(string what, double ours, double? most, double? aim) => Line($"| {what} | {Figure(ours)} | - | - | - | {most} | {aim} |");

        public void Print() => _lines.ForEach(Console.WriteLine);

        private static string Figure(double figure) => figure.ToString(figure < 100 ? "F2" : "N0", CultureInfo.InvariantCulture);

        private void Line(FormattableString line) => _lines.Add(line.ToString(CultureInfo.InvariantCulture));
    }
}
