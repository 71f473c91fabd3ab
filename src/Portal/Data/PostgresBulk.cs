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
    private readonly ConcurrentDictionary<(Type, Verb), (string Sql, IReadOnlyList<BulkColumn> Columns)> _statements = [];

    private enum Verb
    {
        Insert,
        InsertUnlessTaken,
        Update,
        UpdateButIndexed,
    }

    public override Task Insert<T>(PortalDb db, IReadOnlyList<T> rows, CancellationToken cancel) => Run(db, rows, Verb.Insert, cancel);

    public override Task<int> InsertUnlessTaken<T>(PortalDb db, IReadOnlyList<T> rows, CancellationToken cancel) => Run(db, rows, Verb.InsertUnlessTaken, cancel);

    public override Task Update<T>(PortalDb db, IReadOnlyList<T> rows, CancellationToken cancel, bool indexed = true) =>
        Run(db, rows, indexed ? Verb.Update : Verb.UpdateButIndexed, cancel);

    public override async Task<List<T>> Find<T>(PortalDb db, string select, IReadOnlyCollection<string> keys, Func<FoundRow, T> read, string suffix = "")
    {
        var found = new List<T>();
        if (keys.Count == 0)
        {
            return found;
        }
        await using var command = Command(db, $"{select} = ANY($1) {suffix}");
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. keys] });
        await using var reader = await command.ExecuteReaderAsync();
        var row = new ReadRow(reader);
        while (await reader.ReadAsync())
        {
            found.Add(read(row));
        }
        return found;
    }

    public override async Task<long?> Number(PortalDb db, string sql)
    {
        await using var command = Command(db, sql);
        return (long?)await command.ExecuteScalarAsync();
    }

    private async Task<int> Run<T>(PortalDb db, IReadOnlyList<T> rows, Verb verb, CancellationToken cancel) where T : class
    {
        if (rows.Count == 0)
        {
            return 0;
        }
        if (!_statements.TryGetValue((typeof(T), verb), out var statement))
        {
            statement = _statements[(typeof(T), verb)] = Statement(Table<T>(db), verb);
        }
        await using var command = Command(db, statement.Sql);
        foreach (var column in statement.Columns)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = ((Func<IReadOnlyList<T>, Array>)_arrays.GetOrAdd(column, ArrayOf<T>))(rows) });
        }
        return await command.ExecuteNonQueryAsync(cancel);
    }

    private static (string Sql, IReadOnlyList<BulkColumn> Columns) Statement(BulkTable table, Verb verb)
    {
        if (verb is Verb.Insert or Verb.InsertUnlessTaken)
        {
            var insert = $"INSERT INTO {table.Name} ({table.ColumnList}) SELECT * FROM {Unnest(table.Columns)}";
            return (verb == Verb.Insert ? insert : $"{insert} ON CONFLICT DO NOTHING", table.Columns);
        }
        IReadOnlyList<BulkColumn> values = [.. table.Values(verb == Verb.Update)], columns = [.. table.Keys, .. values];
        var set = string.Join(", ", values.Select(c => $"{c.Quoted} = v.{c.Quoted}"));
        var where = string.Join(" AND ", table.Keys.Select(c => $"t.{c.Quoted} = v.{c.Quoted}"));
        return ($"UPDATE {table.Name} t SET {set} FROM {Unnest(columns)} AS v({string.Join(", ", columns.Select(c => c.Quoted))}) WHERE {where}", columns);
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

    private sealed class ReadRow(DbDataReader reader) : FoundRow
    {
        public override string Text(int column) => reader.GetString(column);

        public override long? Number(int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);
    }
}
