using System.Collections;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger;

namespace Portal.Data;

/// <summary>How the Ledger's small values lie in text columns: short, exact, and readable in a database shell.</summary>
public static class LedgerJson
{
    private static readonly ConditionalWeakTable<object, string> Kept = [];

    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        IgnoreReadOnlyProperties = true,
        Converters = { new MoneyConverter(), new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>A value's text. Most lists are empty, and are written with every charge.</summary>
    public static string Write<T>(T value) => value is ICollection { Count: 0 } ? "[]" : JsonSerializer.Serialize(value, Options);

    /// <summary>The same for what is replaced when it changes, and seldom does, but is written with every charge: its text is kept with it.</summary>
    public static string WriteKept<T>(T value) where T : class => value is ICollection { Count: 0 } ? "[]" : Kept.GetValue(value, static kept => JsonSerializer.Serialize((T)kept, Options));

    /// <summary>A value as it will be read once it was written.</summary>
    public static T Copy<T>(T value) => JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(value, Options), Options)!;

    private sealed class MoneyConverter : JsonConverter<Money>
    {
        public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());

        public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Nanos);
    }
}
