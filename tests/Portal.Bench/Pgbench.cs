using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Portal.Testing;

namespace Portal.Bench;

/// <summary>PostgreSQL's own benchmark, from its packages, on the same server: its TPC-B, and one debit a statement, which is an update of an account and a line in a journal as on SQLite.</summary>
internal sealed partial class Pgbench
{
    private const int Clients = 16;
    private const int Scale = 20;
    private const int Seconds = 4;
    private const string Database = "pgbench";

    private const string Debit = """
        \set id random(1, 1000)
        WITH paid AS (UPDATE account SET balance = balance - 7 WHERE id = :id AND balance >= 7 RETURNING id) INSERT INTO journal (account, amount) SELECT id, 7 FROM paid;
        """;

    private readonly PostgresCluster _cluster;

    private Pgbench(PostgresCluster cluster) => _cluster = cluster;

    public static async Task<Pgbench> Prepare(PostgresCluster cluster)
    {
        await cluster.Execute($"CREATE DATABASE {Database}");
        await cluster.Execute("CREATE TABLE account (id int PRIMARY KEY, balance bigint NOT NULL)", Database);
        await cluster.Execute("CREATE TABLE journal (seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, account int NOT NULL, amount bigint NOT NULL, at timestamptz NOT NULL DEFAULT now())", Database);
        await cluster.Execute("INSERT INTO account SELECT i, 1000000000000 FROM generate_series(1, 1000) i", Database);
        var pgbench = new Pgbench(cluster);
        await pgbench.Run("--initialize", "--quiet", $"--scale={Scale}");
        return pgbench;
    }

    /// <summary>Transactions a second.</summary>
    public Task<double> TpcB() => Measure();

    /// <summary>Debits a second.</summary>
    public async Task<double> Debits()
    {
        var script = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(script, Debit);
            return await Measure($"--file={script}", "--no-vacuum");
        }
        finally
        {
            File.Delete(script);
        }
    }

    private async Task<double> Measure(params string[] arguments)
    {
        var said = await Run([$"--client={Clients}", "--jobs=2", $"--time={Seconds}", "--protocol=prepared", .. arguments]);
        return double.Parse(PerSecond().Match(said).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
    }

    private async Task<string> Run(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(PostgresCluster.Program("pgbench"), ["--host=127.0.0.1", $"--port={_cluster.Port}", "--username=portal", .. arguments, Database])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? said : throw new InvalidOperationException($"pgbench ended with {process.ExitCode}: {await errors}");
    }

    [GeneratedRegex(@"tps = ([0-9.]+)")]
    private static partial Regex PerSecond();
}
