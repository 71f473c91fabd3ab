using System.Text.Json.Nodes;
using Ledger;
using Portal.Data;

namespace Portal.SignIn.Profile;

/// <summary>
/// An audit record as a person's data file has it. What somebody of the staff did to others is theirs as an act, but what it changed is
/// the others', so of that only the act stands there.
/// </summary>
public static class DataOfAudit
{
    /// <summary>Records keep amounts as whole nano-dollars, under these names.</summary>
    private static readonly HashSet<string> amounts = ["cap", "daily_cap", "credit_left", "extra_used", "owed", "uncollected", "refunds"];

    /// <summary>Whether a field of this name is an amount.</summary>
    public static bool IsAmount(string name) => amounts.Contains(name);

    public static object Of(AuditRecord record, DataJson json, IReadOnlyCollection<string> accounts)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(accounts);
        var mine = record.Subject == json.Me || accounts.Contains(record.Subject);
        return new
        {
            record.At,
            Actor = json.Who(record.Actor),
            Subject = mine ? record.Subject : null,
            record.Action,
            record.Outcome,
            Before = mine ? Read(record.Before) : null,
            After = mine ? Read(record.After) : null,
            Reason = mine ? record.Reason : null,
            record.RequestId,
        };
    }

    private static JsonNode? Read(string? text)
    {
        var node = text is null ? null : JsonNode.Parse(text);
        WithDollars(node);
        return node;
    }

    private static void WithDollars(JsonNode? node)
    {
        foreach (var child in node is JsonArray list ? [.. list] : Array.Empty<JsonNode?>())
        {
            WithDollars(child);
        }
        foreach (var (name, value) in node is JsonObject fields ? [.. fields] : Array.Empty<KeyValuePair<string, JsonNode?>>())
        {
            if (amounts.Contains(name) && value is JsonValue amount && amount.TryGetValue<long>(out var nanos))
            {
                node![name] = new Money(nanos).ToString();
            }
            else
            {
                WithDollars(value);
            }
        }
    }
}
