using System.Data.Common;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Portal.Data;

/// <summary>One column of a table, with a compiled way to read it from an entity as the value that the database stores.</summary>
public sealed record BulkColumn<T>(string Name, string StoreType, Type ClrType, bool IsKey, Func<T, object?> Value)
{
    /// <summary>The name as a statement writes it: some, such as "end", are words of SQL.</summary>
    public string Quoted => $"\"{Name}\"";
}

/// <summary>
/// A table as EF Core's model describes it, ready for statements that write many rows at once. The model stays the one place that
/// says which property lies in which column and how it is converted.
/// </summary>
public sealed class BulkTable<T> where T : class
{
    public BulkTable(IModel model)
    {
        var entity = model.FindEntityType(typeof(T)) ?? throw new InvalidOperationException($"{typeof(T).Name} is not mapped.");
        Name = entity.GetTableName()!;
        var key = entity.FindPrimaryKey()!.Properties;
        Columns = [.. entity.GetFlattenedProperties()
            .Where(p => p.ValueGenerated != ValueGenerated.OnAdd)
            .Select(p => new BulkColumn<T>(p.GetColumnName(), p.GetRelationalTypeMapping().StoreType, StoredType(p), key.Contains(p), Compile(p)))];
    }

    public string Name { get; }

    public IReadOnlyList<BulkColumn<T>> Columns { get; }

    public IEnumerable<BulkColumn<T>> Keys => Columns.Where(c => c.IsKey);

    public IEnumerable<BulkColumn<T>> Values => Columns.Where(c => !c.IsKey);

    public string ColumnList => string.Join(", ", Columns.Select(c => c.Quoted));

    private static Type StoredType(IProperty property)
    {
        var type = property.GetRelationalTypeMapping().Converter?.ProviderClrType ?? property.ClrType;
        return Nullable.GetUnderlyingType(type) ?? type;
    }

    private static Func<T, object?> Compile(IProperty property)
    {
        var row = Expression.Parameter(typeof(T));
        Expression value = row;
        foreach (var part in Path(property))
        {
            value = Expression.Property(value, part);
        }
        if (property.GetRelationalTypeMapping().Converter is { } converter)
        {
            var convert = converter.ConvertToProviderExpression;
            var modelType = convert.Parameters[0].Type;
            if (Nullable.GetUnderlyingType(value.Type) is not null && Nullable.GetUnderlyingType(modelType) is null)
            {
                value = Expression.Condition(
                    Expression.Property(value, "HasValue"),
                    Expression.Convert(Expression.Invoke(convert, Expression.Property(value, "Value")), typeof(object)),
                    Expression.Constant(null));
            }
            else
            {
                value = Expression.Invoke(convert, value);
            }
        }
        return Expression.Lambda<Func<T, object?>>(Expression.Convert(value, typeof(object)), row).Compile();
    }

    private static Stack<System.Reflection.PropertyInfo> Path(IProperty property)
    {
        var path = new Stack<System.Reflection.PropertyInfo>();
        path.Push(property.PropertyInfo!);
        var owner = property.DeclaringType;
        while (owner is IComplexType complex)
        {
            path.Push(complex.ComplexProperty.PropertyInfo!);
            owner = complex.ComplexProperty.DeclaringType;
        }
        return path;
    }
}

/// <summary>Statements that write many rows of a table at once, within a transaction of the caller. One implementation for each database.</summary>
public abstract class BulkWriter
{
    private readonly Dictionary<Type, object> _tables = [];

    /// <summary>Writes new rows.</summary>
    public abstract Task Insert<T>(PortalDb db, IReadOnlyList<T> rows, CancellationToken cancel) where T : class;

    /// <summary>Writes new rows whose key is not taken; returns how many were.</summary>
    public abstract Task<int> InsertUnlessTaken<T>(PortalDb db, IReadOnlyList<T> rows, CancellationToken cancel) where T : class;

    /// <summary>Writes all columns of existing rows.</summary>
    public abstract Task Update<T>(PortalDb db, IReadOnlyList<T> rows, CancellationToken cancel) where T : class;

    /// <summary>The table of an entity, compiled once.</summary>
    protected BulkTable<T> Table<T>(PortalDb db) where T : class
    {
        lock (_tables)
        {
            if (!_tables.TryGetValue(typeof(T), out var table))
            {
                _tables[typeof(T)] = table = new BulkTable<T>(db.Model);
            }
            return (BulkTable<T>)table;
        }
    }
}
