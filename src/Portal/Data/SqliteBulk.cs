using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using SQLitePCL;

namespace Portal.Data;

/// <summary>
/// On SQLite a prepared statement runs once a row: within one process and one transaction that is the fastest there is. Rows are bound by
/// code compiled for their columns, straight to SQLite: the provider's parameters, which box each value and look each name up, took a third of the door's time.
/// </summary>
public sealed class SqliteBulk : BulkWriter, IDisposable
{
    /// <summary>
    /// Statements stay prepared in the file's handle that they were prepared in. Not for the connection: that one has another handle of the pool
    /// each time it is opened, and a statement of a former one would run outside of its transaction.
    /// </summary>
    private static readonly ConditionalWeakTable<sqlite3, Dictionary<string, object>> Statements = [];

    internal SqliteLog? Log { get; private set; }

    public override bool HasOneWriter => true;

    /// <summary>Commits of this connection do not wait for the disk: <see cref="Flush"/> does, while the next transaction is under way.</summary>
    public override async Task Open(PortalDb db)
    {
        await base.Open(db);
        var settings = Ask(db);
        if (Log is { HasFailed: true })
        {
            // What is in the log goes into the file, and the log begins anew: that is on disk then, or this fails too. The answer is whether somebody was in the way.
            if (settings.All("PRAGMA wal_checkpoint(TRUNCATE)", row => row.Number(0)) is not [0])
            {
                throw new SqliteException("The log could not be copied into the database, because it is being read.", raw.SQLITE_BUSY);
            }
        }
        Log?.Dispose();
        settings.All("PRAGMA synchronous=NORMAL", row => row.Number(0));
        settings.All("PRAGMA cache_size=-65536", row => row.Number(0));
        Log = new SqliteLog(((SqliteConnection)db.Database.GetDbConnection()).DataSource);
    }

    public override void Flush(Action<IOException?> done) => Log!.Flush(done);

    public void Dispose() => Log?.Dispose();

    public override BulkReads Ask(PortalDb db) => new Reads(db);

    public override BulkWrites Gather(PortalDb db) => new Writes(this, db);

    private static sqlite3 Handle(PortalDb db) => ((SqliteConnection)db.Database.GetDbConnection()).Handle!;

    private static string InsertInto(BulkTable table) =>
        $"INSERT INTO {table.Name} ({table.ColumnList}) VALUES ({string.Join(", ", table.Columns.Select(_ => "?"))})";

    private int Run<T>(PortalDb db, IReadOnlyList<T> rows, string verb, Func<BulkTable, (string Sql, IReadOnlyList<BulkColumn> Columns)> describe) where T : class
    {
        if (rows.Count == 0)
        {
            return 0;
        }
        var connection = Handle(db);
        var table = Table<T>(db);
        var statement = Prepared(connection, $"{verb} {table.Name}", () =>
        {
            var (sql, columns) = describe(table);
            return new Writing<T>(Prepare(connection, sql), SqliteBinding.Compile<T>(columns));
        });
        var affected = 0;
        foreach (var row in rows)
        {
            statement.Bind(statement.Handle.DangerousGetHandle(), row);
            var result = raw.sqlite3_step(statement.Handle);
            raw.sqlite3_reset(statement.Handle);
            if (result != raw.SQLITE_DONE)
            {
                SqliteException.ThrowExceptionForRC(result, connection);
            }
            affected += raw.sqlite3_changes(connection);
        }
        return affected;
    }

    private static T Prepared<T>(sqlite3 connection, string name, Func<T> prepare) where T : class
    {
        var statements = Statements.GetOrCreateValue(connection);
        if (!statements.TryGetValue(name, out var known))
        {
            statements.Add(name, known = prepare());
        }
        return (T)known;
    }

