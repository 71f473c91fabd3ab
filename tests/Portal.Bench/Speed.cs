using System.Globalization;
using Portal.Settings;
using Portal.Testing;

namespace Portal.Bench;

/// <summary>
/// The speed of settle, authorize and events, each beside its comparison in the same run, the sides in turn, medians: on SQLite beside the database alone and
/// beside a POST that only parses, on PostgreSQL beside its own benchmark.
/// </summary>
internal sealed class Speed(Server portal, Sides sides)
{
    private const int Connections = 64;

    /// <summary>Rounds that do not count: after one alone a third of the server's time still goes into compiling what runs often anew, which a server that stays up has behind it.</summary>
    private const int WarmingUp = 4;

    /// <summary>Calls with a hundred events each that are under way at once.</summary>
    private const int Batches = 16;

    public static async Task Run(int events, int requests, int rounds)
    {
        await OnSqlite(events, requests, rounds);
        await OnPostgres(events, requests, rounds);
    }

    /// <param name="events">How many lie in the database before.</param>
    /// <param name="requests">How many of each kind a round has.</param>
    /// <param name="rounds">How many count.</param>
    /// <param name="ledger">The file of a ledger written as SQL functions, to stand beside (see <see cref="Pgbench.AddLedger"/>).</param>
    public static async Task OnPostgres(int events, int requests, int rounds, string? ledger = null)
    {
        if (PostgresCluster.Missing is { } why)
        {
            Console.WriteLine(why);
            return;
        }
        await using var cluster = await PostgresCluster.Start();
        await cluster.Execute("CREATE DATABASE portal");
        var connection = cluster.ConnectionString("portal");
        await BenchDatabase.Fill(connection, events, DatabaseSettings.Postgresql);
        var pgbench = await Pgbench.Prepare(cluster);
        if (ledger is not null)
        {
            await pgbench.AddLedger(ledger);
        }
        await using var portal = await Server.Portal(connection, DatabaseSettings.Postgresql);
        var speed = new Speed(portal, new Sides());
        await speed.Rounds(rounds, round => speed.PostgresRound(pgbench, new SpeedRequests(round, requests), ledger is not null));
        speed.PrintPostgres(events, ledger is not null);
    }

    public static async Task OnSqlite(int events, int requests, int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("portal-bench-").FullName;
        var connection = $"Data Source={Path.Combine(folder, "portal.db")}";
        try
        {
            await BenchDatabase.Fill(connection, events);
            await using var portal = await Server.Portal(connection);
            await using var parse = await Server.ParseOnly();
            var speed = new Speed(portal, new Sides());
            await speed.Rounds(rounds, round => speed.SqliteRound(parse, folder, new SpeedRequests(round, requests)));
            speed.PrintSqlite(events);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task Rounds(int rounds, Func<string, Task> measure)
    {
        for (var round = 1 - WarmingUp; round <= rounds; round++)
        {
            sides.Counts = round > 0;
            await measure($"r{round + WarmingUp}");
            Console.WriteLine(sides.Counts ? $"Round {round} of {rounds} done." : "Warming up.");
        }
    }

    private async Task SqliteRound(Server parse, string folder, SpeedRequests requests)
    {
        sides.Add("raw, one a commit", RawSqlite.DebitsPerSecond(folder, 1, TimeSpan.FromSeconds(2)));
        sides.Add("parse only", await LoadGenerator.Run(parse.Port, Connections, requests.Settle));
        sides.Add("authorize", await Load(requests.Authorize));
        sides.Add("settle", await Load(requests.Settle));
        sides.Add("authorize, one hot account", await Load(requests.AuthorizeHot));
        sides.Add("settle, one hot account", await Load(requests.SettleHot));
        sides.Add("raw, 1,024 a commit", RawSqlite.DebitsPerSecond(folder, 1_024, TimeSpan.FromSeconds(2)));
        sides.Add("raw, 1,024 a commit, each id once", RawSqlite.DebitsPerSecond(folder, 1_024, TimeSpan.FromSeconds(2), once: true));
        sides.Add("events", await LoadEvents(requests.Events));
        sides.Add("events, random ids", await LoadEvents(requests.RandomEvents));
    }

    private async Task PostgresRound(Pgbench pgbench, SpeedRequests requests, bool hasLedger)
    {
        sides.Add("pgbench TPC-B", await pgbench.TpcB());
        var authorize = await Load(requests.Authorize);
        var settle = await Load(requests.Settle);
        sides.Add("settle", settle);
        sides.Add("pairs", new LoadResult(1 / (1 / authorize.PerSecond + 1 / settle.PerSecond), default, default, authorize.Failures));
        if (hasLedger)
        {
            sides.Add("pgledger, hold and settle", await pgbench.Pairs());
        }
        sides.Add("pgbench, one debit", await pgbench.Debits());
        sides.Add("events", await LoadEvents(requests.Events));
    }

    private Task<LoadResult> Load(IReadOnlyList<byte[]> requests) => LoadGenerator.Run(portal.Port, Connections, requests);

    private async Task<LoadResult> LoadEvents(IReadOnlyList<byte[]> batches)
    {
        var told = await LoadGenerator.Run(portal.Port, Batches, batches);
        return told with { PerSecond = told.PerSecond * 100 };
    }

    private void PrintSqlite(int events)
    {
        Sides.Head($"SQLite, WAL with synchronous=FULL, {events:N0} events in the database, {Connections} connections; medians.");
        sides.Row("settle", "raw, one a commit", "2.0", "3.0");
        sides.Row("settle", "parse only", "0.18", "0.25");
        sides.Row("authorize", "parse only", "0.35", "0.5");
        sides.Row("events", "raw, 1,024 a commit", "0.4", "0.6");
        sides.Row("events", "raw, 1,024 a commit, each id once", "-", "-");
        sides.Row("settle, one hot account", "settle", "0.8", "1.0");
        sides.Row("authorize, one hot account", "authorize", "0.8", "1.0");
        sides.Row("events, random ids", "events", "0.7", "0.9");
        Console.WriteLine();
        PrintLatency();
    }

    private void PrintPostgres(int events, bool hasLedger)
    {
        Sides.Head($"PostgreSQL with its defaults, {events:N0} events in the database, {Connections} connections; medians. A pair is an authorization and its settlement.");
        sides.Row("pairs", "pgbench TPC-B", "2.0", "3.0");
        if (hasLedger)
        {
            sides.Row("pairs", "pgledger, hold and settle", "1.5", "2.5");
        }
        sides.Row("settle", "pgbench, one debit", "0.5", "0.7");
        sides.Row("events", "pgbench TPC-B", "6", "12");
        Console.WriteLine();
        PrintLatency();
    }

    private void PrintLatency() => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"settle: p50 {sides.P50("settle"):F1} ms, p99 {sides.P99("settle"):F1} ms (at most 15, aim 8). Failed answers in all: {sides.Failures}."));
}
