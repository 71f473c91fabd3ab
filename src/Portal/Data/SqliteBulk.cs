using System.Data.Common;
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
public sealed class SqliteBulk : BulkWriter
{
    /// <summary>
    /// Statements stay prepared in the file's handle that they were prepared in. Not for the connection: that one has another handle of the pool
    /// each time it is opened, and a statement of a former one would run outside of its transaction.
    /// </summary>
    private static readonly ConditionalWeakTable<sqlite3, Dictionary<string, object>> Statements = [];

    private static readonly ConditionalWeakTable<sqlite3, Dictionary<string, SqliteCommand>> Lookups = [];

    public override Task Insert<T>(PortalDb db, IReadOnlyList<T> rows, CancellationToken cancel)
    {
        Run(db, rows, "insert", static table => (InsertInto(table), table.Columns));
        return Task.CompletedTask;
    }

    public override Task<int> InsertUnlessTaken<T>(PortalDb db, IReadOnlyList<T> rows, CancellationToken cancel) =>
        Task.FromResult(Run(db, rows, "insert unless taken", static table => ($"{InsertInto(table)} ON CONFLICT DO NOTHING", table.Columns)));

    public override Task Update<T>(PortalDb db, IReadOnlyList<T> rows, CancellationToken cancel)
    {
        Run(db, rows, "update", static table => (
            $"UPDATE {table.Name} SET {string.Join(", ", table.Values.Select(c => $"{c.Quoted} = ?"))} WHERE {string.Join(" AND ", table.Keys.Select(c => $"{c.Quoted} = ?"))}",
            [.. table.Values, .. table.Keys]));
        return Task.CompletedTask;
    }

    public override Task<List<T>> Find<T>(PortalDb db, string select, IReadOnlyCollection<string> keys, Func<DbDataReader, T> read, string suffix = "")
    {
        var found = new List<T>();
        var connection = (SqliteConnection)db.Database.GetDbConnection();
        var commands = Lookups.GetOrCreateValue(connection.Handle!);
        if (!commands.TryGetValue(select, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = $"{select} = @key {suffix}";
            command.Parameters.Add(new SqliteParameter { ParameterName = "@key" });
            commands.Add(select, command);
        }
        command.Connection = connection;
        command.Transaction = (SqliteTransaction?)db.Database.CurrentTransaction?.GetDbTransaction();
        foreach (var key in keys)
        {
            command.Parameters[0].Value = key;
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                found.Add(read(reader));
            }
        }
        return Task.FromResult(found);
    }

    private static string InsertInto(BulkTable table) =>
        $"INSERT INTO {table.Name} ({table.ColumnList}) VALUES ({string.Join(", ", table.Columns.Select(_ => "?"))})";

    private int Run<T>(PortalDb db, IReadOnlyList<T> rows, string verb, Func<BulkTable, (string Sql, IReadOnlyList<BulkColumn> Columns)> describe) where T : class
    {
        if (rows.Count == 0)
        {
            return 0;
        }
        var connection = ((SqliteConnection)db.Database.GetDbConnection()).Handle!;
        var statement = Prepared<T>(db, connection, verb, describe);
        var affected = 0;
        foreach (var row in rows)
        {
            statement.Bind(statement.Handle, row);
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

    private Statement<T> Prepared<T>(PortalDb db, sqlite3 connection, string verb, Func<BulkTable, (string Sql, IReadOnlyList<BulkColumn> Columns)> describe) where T : class
    {
        var statements = Statements.GetOrCreateValue(connection);
        var table = Table<T>(db);
        var name = $"{verb} {table.Name}";
        if (!statements.TryGetValue(name, out var known))
        {
            var (sql, columns) = describe(table);
            SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(connection, sql, out var handle), connection);
            statements.Add(name, known = new Statement<T>(handle, SqliteBinding.Compile<T>(columns)));
        }
        return (Statement<T>)known;
    }

    private sealed record Statement<T>(sqlite3_stmt Handle, Action<sqlite3_stmt, T> Bind);
}
