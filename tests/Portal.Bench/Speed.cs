using System.Globalization;

namespace Portal.Bench;

/// <summary>The speed rows of settle, authorize and events on SQLite, each beside its comparison in the same run, the sides in turn, medians.</summary>
public static class Speed
{
    private const int Connections = 64;
    private const string Model = "claude-sonnet-5-5";

    public static async Task Run(int events, int requests, int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("portal-bench-").FullName;
        var connection = $"Data Source={Path.Combine(folder, "portal.db")}";
        try
        {
            await BenchDatabase.Fill(connection, events);
            await using var portal = await Server.Portal(connection);
            await using var parse = await Server.ParseOnly();
            var sides = new Sides();
            for (var round = 0; round <= rounds; round++)
            {
                // The first round warms both sides up and does not count.
                var counts = round > 0;
                await Measure(sides, portal, parse, folder, requests, $"r{round}", counts);
                Console.WriteLine(counts ? $"Round {round} of {rounds} done." : "Warmed up.");
            }
            Print(sides, events);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task Measure(Sides sides, Server portal, Server parse, string folder, int requests, string round, bool counts)
    {
        var ids = Enumerable.Range(0, requests).Select(i => $"{round}.{i:D8}").ToArray();
        var authorize = ids.Select((id, i) => Post("/v1/authorizations",
            $$$"""{"id":"{{{id}}}","account":"{{{BenchDatabase.AccountOf(i)}}}","model":"{{{Model}}}","surface":"headless","max":{"input_tokens":1000,"output_tokens":500}}""")).ToArray();
        var settle = ids.Select(id => Post($"/v1/authorizations/{id}/settle", """{"usage":{"input_tokens":1000,"output_tokens":300}}""")).ToArray();
        var batches = ids.Chunk(100).Select(chunk => Post("/v1/events", $"[{string.Join(',', chunk.Select((id, i) => Event(id, i)))}]", "application/cloudevents-batch+json")).ToArray();

        Add("raw, one a commit", RawSqlite.DebitsPerSecond(folder, 1, TimeSpan.FromSeconds(2)));
        Add("parse only", await Load(parse, settle));
        Add("authorize", await Load(portal, authorize));
        Add("settle", await Load(portal, settle));
        Add("raw, 1,024 a commit", RawSqlite.DebitsPerSecond(folder, 1_024, TimeSpan.FromSeconds(2)));
        var told = await LoadGenerator.Run(portal.Port, 16, batches);
        Add("events", told with { PerSecond = told.PerSecond * 100 });

        void Add(string side, object result)
        {
            if (counts)
            {
                sides.Add(side, result as LoadResult ?? new LoadResult((double)result, default, default, 0));
            }
        }
    }

    private static Task<LoadResult> Load(Server server, byte[][] requests) => LoadGenerator.Run(server.Port, Connections, requests);

    private static byte[] Post(string path, string body, string type = "application/json") => LoadGenerator.Post(path, BenchDatabase.Key, body, type);

    private static string Event(string id, int i) =>
        $$$"""{"specversion":"1.0","type":"ai.usage","source":"bench","id":"{{{id}}}","subject":"{{{BenchDatabase.AccountOf(i * 7)}}}","data":{"model":"{{{Model}}}","surface":"headless","input_tokens":1000,"output_tokens":300}}""";

    private static void Print(Sides sides, int events)
    {
        Console.WriteLine();
        Console.WriteLine($"SQLite, WAL with synchronous=FULL, {events:N0} events in the database, {Connections} connections; medians.");
        Console.WriteLine();
        Console.WriteLine("| what | a second | against | a second | ratio | at least | aim |");
        Console.WriteLine("|---|---:|---|---:|---:|---:|---:|");
        Row("settle", "raw, one a commit", "2.0", "3.0");
        Row("settle", "parse only", "0.18", "0.25");
        Row("authorize", "parse only", "0.35", "0.5");
        Row("events", "raw, 1,024 a commit", "0.4", "0.6");
        Console.WriteLine();
        Console.WriteLine($"settle: p50 {sides.P50("settle"):F1} ms, p99 {sides.P99("settle"):F1} ms (at most 15, aim 8). Failed answers in all: {sides.Failures}.");

        void Row(string what, string against, string least, string aim) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {what} | {sides.PerSecond(what):N0} | {against} | {sides.PerSecond(against):N0} | {sides.PerSecond(what) / sides.PerSecond(against):F2} | {least} | {aim} |"));
    }

    /// <summary>What each side came to, round by round.</summary>
    private sealed class Sides
    {
        private readonly Dictionary<string, List<LoadResult>> _results = [];

        public int Failures => _results.Values.SelectMany(r => r).Sum(r => r.Failures);

        public void Add(string side, LoadResult result)
        {
            if (!_results.TryGetValue(side, out var results))
            {
                _results.Add(side, results = []);
            }
            results.Add(result);
        }

        public double PerSecond(string side) => Median(side, r => r.PerSecond);

        public double P50(string side) => Median(side, r => r.P50.TotalMilliseconds);

        public double P99(string side) => Median(side, r => r.P99.TotalMilliseconds);

        private double Median(string side, Func<LoadResult, double> figure) => _results[side].Select(figure).Order().ElementAt(_results[side].Count / 2);
    }
}
