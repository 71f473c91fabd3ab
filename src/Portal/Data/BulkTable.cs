using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Portal.Data;

/// <summary>One column of a table, and the expression that reads it from an entity as the value that the database stores; each writer compiles it as it binds.</summary>
/// <param name="Name">As the table has it.</param>
/// <param name="StoreType">As the database calls it.</param>
/// <param name="IsKey">Whether it is of the primary key.</param>
/// <param name="IsFixed">Whether it keeps the value that its row was written with.</param>
/// <param name="IsIndexed">Whether an index is over it, that of the primary key aside.</param>
/// <param name="Value">Of one parameter, the entity.</param>
public sealed record BulkColumn(string Name, string StoreType, bool IsKey, bool IsFixed, bool IsIndexed, LambdaExpression Value)
{
    /// <summary>The name as a statement writes it: some, such as "end", are words of SQL.</summary>
    public string Quoted => $"\"{Name}\"";
}

/// <summary>
/// A table as EF Core's model describes it, ready for statements that write many rows at once. The model stays the one place that
/// says which property lies in which column, how it is converted, and whether it ever changes.
/// </summary>
public sealed class BulkTable
{
    public BulkTable(IModel model, Type type)
    {
        ArgumentNullException.ThrowIfNull(model);
        var entity = model.FindEntityType(type) ?? throw new InvalidOperationException($"{type.Name} is not mapped.");
        Name = entity.GetTableName()!;
        Columns = [.. entity.GetFlattenedProperties().Where(p => p.ValueGenerated != ValueGenerated.OnAdd).Select(p => Column(type, p))];
    }

    public string Name { get; }

    public IReadOnlyList<BulkColumn> Columns { get; }

    public IEnumerable<BulkColumn> Keys => Columns.Where(c => c.IsKey);

    /// <summary>What an update writes.</summary>
    public IEnumerable<BulkColumn> Values(bool indexed) => Columns.Where(c => !c.IsKey && !c.IsFixed && (indexed || !c.IsIndexed));

    public string ColumnList => string.Join(", ", Columns.Select(c => c.Quoted));

    private static BulkColumn Column(Type type, IProperty property)
    {
        var row = Expression.Parameter(type);
        return new BulkColumn(
            property.GetColumnName(), property.GetRelationalTypeMapping().StoreType, property.IsPrimaryKey(), property.GetAfterSaveBehavior() == PropertySaveBehavior.Ignore, property.IsIndex(),
            Expression.Lambda(Stored(property, Path(property).Aggregate<PropertyInfo, Expression>(row, Expression.Property)), row));
    }

    /// <summary>As the model's converter stores it. Like EF's own, a converter never sees nothing: that is stored as it is.</summary>
    private static Expression Stored(IProperty property, Expression value)
    {
        if (property.GetRelationalTypeMapping().Converter is not { } converter)
        {
            return value;
        }
        var convert = converter.ConvertToProviderExpression;
        var isLifted = Nullable.GetUnderlyingType(value.Type) is not null && Nullable.GetUnderlyingType(convert.Parameters[0].Type) is null;
        var stored = Expression.Invoke(convert, isLifted ? Expression.Property(value, "Value") : value);
        if (!isLifted && !property.IsNullable)
        {
            return stored;
        }
        var type = stored.Type.IsValueType && Nullable.GetUnderlyingType(stored.Type) is null ? typeof(Nullable<>).MakeGenericType(stored.Type) : stored.Type;
        return Expression.Condition(
            isLifted ? Expression.Property(value, "HasValue") : Expression.NotEqual(value, Expression.Constant(null, value.Type)),
            Expression.Convert(stored, type), Expression.Constant(null, type));
    }

    private static Stack<PropertyInfo> Path(IProperty property)
    {
        var path = new Stack<PropertyInfo>();
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
