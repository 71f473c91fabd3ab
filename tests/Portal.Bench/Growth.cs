using System.Globalization;

namespace Portal.Bench;

/// <summary>How what a request costs grows: with the events that lie in the database, with its accounts, and with the connections that ask at once. On SQLite, each size in turn, medians.</summary>
internal static class Growth
{
    private const int Connections = 64;

    /// <summary>Calls with a hundred events each that are under way at once.</summary>
    private const int Batches = 16;

    private const int WarmingUp = 2;

    /// <summary>The first number of events is that of the sizes by accounts and connections too.</summary>
    public static async Task Run(int[] events, int[] accounts, int[] connections, int requests, int rounds)
    {
        Size[] sizes =
        [
            .. events.Select(e => new Size($"{e:N0} events", e, BenchDatabase.Accounts, Connections)),
            .. accounts.Select(a => new Size($"{a:N0} accounts", events[0], a, Connections)),
            .. connections.Select(c => new Size($"{c:N0} connections", events[0], BenchDatabase.Accounts, c)),
        ];
        var folder = Directory.CreateTempSubdirectory("portal-bench-").FullName;
        var servers = new Dictionary<(int Events, int Accounts), Server>();
        try
        {
            foreach (var database in sizes.Select(s => s.Database).Distinct())
            {
                var connection = $"Data Source={Path.Combine(folder, $"{database.Events}-{database.Accounts}.db")}";
                await BenchDatabase.Fill(connection, database.Events, accounts: database.Accounts);
                servers.Add(database, await Server.Portal(connection));
            }
            var sides = new Sides();
            for (var round = 1 - WarmingUp; round <= rounds; round++)
            {
                sides.Counts = round > 0;
                foreach (var (at, size) in sizes.Index())
                {
                    await Measure(sides, size, servers[size.Database].Port, new SpeedRequests($"g{at}.{round + WarmingUp}", size.Connections == 1 ? requests / 10 : requests, size.Accounts));
                }
                Console.WriteLine(sides.Counts ? $"Round {round} of {rounds} done." : "Warming up.");
            }
            Print(sizes, sides);
        }
        finally
        {
            foreach (var server in servers.Values)
            {
                await server.DisposeAsync();
            }
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task Measure(Sides sides, Size size, int port, SpeedRequests requests)
    {
        sides.Add($"authorize, {size.Name}", await LoadGenerator.Run(port, size.Connections, requests.Authorize));
        sides.Add($"settle, {size.Name}", await LoadGenerator.Run(port, size.Connections, requests.Settle));
        var told = await LoadGenerator.Run(port, Batches, requests.Events);
        sides.Add($"events, {size.Name}", told with { PerSecond = told.PerSecond * 100 });
    }

    private static void Print(Size[] sizes, Sides sides)
    {
        Console.WriteLine($"\nSQLite, WAL with synchronous=FULL; if nothing else is said {sizes[0].Name}, {BenchDatabase.Accounts:N0} accounts and {Connections} connections; medians.\n");
        Console.WriteLine("| | authorize a second | settle a second | settle p50; p99, ms | events a second, batches of 100 |");
        Console.WriteLine("|---|---:|---:|---:|---:|");
        foreach (var (name, _, _, _) in sizes)
        {
            var (authorize, settle, told) = ($"authorize, {name}", $"settle, {name}", $"events, {name}");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {sides.PerSecond(authorize):N0} | {sides.PerSecond(settle):N0} | {sides.P50(settle):F1}; {sides.P99(settle):F1} | {sides.PerSecond(told):N0} |"));
        }
        Console.WriteLine($"\nFailed answers in all: {sides.Failures}.");
    }

    private sealed record Size(string Name, int Events, int Accounts, int Connections)
    {
        public (int Events, int Accounts) Database => (Events, Accounts);
    }
}
