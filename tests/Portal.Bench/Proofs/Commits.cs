using System.Globalization;
using Portal.Testing;

namespace Portal.Bench.Proofs;

/// <summary>
/// Whether each acknowledged commit reached the disk: events one after the other, so that no two share a commit, and the disk's own calls counted meanwhile. On SQLite
/// <c>strace</c> counts what the process asks of the kernel; PostgreSQL counts for itself (<c>pg_stat_wal</c>).
/// </summary>
internal static class Commits
{
    public static async Task<Finding> Run(int commits)
    {
        var findings = new List<Finding>();
        await using (var sqlite = new SqliteDatabase())
        {
            await sqlite.Create();
            findings.Add(Tools.OnPath("strace") is null ? Finding.NotRun("strace is missing (Debian: strace).") : await OnSqlite(sqlite, commits));
        }
        await using (var postgres = new OwnPostgresDatabase())
        {
            findings.Add(postgres.Missing is { } why ? Finding.NotRun(why) : await OnPostgres(postgres, commits));
        }
        return Finding.All(findings);
    }

    private static async Task<Finding> OnSqlite(SqliteDatabase database, int commits)
    {
        using var folder = new TemporaryFolder();
        var traffic = await Prepare(database);
        var log = folder.File("calls");
        // -D leaves the process ours to stop; the instants tell what came before the first event and after the last.
        var portal = await PortalProcess.Start(database, under: ["strace", "-D", "-f", "--seccomp-bpf", "-ttt", "-e", "trace=fsync,fdatasync", "-o", log]);
        double from, to;
        await using (portal)
        {
            using var caller = traffic.Caller(portal.NewClient());
            from = Now();
            await traffic.OneAfterTheOther(caller, commits);
            to = Now();
            await portal.Stop();
        }
        var calls = await Calls(log);
        var syncs = calls.Count(at => at >= from && at <= to);
        return calls.Count == 0
            ? Finding.NotRun("sqlite: strace saw no call (it may not attach to a process here)")
            : Finding.Of($"{commits:N0} commits", $"sqlite: {commits:N0} acknowledged commits, {syncs:N0} fsyncs", syncs >= commits);
    }

    private static async Task<Finding> OnPostgres(OwnPostgresDatabase database, int commits)
    {
        await database.Create();
        var traffic = await Prepare(database);
        await using var portal = await PortalProcess.Start(database);
        using var caller = traffic.Caller(portal.NewClient());
        var before = await database.Cluster.LogSyncs();
        await traffic.OneAfterTheOther(caller, commits);
        var syncs = await database.Cluster.LogSyncs() - before;
        return Finding.Of($"{commits:N0} commits", $"postgresql: {commits:N0} acknowledged commits, {syncs:N0} fsyncs", syncs >= commits);
    }

    private static async Task<Traffic> Prepare(TestDatabase database)
    {
        var traffic = new Traffic(accounts: 1);
        await using var host = PortalHost.Start(database);
        await traffic.Prepare(host.Services);
        return traffic;
    }

    private static double Now() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1_000.0;

    /// <summary>When each call began; strace writes its last lines after the process has ended.</summary>
    private static async Task<List<double>> Calls(string log)
    {
        string[] lines = [], before;
        do
        {
            before = lines;
            await Task.Delay(500);
            lines = File.Exists(log) ? await File.ReadAllLinesAsync(log) : [];
        }
        while (lines.Length != before.Length);
        return [.. lines.Where(line => line.Contains("sync(", StringComparison.Ordinal))
            .Select(line => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture))];
    }
}
