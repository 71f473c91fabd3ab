using System.Globalization;
using System.Linq.Expressions;
using System.Runtime.InteropServices;
using System.Text;

namespace Portal.Data;

/// <summary>
/// Code that binds a row's columns to a statement's parameters, as Microsoft.Data.Sqlite stores them: whole numbers, and text. A charge binds more than a hundred, so
/// SQLite is called directly: the provider's own call counts the statement's users and stops for the garbage collector, which takes ten times as long as the binding.
/// </summary>
internal static class SqliteBinding
{
    private const string Library = "e_sqlite3";
    private const int OnStack = 512;

    /// <summary>Has SQLite copy a text before the call returns.</summary>
    private static readonly IntPtr Copied = -1;

    /// <summary>One delegate that binds every column, the first to the first parameter.</summary>
    public static Action<IntPtr, T> Compile<T>(IReadOnlyList<BulkColumn> columns)
    {
        var (statement, row) = (Expression.Parameter(typeof(IntPtr)), Expression.Parameter(typeof(T)));
        var binds = columns.Select((column, i) => Bind(statement, i + 1, Expression.Invoke(column.Value, row)));
        return Expression.Lambda<Action<IntPtr, T>>(Expression.Block(binds), statement, row).Compile();
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

    internal static void Number(IntPtr statement, int at, long? value)
    {
        if (value is { } number)
        {
            _ = BindNumber(statement, at, number);
        }
        else
        {
            _ = BindNothing(statement, at);
        }
    }

    internal static void Bit(IntPtr statement, int at, bool? value) => Number(statement, at, value is { } bit ? bit ? 1 : 0 : null);

    internal static void Id(IntPtr statement, int at, Guid? value) => Text(statement, at, value?.ToString().ToUpperInvariant());

    internal static void Day(IntPtr statement, int at, DateOnly? value) => Text(statement, at, value?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    internal static void Text(IntPtr statement, int at, string? value)
    {
        if (value is null)
        {
            _ = BindNothing(statement, at);
            return;
        }
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        var bytes = most <= OnStack ? stackalloc byte[OnStack] : new byte[most];
        _ = BindText(statement, at, ref MemoryMarshal.GetReference(bytes), Encoding.UTF8.GetBytes(value, bytes), Copied);
    }

    [DllImport(Library, EntryPoint = "sqlite3_bind_int64", ExactSpelling = true), SuppressGCTransition]
    private static extern int BindNumber(IntPtr statement, int at, long value);

    [DllImport(Library, EntryPoint = "sqlite3_bind_null", ExactSpelling = true), SuppressGCTransition]
    private static extern int BindNothing(IntPtr statement, int at);

    [DllImport(Library, EntryPoint = "sqlite3_bind_text", ExactSpelling = true), SuppressGCTransition]
    private static extern int BindText(IntPtr statement, int at, ref byte text, int bytes, IntPtr howLong);
}
