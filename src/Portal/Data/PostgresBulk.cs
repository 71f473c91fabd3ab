using System.Collections.Concurrent;
using System.Data.Common;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Portal.Data;

/// <summary>On PostgreSQL one statement carries all rows, an array a column, so that a batch costs one round trip a table.</summary>
public sealed class PostgresBulk : BulkWriter
{
    private readonly ConcurrentDictionary<BulkColumn, Delegate> _arrays = new(ReferenceEqualityComparer.Instance);

    public override async Task Insert<T>(PortalDb db, IReadOnlyList<T> rows, CancellationToken cancel)
    {
        var table = Table<T>(db);
        await Run(db, rows, $"INSERT INTO {table.Name} ({table.ColumnList}) SELECT * FROM {Unnest(table.Columns)}", table.Columns, cancel);
    }

    public override async Task<int> InsertUnlessTaken<T>(PortalDb db, IReadOnlyList<T> rows, CancellationToken cancel)
    {
        var table = Table<T>(db);
        return await Run(db, rows, $"INSERT INTO {table.Name} ({table.ColumnList}) SELECT * FROM {Unnest(table.Columns)} ON CONFLICT DO NOTHING", table.Columns, cancel);
    }

    public override async Task Update<T>(PortalDb db, IReadOnlyList<T> rows, CancellationToken cancel)
    {
        var table = Table<T>(db);
        IReadOnlyList<BulkColumn> columns = [.. table.Keys, .. table.Values];
        var set = string.Join(", ", table.Values.Select(c => $"{c.Quoted} = v.{c.Quoted}"));
        var where = string.Join(" AND ", table.Keys.Select(c => $"t.{c.Quoted} = v.{c.Quoted}"));
        await Run(db, rows, $"UPDATE {table.Name} t SET {set} FROM {Unnest(columns)} AS v({string.Join(", ", columns.Select(c => c.Quoted))}) WHERE {where}", columns, cancel);
    }

    public override async Task<List<T>> Find<T>(PortalDb db, string select, IReadOnlyCollection<string> keys, Func<DbDataReader, T> read, string suffix = "")
    {
        var found = new List<T>();
        if (keys.Count == 0)
        {
            return found;
        }
        await using var command = Command(db, $"{select} = ANY($1) {suffix}");
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. keys] });
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            found.Add(read(reader));
        }
        return found;
    }

    private async Task<int> Run<T>(PortalDb db, IReadOnlyList<T> rows, string sql, IReadOnlyList<BulkColumn> columns, CancellationToken cancel)
    {
        if (rows.Count == 0)
        {
            return 0;
        }
        await using var command = Command(db, sql);
        foreach (var column in columns)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = ((Func<IReadOnlyList<T>, Array>)_arrays.GetOrAdd(column, ArrayOf<T>))(rows) });
        }
        return await command.ExecuteNonQueryAsync(cancel);
    }

    private static NpgsqlCommand Command(PortalDb db, string sql)
    {
        var command = ((NpgsqlConnection)db.Database.GetDbConnection()).CreateCommand();
        command.Transaction = (NpgsqlTransaction?)db.Database.CurrentTransaction?.GetDbTransaction();
        command.CommandText = sql;
        return command;
    }

    /// <summary>Code that gathers a column of all rows; enums as the numbers that they are stored as.</summary>
    private static Delegate ArrayOf<T>(BulkColumn column)
    {
        var value = column.Value.Body;
        var type = Nullable.GetUnderlyingType(value.Type) ?? value.Type;
        var stored = type.IsEnum ? Enum.GetUnderlyingType(type) : type;
        var element = stored.IsValueType && value.Type != type ? typeof(Nullable<>).MakeGenericType(stored) : stored;
        var typed = Expression.Lambda(Expression.Convert(value, element), column.Value.Parameters);
        return typeof(PostgresBulk).GetMethod(nameof(Gather), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
            .MakeGenericMethod(typeof(T), element).Invoke(null, [typed.Compile()]) as Delegate ?? throw new InvalidOperationException(column.Name);
    }

    private static Func<IReadOnlyList<T>, Array> Gather<T, TValue>(Func<T, TValue> value) => rows =>
    {
        var values = new TValue[rows.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = value(rows[i]);
        }
        return values;
    };

    private static string Unnest(IReadOnlyList<BulkColumn> columns) =>
        $"unnest({string.Join(", ", columns.Select((c, i) => $"${i + 1}::{c.StoreType}[]"))})";
}
