using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Portal.Testing;

/// <summary>
/// A PostgreSQL server of these tests' own: its data in a temporary folder, on a free port of 127.0.0.1, with the defaults
/// that matter (fsync, synchronous_commit) left as they are. It never outlives the process that started it, even when
/// that is killed: a watchdog waits for the end of a pipe that only the tests hold.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private static readonly Lazy<Task<PostgresCluster>> TheShared = new(Start);
    private static readonly string? Binaries = FindBinaries();

    private readonly string folder;
    private readonly Process watchdog;

    private PostgresCluster(string folder, int port)
    {
        this.folder = folder;
        Port = port;
        watchdog = StartWatchdog(folder);
    }

    /// <summary>Why there is no PostgreSQL for the tests on this machine; null: there is.</summary>
    public static string? Missing { get; } = FindMissing();

    public int Port { get; }

    private string DataFolder => Path.Combine(folder, "data");

    /// <summary>The server that all test classes of this assembly share; started by the first that asks.</summary>
    public static Task<PostgresCluster> Shared() => TheShared.Value;

    /// <summary>A server for one test alone, which may then stop and break it.</summary>
    public static async Task<PostgresCluster> Start()
    {
        Tools.Require(Missing);
        var folder = Directory.CreateTempSubdirectory("portal-postgres-").FullName;
        if (Environment.IsPrivilegedProcess)
        {
            await Run("chown", ["postgres", folder]);
        }

        var cluster = new PostgresCluster(folder, Tools.FreePort());
        await AsServer("initdb", "--pgdata", cluster.DataFolder, "--username", "portal", "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync");
        await cluster.Resume();
        return cluster;
    }

    /// <summary>The connection string of one of its databases.</summary>
    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Database = database,
        Username = "portal",
    }.ToString();

    /// <summary>Runs one statement as the server's owner, in the database "postgres" or another.</summary>
    public async Task Execute(string sql, string database = "postgres")
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database) + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>
    /// How often its log was brought to the disk so far. A connection's share is told when it ends, so all are cut first: whoever works here meanwhile has to come back.
    /// </summary>
    public async Task<long> LogSyncs()
    {
        const string others = "FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()";
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        while (await Ask<long>($"SELECT count(pg_terminate_backend(pid)) {others}") > 0)
        {
            await Task.Delay(10);
        }
        return await Ask<long>("SELECT wal_sync FROM pg_stat_wal");

        async Task<T> Ask<T>(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            return (T)(await command.ExecuteScalarAsync())!;
        }
    }

    /// <summary>Stops it as a power cut would: no checkpoint, no farewell to clients.</summary>
    public Task StopImmediately() => AsServer("pg_ctl", "stop", "--pgdata", DataFolder, "--mode", "immediate", "--wait");

    /// <summary>Starts it (again), on the same data and the same port.</summary>
    public Task Resume() => AsServer(
        "pg_ctl", "start", "--pgdata", DataFolder, "--wait", "--timeout", "180", "--silent", "--log", Path.Combine(folder, "log"), "--options",
        $"-c listen_addresses=127.0.0.1 -c port={Port.ToString(CultureInfo.InvariantCulture)} -c unix_socket_directories={folder} -c max_connections=300");

    public async ValueTask DisposeAsync()
    {
        watchdog.StandardInput.Close();
        await watchdog.WaitForExitAsync();
        watchdog.Dispose();
    }

    private static Process StartWatchdog(string folder)
    {
        var (program, arguments) = ForServer("sh", ["-c", $"cat > /dev/null; '{Binaries}/pg_ctl' stop --silent --pgdata '{folder}/data' --mode immediate; rm -rf '{folder}'"]);
        return Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        })!;
    }

    /// <summary>Where a program of PostgreSQL's packages lies.</summary>
    public static string Program(string name) => Path.Combine(Binaries!, name);

    private static Task AsServer(string program, params string[] arguments)
    {
        var (starter, all) = ForServer(Program(program), arguments);
        return Run(starter, all);
    }

    /// <summary>The server refuses to run as root: then it runs as "postgres", the user that the package made.</summary>
    private static (string Program, string[] Arguments) ForServer(string program, string[] arguments) =>
        Environment.IsPrivilegedProcess ? ("runuser", ["-u", "postgres", "--", program, .. arguments]) : (program, arguments);

    private static async Task Run(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await output}{await errors}");
        }
    }

    private static string? FindMissing()
    {
        if (FindBinaries() is null)
        {
            return "PostgreSQL is missing: install the server of your distribution (Debian, Ubuntu: postgresql).";
        }

        var root = Environment.IsPrivilegedProcess;
        return root && !File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal))
            ? "PostgreSQL refuses to run as root, and there is no user 'postgres' to run it as."
            : null;
    }

    /// <summary>Debian keeps the server's programs off the PATH, in one folder per version; the newest counts.</summary>
    private static string? FindBinaries()
    {
        const string debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(debian) ? Directory.GetDirectories(debian) : [];
        var newest = versions
            .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version) ? version : 0)
            .Select(folder => Path.Combine(folder, "bin"))
            .FirstOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")));
        return newest ?? Path.GetDirectoryName(Tools.OnPath("initdb"));
    }
}
