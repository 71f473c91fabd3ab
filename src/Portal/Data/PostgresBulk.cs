using System.Collections.Concurrent;
using System.Data.Common;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Portal.Data;

/// <summary>On PostgreSQL one statement carries all rows of a table, an array a column, and all statements of a transaction go in one trip.</summary>
public sealed class PostgresBulk : BulkWriter
{
    private readonly ConcurrentDictionary<BulkColumn, Delegate> _arrays = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentDictionary<(Type, Verb), (string Sql, IReadOnlyList<BulkColumn> Columns)> _statements = [];

    /// <summary>
    /// Rows are found by their keys, whatever statistics say. A statement stays prepared with one plan, and one that was made while a table was
    /// small would read all of it when it has grown.
    /// </summary>
    private const string ByKeys = "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off";

    /// <summary>Rows of one statement at the most: to a text in an array the server counts from the array's beginning.</summary>
    private const int AtOnce = 100;

    private enum Verb
    {
        Insert,
        InsertUnlessTaken,
        Update,
        UpdateButIndexed,
    }

    public override async Task Open(PortalDb db)
    {
        await base.Open(db);
        await using var command = new NpgsqlCommand(ByKeys, Connection(db));
        await command.ExecuteNonQueryAsync();
    }

    public override BulkReads Ask(PortalDb db) => new Reads(db);

    public override BulkWrites Gather(PortalDb db) => new Writes(this, db);

    private NpgsqlBatchCommand Write<T>(PortalDb db, IReadOnlyList<T> rows, Verb verb) where T : class
    {
        if (!_statements.TryGetValue((typeof(T), verb), out var statement))
        {
            statement = _statements[(typeof(T), verb)] = Statement(Table<T>(db), verb);
        }
        var command = new NpgsqlBatchCommand(statement.Sql);
        foreach (var column in statement.Columns)
        {
            command.Parameters.Add(((Func<IReadOnlyList<T>, NpgsqlParameter>)_arrays.GetOrAdd(column, ArrayOf<T>))(rows));
        }
        return command;
    }

    private static (string Sql, IReadOnlyList<BulkColumn> Columns) Statement(BulkTable table, Verb verb)
    {
        if (verb is Verb.Insert or Verb.InsertUnlessTaken)
        {
            var insert = $"INSERT INTO {table.Name} ({table.ColumnList}) {Rows(table.Columns)}";
            return (verb == Verb.Insert ? insert : $"{insert} ON CONFLICT DO NOTHING", table.Columns);
        }
        IReadOnlyList<BulkColumn> values = [.. table.Values(verb == Verb.Update)], columns = [.. table.Keys, .. values];
        var set = string.Join(", ", values.Select(c => $"{c.Quoted} = v.{c.Quoted}"));
        var where = string.Join(" AND ", table.Keys.Select(c => $"t.{c.Quoted} = v.{c.Quoted}"));
        return ($"UPDATE {table.Name} t SET {set} FROM ({Rows(columns)}) v WHERE {where}", columns);
    }

    private static NpgsqlConnection Connection(PortalDb db) => (NpgsqlConnection)db.Database.GetDbConnection();

    private static NpgsqlTransaction? Transaction(PortalDb db) => (NpgsqlTransaction?)db.Database.CurrentTransaction?.GetDbTransaction();

