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

    /// <summary>A hold of 1.05, then its settlement for 0.75: what is left goes back in the same transaction.</summary>
    private const string HoldAndSettle = """
        \set id random(1, 1000)
        SELECT pgledger_create_transfer('credit-' || :id, 'held-' || :id, 1.05);
        SELECT pgledger_create_transfers(('held-' || :id, 'used-' || :id, 0.75)::transfer_request, ('held-' || :id, 'credit-' || :id, 0.30)::transfer_request);
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
    public Task<double> TpcB() => Measure([]);

    /// <summary>
    /// Makes the ledger of <see cref="Pairs"/>: pgledger's SQL functions, which are no part of Portal, of a file that the caller has. Its ids come from another file of that project; what stands for it here costs
    /// less. Each account has credit, held and used of its own, so that none is hot.
    /// </summary>
    public async Task AddLedger(string file)
    {
        await _cluster.Execute("CREATE FUNCTION uuid_to_ulid(id uuid) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT replace(id::text, '-', '') $$", Database);
        await _cluster.Execute(await File.ReadAllTextAsync(file), Database);
        await _cluster.Execute("SELECT made.id FROM generate_series(1, 1000) i, unnest(ARRAY['credit', 'held', 'used']) kind, pgledger_create_account(kind || '-' || i, 'USD') made", Database);
        await _cluster.Execute("UPDATE pgledger_accounts SET id = name", Database);
    }

    /// <summary>Holds with their settlements a second, each of the two a transaction.</summary>
    public Task<double> Pairs() => Measure(HoldAndSettle);

    /// <summary>Debits a second.</summary>
    public Task<double> Debits() => Measure(Debit);

    private async Task<double> Measure(string statements)
    {
        var script = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(script, statements);
            return await Measure([$"--file={script}", "--no-vacuum"]);
        }
        finally
        {
            File.Delete(script);
        }
    }

    private async Task<double> Measure(string[] arguments)
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