    private static sqlite3_stmt Prepare(sqlite3 connection, string sql)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(connection, sql, out var handle), connection);
        return handle;
    }

    /// <summary>Here nothing is gathered: each key is looked up at once.</summary>
    private sealed class Reads(PortalDb db) : BulkReads
    {
        private readonly sqlite3 _connection = Handle(db);

        public override IReadOnlyList<T> Find<T>(string select, IReadOnlyCollection<string> keys, Func<FoundRow, T> read, string suffix = "")
        {
            var found = new List<T>();
            if (keys.Count > 0)
            {
                var statement = Prepared($"{select} = ? {suffix}");
                foreach (var key in keys)
                {
                    SqliteBinding.Text(statement.Handle.DangerousGetHandle(), 1, key);
                    Read(statement, read, found);
                }
            }
            return found;
        }

        public override IReadOnlyList<T> All<T>(string sql, Func<FoundRow, T> read)
        {
            var found = new List<T>();
            Read(Prepared(sql), read, found);
            return found;
        }

        public override Task Send() => Task.CompletedTask;

        private Lookup Prepared(string sql) => SqliteBulk.Prepared(_connection, sql, () => new Lookup(Prepare(_connection, sql)));

        private void Read<T>(Lookup statement, Func<FoundRow, T> read, List<T> found)
        {
            while (statement.Next(_connection))
            {
                found.Add(read(statement));
            }
        }
    }

    /// <summary>Here nothing is gathered: each row is written at once.</summary>
    private sealed class Writes(SqliteBulk bulk, PortalDb db) : BulkWrites
    {
        private bool _isTaken;

        public override void Insert<T>(IReadOnlyList<T> rows) => Run(rows, "insert", static table => (InsertInto(table), table.Columns));

        public override void Reserve<T>(IReadOnlyList<T> rows) => _isTaken |= InsertedUnlessTaken(rows) < rows.Count;

        public override void InsertUnlessTaken<T>(IReadOnlyList<T> rows) => InsertedUnlessTaken(rows);

        public override void Update<T>(IReadOnlyList<T> rows, bool indexed = true) => Run(rows, indexed ? "update" : "update but indexes", table =>
        {
            IReadOnlyList<BulkColumn> values = [.. table.Values(indexed)];
            return ($"UPDATE {table.Name} SET {string.Join(", ", values.Select(c => $"{c.Quoted} = ?"))} WHERE {string.Join(" AND ", table.Keys.Select(c => $"{c.Quoted} = ?"))}", [.. values, .. table.Keys]);
        });

        public override Task<bool> Send(CancellationToken cancel) => Task.FromResult(!_isTaken);

        public override async Task<bool> Commit(IDbContextTransaction transaction, CancellationToken cancel)
        {
            if (!_isTaken)
            {
                await transaction.CommitAsync(cancel);
            }
            return !_isTaken;
        }

        private int InsertedUnlessTaken<T>(IReadOnlyList<T> rows) where T : class =>
            Run(rows, "insert unless taken", static table => ($"{InsertInto(table)} ON CONFLICT DO NOTHING", table.Columns));

        /// <summary>What follows a key that is taken is rolled back; it need not be written.</summary>
        private int Run<T>(IReadOnlyList<T> rows, string verb, Func<BulkTable, (string Sql, IReadOnlyList<BulkColumn> Columns)> describe) where T : class =>
            _isTaken ? 0 : bulk.Run(db, rows, verb, describe);
    }

    private sealed record Writing<T>(sqlite3_stmt Handle, Action<IntPtr, T> Bind);

    private sealed class Lookup(sqlite3_stmt handle) : FoundRow
    {
        public sqlite3_stmt Handle => handle;

        /// <summary>Goes on to the next row; after the last the statement rests until it is asked anew.</summary>
        public bool Next(sqlite3 connection)
        {
            var result = raw.sqlite3_step(handle);
            if (result == raw.SQLITE_ROW)
            {
                return true;
            }
            raw.sqlite3_reset(handle);
            if (result != raw.SQLITE_DONE)
            {
                SqliteException.ThrowExceptionForRC(result, connection);
            }
            return false;
        }

        public override string Text(int column) => raw.sqlite3_column_text(handle, column).utf8_to_string();

        public override long? Number(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL ? null : raw.sqlite3_column_int64(handle, column);
    }
}
