using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger;

namespace Portal.Api;

/// <summary>Names of enum members as the contract writes them.</summary>
internal sealed class SnakeCase<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) where T : struct, Enum;

/// <summary>Money is an exact decimal string of dollars.</summary>
internal sealed class MoneyJson : JsonConverter<Money>
{
    public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Money.TryParse(reader.GetString(), out var money) ? money : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

/// <summary>Instants of answers. Those of requests are read as text, so that a wrong one is named with its field.</summary>
internal sealed class InstantJson : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Instants.TryParse(reader.GetString(), out var instant) ? instant : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(Clock.Written(value));
}

/// <summary>
/// How the contract's JSON is read and written: generated code, snake_case, unknown fields ignored. A field that stands twice is refused,
/// because no two readers agree on which one counts.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, AllowDuplicateProperties = false, MaxDepth = 32,
    Converters = [
        typeof(MoneyJson), typeof(InstantJson), typeof(WholeNumberJson), typeof(SnakeCase<Pool>), typeof(SnakeCase<AuthorizationStatus>), typeof(SnakeCase<RejectionReason>),
        typeof(SnakeCase<LimitName>), typeof(SnakeCase<BalanceState>), typeof(SnakeCase<RefusalCode>), typeof(SnakeCase<EntryKind>),
        typeof(SnakeCase<EntryPool>), typeof(SnakeCase<EventStatus>), typeof(SnakeCase<AccountStatus>), typeof(SnakeCase<SplitPool>), typeof(SnakeCase<Region>)])]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(UsageBody))]
[JsonSerializable(typeof(EventBody))]
[JsonSerializable(typeof(EventBody[]))]
[JsonSerializable(typeof(EventData))]
[JsonSerializable(typeof(EventResults))]
[JsonSerializable(typeof(AuthorizeBody))]
[JsonSerializable(typeof(SettleBody))]
[JsonSerializable(typeof(AuthorizationAnswer))]
[JsonSerializable(typeof(BalanceAnswer))]
[JsonSerializable(typeof(EntriesAnswer))]
[JsonSerializable(typeof(ExplainedCharge))]
[JsonSerializable(typeof(StatementAnswer))]
[JsonSerializable(typeof(StatementsAnswer))]
[JsonSerializable(typeof(RatesAnswer))]
[JsonSerializable(typeof(System.Text.Json.Nodes.JsonNode))]
[JsonSerializable(typeof(AccountBody))]
[JsonSerializable(typeof(AccountAnswer))]
[JsonSerializable(typeof(string))]
internal sealed partial class ApiJson : JsonSerializerContext;
