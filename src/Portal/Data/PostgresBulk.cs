using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Portal.Data;

/// <summary>On PostgreSQL one statement carries all rows, an array a column, so that a batch costs one round trip a table.</summary>
public sealed class PostgresBulk : BulkWriter
{
    public override async Task Insert<T>(PortalDb db, IReadOnlyList<T> rows, CancellationToken cancel)
    {
        var table = Table<T>(db);
        await Run(db, rows, $"INSERT INTO {table.Name} ({table.ColumnList}) SELECT * FROM {Unnest(table)}", table, cancel);
    }

    public override async Task<int> InsertUnlessTaken<T>(PortalDb db, IReadOnlyList<T> rows, CancellationToken cancel)
    {
        var table = Table<T>(db);
        return await Run(db, rows, $"INSERT INTO {table.Name} ({table.ColumnList}) SELECT * FROM {Unnest(table)} ON CONFLICT DO NOTHING", table, cancel);
    }

    public override async Task Update<T>(PortalDb db, IReadOnlyList<T> rows, CancellationToken cancel)
    {
        var table = Table<T>(db);
        var set = string.Join(", ", table.Values.Select(c => $"{c.Quoted} = v.{c.Quoted}"));
        var where = string.Join(" AND ", table.Keys.Select(c => $"t.{c.Quoted} = v.{c.Quoted}"));
        await Run(db, rows, $"UPDATE {table.Name} t SET {set} FROM {Unnest(table)} AS v({table.ColumnList}) WHERE {where}", table, cancel);
    }

    private static async Task<int> Run<T>(PortalDb db, IReadOnlyList<T> rows, string sql, BulkTable<T> table, CancellationToken cancel) where T : class
    {
        if (rows.Count == 0)
        {
            return 0;
        }
        await using var command = ((NpgsqlConnection)db.Database.GetDbConnection()).CreateCommand();
        command.Transaction = (NpgsqlTransaction?)db.Database.CurrentTransaction?.GetDbTransaction();
        command.CommandText = sql;
        foreach (var column in table.Columns)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = ArrayOf(rows, column) });
        }
        return await command.ExecuteNonQueryAsync(cancel);
    }

    private static Array ArrayOf<T>(IReadOnlyList<T> rows, BulkColumn<T> column)
    {
        var type = column.ClrType.IsEnum ? Enum.GetUnderlyingType(column.ClrType) : column.ClrType;
        var values = Array.CreateInstance(type.IsValueType ? typeof(Nullable<>).MakeGenericType(type) : type, rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            values.SetValue(column.Value(rows[i]), i);
        }
        return values;
    }

    private static string Unnest<T>(BulkTable<T> table) where T : class =>
        $"unnest({string.Join(", ", table.Columns.Select((c, i) => $"${i + 1}::{c.StoreType}[]"))})";
}
