using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using SQLitePCL;

namespace Portal.Data;

/// <summary>On SQLite a prepared statement runs once a row: within one process and one transaction that is the fastest there is.</summary>
public sealed class SqliteBulk : BulkWriter
{
    /// <summary>
    /// Statements stay prepared in the file's handle that they were prepared in. Not for the connection: that one has another handle of the pool
    /// each time it is opened, and a statement of a former one would run outside of its transaction.
    /// </summary>
    private static readonly ConditionalWeakTable<sqlite3, Dictionary<string, SqliteCommand>> Commands = [];

    public override Task Insert<T>(PortalDb db, IReadOnlyList<T> rows, CancellationToken cancel)
    {
        var table = Table<T>(db);
        Run(db, rows, $"INSERT INTO {table.Name} ({table.ColumnList}) VALUES ({Parameters(table.Columns)})", table.Columns);
        return Task.CompletedTask;
    }

    public override Task<int> InsertUnlessTaken<T>(PortalDb db, IReadOnlyList<T> rows, CancellationToken cancel)
    {
        var table = Table<T>(db);
        return Task.FromResult(Run(db, rows, $"INSERT INTO {table.Name} ({table.ColumnList}) VALUES ({Parameters(table.Columns)}) ON CONFLICT DO NOTHING", table.Columns));
    }

    public override Task Update<T>(PortalDb db, IReadOnlyList<T> rows, CancellationToken cancel)
    {
        var table = Table<T>(db);
        var set = string.Join(", ", table.Values.Select(c => $"{c.Quoted} = @{c.Name}"));
        var where = string.Join(" AND ", table.Keys.Select(c => $"{c.Quoted} = @{c.Name}"));
        Run(db, rows, $"UPDATE {table.Name} SET {set} WHERE {where}", table.Columns);
        return Task.CompletedTask;
    }

    private static int Run<T>(PortalDb db, IReadOnlyList<T> rows, string sql, IReadOnlyList<BulkColumn<T>> columns) where T : class
    {
        if (rows.Count == 0)
        {
            return 0;
        }
        var command = Prepared((SqliteConnection)db.Database.GetDbConnection(), sql, columns);
        command.Transaction = (SqliteTransaction?)db.Database.CurrentTransaction?.GetDbTransaction();
        var affected = 0;
        foreach (var row in rows)
        {
            for (var i = 0; i < columns.Count; i++)
            {
                command.Parameters[i].Value = columns[i].Value(row) ?? DBNull.Value;
            }
            affected += command.ExecuteNonQuery();
        }
        return affected;
    }

    private static SqliteCommand Prepared<T>(SqliteConnection connection, string sql, IReadOnlyList<BulkColumn<T>> columns)
    {
        var commands = Commands.GetOrCreateValue(connection.Handle!);
        if (!commands.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            foreach (var column in columns)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = "@" + column.Name });
            }
            commands.Add(sql, command);
        }
        command.Connection = connection;
        return command;
    }

    private static string Parameters<T>(IReadOnlyList<BulkColumn<T>> columns) => string.Join(", ", columns.Select(c => "@" + c.Name));
}
