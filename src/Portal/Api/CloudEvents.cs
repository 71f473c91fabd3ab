using System.Buffers;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Ledger;
using Microsoft.Net.Http.Headers;
using Portal.Accounts;

namespace Portal.Api;

/// <summary>A usage event as CloudEvents 1.0 wraps it.</summary>
[Description("A CloudEvent 1.0. (`source`, `id`) identify it for ever.")]
public sealed record EventBody
{
    [Description("`1.0`.")]
    public string? Specversion { get; init; }

    [Description("`ai.usage`.")]
    public string? Type { get; init; }

    [Description("Who tells it: a URI reference, at most 256 characters.")]
    [MaxLength(Texts.LongestName)]
    public string? Source { get; init; }

    [RegularExpression(Texts.IdPattern)]
    public string? Id { get; init; }

    [Description("The account's key.")]
    [RegularExpression(Texts.AccountPattern)]
    public string? Subject { get; init; }

    [Description("When it happened (RFC 3339). Absent: now.")]
    public string? Time { get; init; }

    [Description("`application/json`, also when absent.")]
    public string? Datacontenttype { get; init; }

    public EventData? Data { get; init; }
}

/// <summary>What was used, of what, and where.</summary>
[Description("Usage of a model on a surface.")]
public sealed record EventData : UsageBody
{
    [MaxLength(Texts.LongestName)]
    public string? Model { get; init; }

    [Description("`chat`, `cowork`, `code`, `agent_sdk`, `headless`, `ci_action`, `third_party_app`, or what the provider has added.")]
    [MaxLength(Texts.LongestName)]
    public string? Surface { get; init; }

    [MaxLength(Texts.LongestName)]
    public string? App { get; init; }

    [Description("The authorization that this event settles; then it is the same as calling settle.")]
    [RegularExpression(Texts.IdPattern)]
    public string? Authorization { get; init; }
}

/// <summary>One event of a request: a command for the door, or what is wrong with it.</summary>
internal sealed record ReceivedEvent(string? Source, string? Id, RecordUsage? Command, string? Wrong);

/// <summary>Reads usage events in the three modes of CloudEvents over HTTP. What is JSON but no usage event is a received event that is wrong; what is no JSON is no event at all.</summary>
internal static class CloudEvents
{
    public const string Single = "application/cloudevents+json";
    public const string Batch = "application/cloudevents-batch+json";
    public const int MostEvents = 1_000;
    public const int MostBytes = 4 * 1024 * 1024;

    private const string UsageType = "ai.usage";

    /// <summary>So deep may fields be nested that Portal does not know.</summary>
    private const int Deepest = 64;

