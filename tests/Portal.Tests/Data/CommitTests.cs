using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Tests.Accounts;

namespace Portal.Tests.Data;

/// <summary>What was acknowledged had reached the disk (PROOF row 7). The long form, <c>proof</c> of Portal.Bench, counts SQLite's own calls too.</summary>
public sealed class CommitTests
{
    private const int Commits = 50;

    [Fact]
    public async Task PostgreSQL_brings_each_acknowledged_commit_to_the_disk()
    {
        await using var database = await Faults.Database<OwnPostgresDatabase>();
        var traffic = await Faults.Prepare(database);
        await using var portal = PortalHost.Start(database);
        using var caller = traffic.Caller(portal.NewClient());
        var before = await database.Cluster.LogSyncs();

        await traffic.OneAfterTheOther(caller, Commits);

        var synced = await database.Cluster.LogSyncs() - before;
        Assert.True(synced >= Commits, $"{Commits} commits were acknowledged one after the other, and the log was brought to the disk {synced} times.");
    }

    [Fact]
    public async Task Every_connection_to_SQLite_writes_a_log_and_waits_for_the_disk_but_the_doors_for_which_it_is_flushed()
    {
        await using var database = await Faults.Database<SqliteDatabase>();
        var traffic = await Faults.Prepare(database);
        using var watch = new Watch(new SqliteConnectionStringBuilder(database.ConnectionString).DataSource);
        var disk = new Disk();
        await using var portal = PortalHost.Start(database, new HostOptions { Services = services => services.AddSingleton<BulkWriter>(new OnDisk(new SqliteBulk(), disk)) });
        using var caller = traffic.Caller(portal.NewClient());

        await traffic.OneAfterTheOther(caller, Commits);

        Assert.True(watch.Seen.Values.Sum() > Commits, "Nothing was seen.");
        Assert.Equal([("wal", "1"), ("wal", "2")], watch.Seen.Keys.Order());
        Assert.Single(watch.Connections["1"]);
        Assert.True(disk.Flushed >= Commits, $"{Commits} commits were acknowledged one after the other, and the log was brought to the disk {disk.Flushed} times.");
    }

    /// <summary>Asks each connection of a database, before each command and each commit, how it keeps what it writes.</summary>
    private sealed class Watch : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
    {
        private readonly string file;
        private readonly ConcurrentBag<IDisposable> subscriptions = [];

        public Watch(string file)
        {
            this.file = file;
            subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
        }

        /// <summary>journal_mode and synchronous, and how often they were so.</summary>
        public ConcurrentDictionary<(string Journal, string Synchronous), int> Seen { get; } = [];

        /// <summary>The connections that were seen, by their synchronous.</summary>
        public ConcurrentDictionary<string, HashSet<DbConnection>> Connections { get; } = [];

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.EntityFrameworkCore")
            {
                subscriptions.Add(value.Subscribe(this));
            }
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            var connection = value.Value switch
            {
                CommandEventData before when value.Key == RelationalEventId.CommandExecuting.Name => before.Command.Connection,
                TransactionEventData before when value.Key == RelationalEventId.TransactionCommitting.Name => before.Transaction.Connection,
                _ => null,
            };
            if (connection is SqliteConnection sqlite && sqlite.DataSource == file && !sqlite.ConnectionString.Contains("Mode=ReadOnly", StringComparison.OrdinalIgnoreCase))
            {
                var synchronous = Ask(sqlite, "synchronous");
                Seen.AddOrUpdate((Ask(sqlite, "journal_mode"), synchronous), 1, (_, times) => times + 1);
                var connections = Connections.GetOrAdd(synchronous, _ => []);
                lock (connections)
                {
                    connections.Add(sqlite);
                }
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void Dispose()
        {
            foreach (var subscription in subscriptions)
            {
                subscription.Dispose();
            }
        }

        private static string Ask(DbConnection connection, string pragma)
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"PRAGMA {pragma}";
            return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture)!;
        }
    }
}
