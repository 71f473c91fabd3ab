using System.Globalization;
using System.Linq.Expressions;
using System.Text;
using SQLitePCL;

namespace Portal.Data;

/// <summary>Code that binds a row's columns to a statement's parameters, as Microsoft.Data.Sqlite stores them: whole numbers, and text.</summary>
internal static class SqliteBinding
{
    private const int OnStack = 512;

    /// <summary>One delegate that binds every column, the first to the first parameter.</summary>
    public static Action<sqlite3_stmt, T> Compile<T>(IReadOnlyList<BulkColumn> columns)
    {
        var (statement, row) = (Expression.Parameter(typeof(sqlite3_stmt)), Expression.Parameter(typeof(T)));
        var binds = columns.Select((column, i) => Bind(statement, i + 1, Expression.Invoke(column.Value, row)));
        return Expression.Lambda<Action<sqlite3_stmt, T>>(Expression.Block(binds), statement, row).Compile();
    }

    private static MethodCallExpression Bind(Expression statement, int at, Expression value)
    {
        var type = Nullable.GetUnderlyingType(value.Type) ?? value.Type;
        var (method, bound) = type switch
        {
            _ when type == typeof(string) => (nameof(Text), typeof(string)),
            _ when type == typeof(Guid) => (nameof(Id), typeof(Guid?)),
            _ when type == typeof(DateOnly) => (nameof(Day), typeof(DateOnly?)),
            _ when type == typeof(bool) => (nameof(Bit), typeof(bool?)),
            _ when type.IsEnum || type.IsPrimitive => (nameof(Number), typeof(long?)),
            _ => throw new NotSupportedException($"A column of {type.Name} cannot be bound: say here how SQLite stores it."),
        };
        return Expression.Call(typeof(SqliteBinding), method, null, statement, Expression.Constant(at), Expression.Convert(value, bound));
    }

    internal static void Number(sqlite3_stmt statement, int at, long? value)
    {
        if (value is { } number)
        {
            _ = raw.sqlite3_bind_int64(statement, at, number);
        }
        else
        {
            _ = raw.sqlite3_bind_null(statement, at);
        }
    }

    internal static void Bit(sqlite3_stmt statement, int at, bool? value) => Number(statement, at, value is { } bit ? bit ? 1 : 0 : null);

    internal static void Id(sqlite3_stmt statement, int at, Guid? value) => Text(statement, at, value?.ToString().ToUpperInvariant());

    internal static void Day(sqlite3_stmt statement, int at, DateOnly? value) => Text(statement, at, value?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    internal static void Text(sqlite3_stmt statement, int at, string? value)
    {
        if (value is null)
        {
            _ = raw.sqlite3_bind_null(statement, at);
        }
        else if (value.Length is 0 or > OnStack / 3)
        {
            _ = raw.sqlite3_bind_text(statement, at, value);
        }
        else
        {
            // SQLite copies it before this returns.
            Span<byte> bytes = stackalloc byte[OnStack];
            _ = raw.sqlite3_bind_text(statement, at, bytes[..Encoding.UTF8.GetBytes(value, bytes)]);
        }
    }
}