    /// <summary>The single event of a structured request; <c>null</c> if the body is no JSON.</summary>
    public static ReceivedEvent? ReadSingle(ReadOnlySequence<byte> bytes, Actor by)
    {
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = Deepest });
        try
        {
            reader.Read();
            var read = ReadEvent(ref reader, by);
            return reader.Read() ? null : read;
        }
        catch (JsonException)
        {
            // Thrown by the reader itself: the text is not JSON. What is wrong within an event was caught there.
            return null;
        }
    }

    /// <summary>The events of a batch, at most one more than there may be; <c>null</c> if the body is no JSON array.</summary>
    public static List<ReceivedEvent>? ReadBatch(ReadOnlySequence<byte> bytes, Actor by)
    {
        // In one piece: a value that lies across two of the connection's buffers would be copied by itself.
        var reader = new Utf8JsonReader(bytes.IsSingleSegment ? bytes.FirstSpan : bytes.ToArray(), new JsonReaderOptions { MaxDepth = Deepest });
        var events = new List<ReceivedEvent>();
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                return null;
            }
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (events.Count <= MostEvents)
                {
                    events.Add(ReadEvent(ref reader, by));
                }
                else
                {
                    reader.Skip();
                }
            }
            return reader.Read() ? null : events;
        }
        catch (JsonException)
        {
            // As above.
            return null;
        }
    }

    /// <summary>The event of a binary request: attributes in headers, data in the body; <c>null</c> if the body is no JSON.</summary>
    public static ReceivedEvent? ReadBinary(IHeaderDictionary headers, ReadOnlySequence<byte> bytes, Actor by)
    {
        var body = new EventBody
        {
            Specversion = Header("ce-specversion"),
            Type = Header("ce-type"),
            Source = Header("ce-source"),
            Id = Header("ce-id"),
            Subject = Header("ce-subject"),
            Time = Header("ce-time"),
        };
        try
        {
            body = body with { Data = JsonSerializer.Deserialize(bytes.IsSingleSegment ? bytes.FirstSpan : bytes.ToArray(), ApiJson.Default.EventData) };
        }
        catch (JsonException wrong)
        {
            // Bad input: either no JSON, or JSON with a field of the wrong type.
            return Body.IsJson(bytes) ? WrongType(body.Source, body.Id, "$.data" + wrong.Path?.TrimStart('$')) : null;
        }
        return Check(body, by);

        string? Header(string name) => headers[name] is { Count: 1 } value ? Unescaped(value[0]!) : null;
    }

    /// <summary>A header's text: first out of its quotes, if it stands in some, then out of percent signs, as CloudEvents over HTTP says.</summary>
    private static string Unescaped(string value)
    {
        if (value is ['"', .., '"'] && HeaderUtilities.IsQuoted(value))
        {
            value = HeaderUtilities.UnescapeAsQuotedString(value).ToString();
        }
        return Uri.UnescapeDataString(value);
    }

    private static ReceivedEvent ReadEvent(ref Utf8JsonReader reader, Actor by)
    {
        var start = reader;
        try
        {
            return JsonSerializer.Deserialize(ref reader, ApiJson.Default.EventBody) is { } body
                ? Check(body, by)
                : new ReceivedEvent(null, null, null, "An event is an object, not null.");
        }
        catch (JsonException wrong)
        {
            // Bad input: the event is passed over, unless it is no JSON; then that throws too. Its sender finds it by what it calls itself.
            reader = start;
            using var broken = JsonDocument.ParseValue(ref reader);
            return WrongType(TextOf(broken.RootElement, "source"), TextOf(broken.RootElement, "id"), wrong.Path);
        }
    }

    private static string? TextOf(JsonElement broken, string field)
    {
        try
        {
            return broken.ValueKind == JsonValueKind.Object && broken.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a character: no text, so no name either.
            return null;
        }
    }

    private static ReceivedEvent WrongType(string? source, string? id, string? path)
    {
        var checks = new Checks();
        Body.WrongType(checks, path);
        return new ReceivedEvent(source, id, null, checks.Detail);
    }

    private static ReceivedEvent Check(EventBody body, Actor by)
    {
        var checks = new Checks();
        checks.Demand(body.Specversion == "1.0", "specversion", "It must be '1.0'.");
        checks.Demand(body.Type == UsageType, "type", $"It must be '{UsageType}'.");
        checks.Demand(Texts.IsSource(body.Source), "source", "It must have 1 to 256 characters, without blanks and control characters.");
        checks.Id("id", body.Id);
        checks.AccountKey("subject", body.Subject);
        checks.Demand(body.Datacontenttype is null || body.Datacontenttype.StartsWith(Body.Json, StringComparison.OrdinalIgnoreCase), "datacontenttype", $"It must be '{Body.Json}'.");
        var time = checks.Instant("time", body.Time);
        if (body.Data is not { } data)
        {
            checks.Add("data", "It is missing.");
            return Wrong();
        }
        checks.Name("data.model", data.Model);
        checks.Name("data.surface", data.Surface);
        checks.OptionalName("data.app", data.App);
        if (data.Authorization is not null)
        {
            checks.Id("data.authorization", data.Authorization);
        }
        var usage = data.ToUsage(checks, "data.");
        return checks.Failed ? Wrong() : new ReceivedEvent(body.Source, body.Id,
            new RecordUsage(body.Subject!, body.Source!, body.Id!, time, data.Model!, data.Surface!, data.App, usage, data.Authorization, by), null);

        ReceivedEvent Wrong() => new(body.Source, body.Id, null, checks.Detail);
    }
}
