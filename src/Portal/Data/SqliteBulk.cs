using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Portal.Data;

/// <summary>On SQLite a prepared statement runs once a row: within one process and one transaction that is the fastest there is.</summary>
public sealed class SqliteBulk : BulkWriter
{
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
        using var command = ((SqliteConnection)db.Database.GetDbConnection()).CreateCommand();
        command.Transaction = (SqliteTransaction?)db.Database.CurrentTransaction?.GetDbTransaction();
        command.CommandText = sql;
        var parameters = columns.Select(c => command.Parameters.Add(new SqliteParameter { ParameterName = "@" + c.Name })).ToArray();
        var affected = 0;
        foreach (var row in rows)
        {
            for (var i = 0; i < parameters.Length; i++)
            {
                parameters[i].Value = columns[i].Value(row) ?? DBNull.Value;
            }
            affected += command.ExecuteNonQuery();
        }
        return affected;
    }

    private static string Parameters<T>(IReadOnlyList<BulkColumn<T>> columns) => string.Join(", ", columns.Select(c => "@" + c.Name));
}
