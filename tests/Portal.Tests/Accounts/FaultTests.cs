using Microsoft.Data.Sqlite;
using Npgsql;

namespace Portal.Tests.Accounts;

/// <summary>Faults under load. Afterwards what callers were told is what is stored, to the nano, every request is charged once, and every account adds up.</summary>
public abstract class FaultTests<TDatabase> where TDatabase : TestDatabase, new()
{
    private const int OneInTwenty = 20;
    private const int Kills = 3;

    [Fact]
    public async Task Two_processes_killed_in_turn_and_lost_answers_change_nothing()
    {
        await using var database = await Faults.Database<TDatabase>();
        var traffic = await Faults.Prepare(database);
        PortalProcess[] processes = [await PortalProcess.Start(database), await PortalProcess.Start(database)];
        using var network = new LossyNetwork(OneInTwenty);
        HttpClient CallerOf(PortalProcess process) => traffic.Caller(new HttpClient(network, disposeHandler: false) { BaseAddress = process.Address });
        HttpClient[] callers = [.. processes.Select(CallerOf)];
        using (var stop = new CancellationTokenSource())
        {
            var sending = traffic.Run(() => callers, stop.Token);
            for (var kill = 0; kill < Kills; kill++)
            {
                var (at, before) = (kill % processes.Length, traffic.Answered);
                await Eventually.Holds(() => traffic.Answered > before + 80);
                await processes[at].DisposeAsync();
                processes[at] = await PortalProcess.Start(database);
                callers[at] = CallerOf(processes[at]);
            }
            await Task.WhenAll(processes.Select(process => process.Kill()));
            await stop.CancelAsync();
            await sending;
        }
        Assert.True(network.Lost > 0, "No answer was lost.");
        Assert.True(traffic.Answered < traffic.Requests, "No kill met a request on its way.");
        foreach (var process in processes)
        {
            await process.DisposeAsync();
        }
        await Faults.NothingDiffers(database, traffic);
    }
}

public sealed class FaultTestsOnSqlite : FaultTests<SqliteDatabase>
{
    [Fact]
    public async Task A_database_that_another_program_locks_is_waited_for()
    {
        await using var database = await Faults.Database<SqliteDatabase>();
        var traffic = await Faults.Prepare(database);
        await Faults.Survives(database, traffic, async () =>
        {
            await using var other = new SqliteConnection(database.ConnectionString + ";Pooling=False");
            await other.OpenAsync();
            await using var writing = other.BeginTransaction();
            await Task.Delay(TimeSpan.FromSeconds(1));
        });
    }

    /// <summary>No file may grow any more: what a full disk is to SQLite.</summary>
    [Fact]
    public async Task A_full_disk_is_answered_with_busy_and_forgotten_once_there_is_room()
    {
        Tools.Require(Tools.OnPath("prlimit") is null ? "prlimit is missing: install util-linux." : null);
        await using var database = await Faults.Database<SqliteDatabase>();
        var traffic = await Faults.Prepare(database);
        await using var portal = await PortalProcess.Start(database);
        using var caller = traffic.Caller(portal.NewClient());
        using var stop = new CancellationTokenSource();
        var sending = traffic.Run(() => [caller], stop.Token);
        await Eventually.Holds(() => traffic.Answered > 50);
        await portal.LimitFiles("4096");
        var repeats = traffic.Repeats;
        await Eventually.Holds(() => traffic.Repeats > repeats + 20);
        await portal.LimitFiles("unlimited");
        var answered = traffic.Answered;
        await Eventually.Holds(() => traffic.Answered > answered + 50);
        await stop.CancelAsync();
        await sending;
        await Faults.NothingDiffers(database, traffic);
    }
}

public sealed class FaultTestsOnPostgres : FaultTests<PostgresDatabase>
{
    [Fact]
    public async Task Connections_that_are_cut_and_accounts_that_another_locks_are_survived()
    {
        await using var database = await Faults.Database<PostgresDatabase>();
        var traffic = await Faults.Prepare(database);
        await Faults.Survives(database, traffic, async () =>
        {
            await using var other = new NpgsqlConnection(database.ConnectionString + ";Pooling=false");
            await other.OpenAsync();
            for (var cut = 0; cut < 5; cut++)
            {
                await using var terminate = new NpgsqlCommand("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()", other);
                await terminate.ExecuteNonQueryAsync();
                await Task.Delay(TimeSpan.FromMilliseconds(100));
            }
            await using var held = await other.BeginTransactionAsync();
            await using var hold = new NpgsqlCommand("SELECT 1 FROM accounts FOR UPDATE", other, held);
            await hold.ExecuteNonQueryAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(500));
        });
    }

    [Fact]
    public async Task A_server_that_is_stopped_at_once_loses_nothing_acknowledged()
    {
        await using var database = await Faults.Database<OwnPostgresDatabase>();
        var traffic = await Faults.Prepare(database);
        await Faults.Survives(database, traffic, async () =>
        {
            await database.Cluster.StopImmediately();
            await database.Cluster.Resume();
        });
    }
}

/// <summary>What tests of faults share.</summary>
internal static class Faults
{
    public static async Task<TDatabase> Database<TDatabase>() where TDatabase : TestDatabase, new()
    {
        var database = new TDatabase();
        Tools.Require(database.Missing);
        await database.Create();
        return database;
    }

    public static async Task<Traffic> Prepare(TestDatabase database)
    {
        var traffic = new Traffic(accounts: 6);
        await using var host = PortalHost.Start(database);
        await traffic.Prepare(host.Services);
        return traffic;
    }

    /// <summary>Lets something happen in the middle of traffic, and sees that it goes on afterwards.</summary>
    public static async Task Survives(TestDatabase database, Traffic traffic, Func<Task> fault)
    {
        await using (var host = PortalHost.Start(database))
        {
            using var caller = traffic.Caller(host.NewClient());
            using var stop = new CancellationTokenSource();
            var sending = traffic.Run(() => [caller], stop.Token);
            await Eventually.Holds(() => traffic.Answered > 50);
            await fault();
            var answered = traffic.Answered;
            await Eventually.Holds(() => traffic.Answered > answered + 50);
            await stop.CancelAsync();
            await sending;
        }
        await NothingDiffers(database, traffic);
    }

    public static async Task NothingDiffers(TestDatabase database, Traffic traffic)
    {
        Assert.Empty(await traffic.Wrong(database));
        Assert.Equal(traffic.Requests, traffic.Answered);
    }
}
