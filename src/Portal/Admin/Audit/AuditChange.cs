using System.Text.Json;
using Portal.SignIn.Profile;

namespace Portal.Admin.Audit;

/// <summary>One field of what a record tells, before and after.</summary>
public sealed record AuditChange(string Field, string? Before, string? After)
{
    public bool IsChanged => Before != After;

    /// <summary>The fields of both, in the order in which they stand; those within others under their whole path.</summary>
    public static IReadOnlyList<AuditChange> Between(string? before, string? after)
    {
        var (was, became) = (Fields(before), Fields(after));
        return [.. was.Keys.Union(became.Keys).Select(field => new AuditChange(field, was.GetValueOrDefault(field), became.GetValueOrDefault(field)))];
    }

    private static Dictionary<string, string?> Fields(string? text)
    {
        var fields = new Dictionary<string, string?>();
        if (text is not null)
        {
            try
            {
                using var json = JsonDocument.Parse(text);
                Add(fields, "", json.RootElement);
            }
            catch (JsonException)
            {
                // No record of ours is like this; somebody else's words are shown as they stand.
                fields["text"] = text;
            }
        }
        return fields;
    }

    private static void Add(Dictionary<string, string?> fields, string path, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var field in value.EnumerateObject())
            {
                Add(fields, path == "" ? field.Name : $"{path}.{field.Name}", field.Value);
            }
            return;
        }
        var name = path[(path.LastIndexOf('.') + 1)..];
        fields[path == "" ? "value" : path] = value.ValueKind switch
        {
            JsonValueKind.Number when DataOfAudit.IsAmount(name) && value.TryGetInt64(out var nanos) => $"${new Ledger.Money(nanos)}",
            JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(item => item.ToString())),
            JsonValueKind.True => "yes",
            JsonValueKind.False => "no",
            JsonValueKind.Null => null,
            _ => value.ToString(),
        };
    }
}