    /// <summary>Code that gathers a column of all rows; enums as the numbers that they are stored as.</summary>
    private static Delegate ArrayOf<T>(BulkColumn column)
    {
        var value = column.Value.Body;
        var type = Nullable.GetUnderlyingType(value.Type) ?? value.Type;
        var stored = type.IsEnum ? Enum.GetUnderlyingType(type) : type;
        var element = stored.IsValueType && value.Type != type ? typeof(Nullable<>).MakeGenericType(stored) : stored;
        var typed = Expression.Lambda(Expression.Convert(value, element), column.Value.Parameters);
        return typeof(PostgresBulk).GetMethod(nameof(Gathered), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
            .MakeGenericMethod(typeof(T), element).Invoke(null, [typed.Compile()]) as Delegate ?? throw new InvalidOperationException(column.Name);
    }

    private static Func<IReadOnlyList<T>, NpgsqlParameter> Gathered<T, TValue>(Func<T, TValue> value) => rows =>
    {
        var values = new TValue[rows.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = value(rows[i]);
        }
        return new NpgsqlParameter<TValue[]> { TypedValue = values };
    };

    /// <summary>The rows of the arrays. Not <c>unnest</c>: with thirty arrays that costs the server as much as all else that it does for a row.</summary>
    private static string Rows(IReadOnlyList<BulkColumn> columns) =>
        $"SELECT {string.Join(", ", columns.Select((c, i) => $"(${i + 1}::{c.StoreType}[])[i] AS {c.Quoted}"))} FROM generate_series(1, cardinality($1)) i";

    private sealed class Reads(PortalDb db) : BulkReads
    {
        private readonly List<(NpgsqlBatchCommand Command, Action<ReadRow> Read)> _asked = [];

        public override IReadOnlyList<T> Find<T>(string select, IReadOnlyCollection<string> keys, Func<FoundRow, T> read, string suffix = "") =>
            keys.Count == 0 ? [] : Ask($"{select} = ANY($1) {suffix}", read, new NpgsqlParameter<string[]> { TypedValue = [.. keys] });

        public override IReadOnlyList<T> All<T>(string sql, Func<FoundRow, T> read) => Ask(sql, read);

        public override async Task Send()
        {
            await using var batch = new NpgsqlBatch(Connection(db), Transaction(db));
            _asked.ForEach(asked => batch.BatchCommands.Add(asked.Command));
            await using var reader = await batch.ExecuteReaderAsync();
            var row = new ReadRow(reader);
            foreach (var (_, read) in _asked)
            {
                while (await reader.ReadAsync())
                {
                    read(row);
                }
                await reader.NextResultAsync();
            }
        }

        private List<T> Ask<T>(string sql, Func<FoundRow, T> read, params NpgsqlParameter[] parameters)
        {
            var found = new List<T>();
            var command = new NpgsqlBatchCommand(sql);
            command.Parameters.AddRange(parameters);
            _asked.Add((command, row => found.Add(read(row))));
            return found;
        }
    }

    /// <summary>Statements that go together. After one that fails the server runs none of the others.</summary>
    private sealed class Writes(PostgresBulk bulk, PortalDb db) : BulkWrites
    {
        private readonly List<NpgsqlBatchCommand> _commands = [];
        private readonly HashSet<string?> _reserved = [];

        public override void Insert<T>(IReadOnlyList<T> rows) => Add(rows, Verb.Insert);

        public override void Reserve<T>(IReadOnlyList<T> rows)
        {
            // A plain insert: a key that is taken fails it, and spares the server what follows.
            _reserved.Add(bulk.Table<T>(db).Name);
            Add(rows, Verb.Insert);
        }

        public override void InsertUnlessTaken<T>(IReadOnlyList<T> rows) => Add(rows, Verb.InsertUnlessTaken);

        public override void Update<T>(IReadOnlyList<T> rows, bool indexed = true) => Add(rows, indexed ? Verb.Update : Verb.UpdateButIndexed);

        public override async Task<bool> Send(CancellationToken cancel)
        {
            if (_commands.Count == 0)
            {
                return true;
            }
            await using var batch = new NpgsqlBatch(Connection(db), Transaction(db));
            _commands.ForEach(batch.BatchCommands.Add);
            try
            {
                await batch.ExecuteNonQueryAsync(cancel);
                return true;
            }
            catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation && _reserved.Contains(taken.TableName))
            {
                return false;
            }
        }

        /// <summary>As a statement of its own the commit would be a trip of its own. Whoever holds the transaction finds it over.</summary>
        public override Task<bool> Commit(IDbContextTransaction transaction, CancellationToken cancel)
        {
            _commands.Add(new NpgsqlBatchCommand("COMMIT"));
            return Send(cancel);
        }

        private void Add<T>(IReadOnlyList<T> rows, Verb verb) where T : class
        {
            if (rows.Count > 0)
            {
                _commands.AddRange(rows.Chunk(AtOnce).Select(some => bulk.Write(db, some, verb)));
            }
        }
    }

    private sealed class ReadRow(DbDataReader reader) : FoundRow
    {
        public override string Text(int column) => reader.GetString(column);

        public override long? Number(int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);
    }
}
