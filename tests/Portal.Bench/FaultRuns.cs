using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Npgsql;
using Portal.Bench.Proofs;
using Portal.Testing;

namespace Portal.Bench;

/// <summary>
/// Two processes of Portal on one database, gateways that use money through them, and one fault after the other for as long as asked, each once at least; at last what gateways were
/// told is compared with what is stored, to the nano.
/// </summary>
internal sealed class FaultRuns(TestDatabase database) : IDisposable
{
    public const string Kills = "SIGKILL of a process";
    public const string Stops = "PostgreSQL stopped at once";
    private const int OneInFifty = 50;

    /// <summary>How soon after a fault Portal is to answer again.</summary>
    private static readonly TimeSpan Healthy = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(2);

    private readonly Traffic _traffic = new(accounts: 50);
    private readonly LossyNetwork _network = new(OneInFifty);
    private readonly PortalProcess[] _processes = new PortalProcess[2];
    private readonly HttpClient[] _callers = new HttpClient[2];
    private readonly SortedDictionary<string, (int Times, TimeSpan Longest)> _seen = new(StringComparer.Ordinal);
    private int _next;

    public void Dispose() => _network.Dispose();

    /// <summary>So many minutes on each database: first what became of what was acknowledged, then how soon Portal answered again.</summary>
    public static async Task<(Finding Durable, Finding Survived)> Run(TimeSpan each)
    {
        var survived = new List<Finding>();
        var durable = await Finding.OnEachDatabase(async database =>
        {
            using var run = new FaultRuns(database);
            var (kept, answered) = await run.For(each);
            survived.Add(answered);
            return kept;
        });
        return (durable, survived.Count < 2 ? Finding.All([durable, .. survived]) : Finding.All(survived));
    }

    private async Task<(Finding Durable, Finding Survived)> For(TimeSpan time)
    {
        await using (var host = PortalHost.Start(database))
        {
            await _traffic.Prepare(host.Services);
        }
        await Task.WhenAll(Start(0), Start(1));
        var clock = Stopwatch.StartNew();
        using (var stop = new CancellationTokenSource())
        {
            var sending = _traffic.Run(() => _callers, stop.Token);
            while (clock.Elapsed < time || _next < Faults.Length)
            {
                await Task.Delay(Calm, CancellationToken.None);
                await Break();
            }
            await stop.CancelAsync();
            await sending;
        }
        await Task.WhenAll(_processes.Select(p => p.DisposeAsync().AsTask()));
        return await Compare(clock.Elapsed);
    }

    private async Task Start(int at)
    {
        _processes[at] = await PortalProcess.Start(database);
        _callers[at] = _traffic.Caller(new HttpClient(_network, disposeHandler: false) { BaseAddress = _processes[at].Address });
    }

    private (string Name, Func<Task> Do)[] Faults => database is OwnPostgresDatabase own
        ? [(Kills, Kill), (Stops, () => Stop(own)), ("connections cut", Cut), ("accounts locked by another", LockAccounts)]
        : [(Kills, Kill), ("database locked by another", LockFile), ("disk full", FillDisk)];

    /// <summary>The next fault, and how long it takes from its end until a new request is answered.</summary>
    private async Task Break()
    {
        var (name, fault) = Faults[_next++ % Faults.Length];
        await fault();
        var (since, answered) = (Stopwatch.StartNew(), _traffic.Answered);
        while (_traffic.Answered <= answered + 32 && since.Elapsed < TimeSpan.FromMinutes(1))
        {
            await Task.Delay(5);
        }
        var (times, longest) = _seen.GetValueOrDefault(name);
        _seen[name] = (times + 1, since.Elapsed > longest ? since.Elapsed : longest);
    }

    private async Task Kill()
    {
        var at = _next % _processes.Length;
        await _processes[at].DisposeAsync();
        await Start(at);
    }

    private static async Task Stop(OwnPostgresDatabase own)
    {
        await own.Cluster.StopImmediately();
        await own.Cluster.Resume();
    }

    private async Task Cut()
    {
        await using var other = await OpenPostgres();
        await using var cut = new NpgsqlCommand("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()", other);
        await cut.ExecuteNonQueryAsync();
    }

    /// <summary>In the order in which Portal locks them: who locks in another one may be chosen to give way, and then nothing was held.</summary>
    private async Task LockAccounts()
    {
        await using var other = await OpenPostgres();
        await using var held = await other.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand("SELECT 1 FROM accounts ORDER BY key COLLATE \"C\" FOR UPDATE", other, held);
        await hold.ExecuteNonQueryAsync();
        await Task.Delay(Held);
    }

    private async Task LockFile()
    {
        await using var other = new SqliteConnection(database.ConnectionString + ";Pooling=False");
        await other.OpenAsync();
        await using var writing = other.BeginTransaction();
        await Task.Delay(Held);
    }

    private async Task FillDisk()
    {
        await Task.WhenAll(_processes.Select(p => p.LimitFiles("4096")));
        await Task.Delay(Held);
        await Task.WhenAll(_processes.Select(p => p.LimitFiles("unlimited")));
    }

    private async Task<NpgsqlConnection> OpenPostgres()
    {
        var connection = new NpgsqlConnection(database.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    private async Task<(Finding Durable, Finding Survived)> Compare(TimeSpan ran)
    {
        var (asked, told) = (_traffic.Requests, _traffic.Answered);
        // This process has connections from before the faults, and they were cut too.
        NpgsqlConnection.ClearAllPools();
        var wrong = await _traffic.Wrong(database);
        Console.WriteLine($"\n{database.Provider}, {ran:hh\\:mm\\:ss}: {asked:N0} requests, {told:N0} answered in time, {_traffic.Repeats:N0} repeated, {_network.Lost:N0} answers lost; {wrong.Count} differ");
        foreach (var (name, (times, longest)) in _seen)
        {
            Console.WriteLine($"  {name,-30} {times,4} times, answers again within {longest.TotalMilliseconds:N0} ms");
        }
        wrong.Take(20).ToList().ForEach(Console.WriteLine);
        var (kills, stops) = (_seen.GetValueOrDefault(Kills).Times, _seen.GetValueOrDefault(Stops).Times);
        var slowest = _seen.Count == 0 ? TimeSpan.Zero : _seen.Values.Max(s => s.Longest);
        return (
            Finding.Of($"{database.Provider}: {kills} kills{(stops > 0 ? $", {stops} stops" : "")}", $"{told:N0} of {asked:N0} requests acknowledged under faults, {wrong.Count} differ", wrong.Count == 0),
            Finding.Of($"{database.Provider}: {_seen.Values.Sum(s => s.Times)} faults in {ran:hh\\:mm\\:ss}", string.Join(", ", _seen.Select(s => $"{s.Value.Times} x {s.Key}, healthy in {s.Value.Longest.TotalSeconds:F1} s at most")), wrong.Count == 0 && slowest <= Healthy));
    }
}
