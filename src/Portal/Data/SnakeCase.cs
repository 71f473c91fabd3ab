using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Portal.Data;

/// <summary>
/// One way to write names in both databases, so that SQL needs no quotes: AspNetUserRoles.RoleId is user_roles.role_id.
/// </summary>
public static partial class SnakeCase
{
    public static void Rename(IMutableModel model)
    {
        foreach (var entity in model.GetEntityTypes())
        {
            if (entity.IsMappedToJson())
            {
                // Lives in one column of its owner; what is inside are names in a document.
                entity.SetContainerColumnName(Of(entity.GetContainerColumnName()!));
                continue;
            }

            if (entity.GetTableName() is { } table)
            {
                entity.SetTableName(Of(table));
            }

            RenameColumns(entity);
            foreach (var key in entity.GetKeys())
            {
                key.SetName(Of(key.GetName()!));
            }

            foreach (var foreignKey in entity.GetForeignKeys())
            {
                foreignKey.SetConstraintName(Of(foreignKey.GetConstraintName()!));
            }

            foreach (var index in entity.GetIndexes())
            {
                index.SetDatabaseName(Of(index.GetDatabaseName()!));
            }
        }
    }

    public static string Of(string name) =>
        WordStart().Replace(name.Replace("AspNet", "", StringComparison.Ordinal), "_").ToLowerInvariant();

    private static void RenameColumns(IMutableTypeBase type)
    {
        foreach (var property in type.GetProperties())
        {
            property.SetColumnName(Of(property.GetColumnName()));
        }

        foreach (var part in type.GetComplexProperties())
        {
            RenameColumns(part.ComplexType);
        }
    }

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")]
    private static partial Regex WordStart();
}
