using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Portal.Testing;

/// <summary>
/// Calls made from the application's own OpenAPI document: every operation with parameters and a body as their schemas have them, and half of them broken
/// in one place that the schema forbids. The document is also what the answers are held against. No model in them has a price, so none may be charged.
/// </summary>
/// <param name="document">The OpenAPI document.</param>
/// <param name="account">An account that exists, which some of the calls name.</param>
/// <param name="key">A key for everything.</param>
/// <param name="now">Near which the instants in them lie.</param>
public sealed partial class GeneratedCalls(JsonElement document, string account, string key, DateTimeOffset now)
{
    private const int OneInTwenty = 20;

    private static readonly string[] Strange = ["\0", "\u202e", "\ud83d\ude42", "' OR 1=1 --", "=1+1", "../../etc/passwd", "%00%ff", "9999999999999999999999", "NaN", "{{7*7}}"];

    private readonly List<(string Path, string Method, JsonElement Operation)> _operations =
    [
        .. from path in document.GetProperty("paths").EnumerateObject()
           from operation in path.Value.EnumerateObject()
           select (path.Name, operation.Name.ToUpperInvariant(), operation.Value),
    ];

    /// <summary>The next call: of all operations alike.</summary>
    public GeneratedCall Next(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var (path, method, operation) = _operations[random.Next(_operations.Count)];
        var parameters = operation.TryGetProperty("parameters", out var some) ? some.EnumerateArray().ToList() : [];
        var hasBody = operation.TryGetProperty("requestBody", out var body);
        var places = parameters.Count(p => p.GetProperty("in").GetString() != "header") + (hasBody ? 3 : 0);
        var broken = places > 0 && random.Next(2) == 0 ? random.Next(places) : -1;
        var (query, at, breaksPath) = (new List<string>(), 0, false);
        foreach (var parameter in parameters.Where(p => p.GetProperty("in").GetString() != "header"))
        {
            var (name, schema, isPath) = (parameter.GetProperty("name").GetString()!, parameter.GetProperty("schema"), parameter.GetProperty("in").GetString() == "path");
            var breaks = at++ == broken;
            breaksPath |= breaks && isPath;
            var text = Uri.EscapeDataString(breaks ? BrokenText(random, schema) : Text(random, name, schema));
            if (isPath)
            {
                path = path.Replace($"{{{name}}}", text, StringComparison.Ordinal);
            }
            else if (breaks || random.Next(3) > 0)
            {
                query.Add($"{name}={text}");
            }
        }
        var call = new GeneratedCall(method, query.Count == 0 ? path : $"{path}?{string.Join('&', query)}", null, null, [], breaksPath || (broken >= 0 && broken >= at), Statuses(operation));
        return Keyed(random, operation, hasBody ? WithBody(random, call, body, parameters, broken >= at) : breaksPath ? call with { Statuses = [.. call.Statuses, 400, 404, 405] } : call);
    }

    /// <summary>Sends it.</summary>
    /// <returns>What is wrong with the answer, or <c>null</c>.</returns>
    public static async Task<string?> Send(HttpClient client, GeneratedCall call)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(call);
        using var request = new HttpRequestMessage(new HttpMethod(call.Method), new Uri(call.Path, UriKind.Relative));
        foreach (var (name, value) in call.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        if (call.Body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(call.Body));
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(call.MediaType!);
        }
        using var answer = await client.SendAsync(request);
        var status = (int)answer.StatusCode;
        var wrong = status >= 500 ? "answers of 500 are faults"
            : !call.Statuses.Contains(status) ? "the document does not list this status"
            : call.IsBroken && status < 400 && call.MediaType?.Contains("batch", StringComparison.Ordinal) != true ? "it was broken, and was taken"
            // A path with a null in it is refused by the server, before Portal sees it.
            : status >= 400 && answer.Content.Headers.ContentType?.MediaType != "application/problem+json" && !call.Path.Contains("%00", StringComparison.Ordinal) ? "it is no problem" : null;
        return wrong is null ? null : $"{status}: {wrong}. {call}\n{await answer.Content.ReadAsStringAsync()}";
    }

    private GeneratedCall Keyed(Random random, JsonElement operation, GeneratedCall call) => !operation.TryGetProperty("security", out _) ? call : random.Next(OneInTwenty) switch
    {
        0 => call with { IsBroken = true },
        1 => call with { IsBroken = true, Headers = [.. call.Headers, ("Authorization", $"Bearer {Strange[random.Next(3, Strange.Length)]}")] },
        _ => call with { Headers = [.. call.Headers, ("Authorization", $"Bearer {key}")] },
    };

    private GeneratedCall WithBody(Random random, GeneratedCall call, JsonElement body, List<JsonElement> parameters, bool breaks)
    {
        var contents = body.GetProperty("content").EnumerateObject().ToList();
        var content = contents[random.Next(contents.Count)];
        var schema = content.Value.GetProperty("schema");
        var value = Value(random, "", schema);
        if (breaks && random.Next(4) > 0)
        {
            value = Broken(random, value, schema);
        }
        else if (breaks)
        {
            return call with { MediaType = content.Name, Body = BrokenJson(random, value?.ToJsonString() ?? "null"), Headers = EventHeaders(random, content.Name, parameters) };
        }
        return call with { MediaType = content.Name, Body = value?.ToJsonString() ?? "null", Headers = EventHeaders(random, content.Name, parameters) };
    }

    /// <summary>An event in the binary form carries its attributes in headers.</summary>
    private (string, string)[] EventHeaders(Random random, string mediaType, List<JsonElement> parameters) => mediaType != "application/json" ? [] :
        [.. parameters.Where(p => p.GetProperty("in").GetString() == "header").Select(p => p.GetProperty("name").GetString()!)
            .Select(name => (name, Text(random, name.Replace("ce-", "", StringComparison.Ordinal), default)))];

    private JsonNode? Value(Random random, string name, JsonElement schema)
    {
        schema = Resolve(schema);
        switch (Type(schema))
        {
            case "object":
                var properties = schema.TryGetProperty("properties", out var some) ? some.EnumerateObject().ToList() : [];
                var value = new JsonObject();
                foreach (var property in properties.Where(_ => random.Next(8) > 0))
                {
                    value[property.Name] = Value(random, property.Name, property.Value);
                }
                if (random.Next(8) == 0)
                {
                    // Unknown fields are ignored.
                    value[$"x_{random.Next(9)}"] = Strange[random.Next(Strange.Length)];
                }
                return value;
            case "array":
                return new JsonArray([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Value(random, "", schema.GetProperty("items")))]);
            case "integer":
                var (least, most) = (Bound(schema, "minimum", 0), Bound(schema, "maximum", 1_000_000));
                return random.Next(4) switch { 0 => least, 1 => most, _ => random.NextInt64(least, most) };
            case "boolean":
                return random.Next(2) == 0;
            default:
                return Text(random, name, schema);
        }
    }

    /// <summary>Text as its schema has it; where that says less than the contract, by the field's name.</summary>
    private string Text(Random random, string name, JsonElement schema) => name switch
    {
        "specversion" => "1.0",
        "type" => "ai.usage",
        "datacontenttype" => "application/json",
        "source" => "generated",
        "account" or "subject" when random.Next(2) == 0 => account,
        "account" or "subject" => Pattern(random, "^[a-z0-9_-]{1,64}$"),
        "model" or "plan" => $"unheard-of-{random.Next(100)}",
        "surface" => new[] { "chat", "code", "agent_sdk", "headless", "ci_action", "third_party_app" }[random.Next(6)],
        "region" => random.Next(2) == 0 ? "us" : "global",
        "status" => random.Next(2) == 0 ? "open" : "closed",
        "kind" => random.Next(2) == 0 ? "charge" : "grant",
        "owner_email" => $"somebody-{random.Next(1000)}@example.com",
        "time" or "anchor" or "from" or "to" or "at" or "as_of" => Instant(random),
        _ when schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("format", out var format) && format.GetString() == "date" => now.AddDays(-random.Next(100)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ when Type(schema) == "integer" => random.NextInt64(Bound(schema, "minimum", 1), Bound(schema, "maximum", 1000)).ToString(CultureInfo.InvariantCulture),
        _ => Pattern(random, schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("pattern", out var pattern) ? pattern.GetString()! : "^[A-Za-z0-9._:-]{1,40}$"),
    };

    private string Instant(Random random) => now.AddSeconds(-random.Next(3_000_000)).ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    /// <summary>What a parameter's schema forbids.</summary>
    private static string BrokenText(Random random, JsonElement schema) => Type(schema) == "integer"
        ? new[] { "0", "-1", "1001", "1.5", "1e3", "x", "99999999999999999999", "+5" }[random.Next(8)]
        : schema.TryGetProperty("pattern", out _) ? random.Next(2) == 0 ? new string('a', 129) : $"a{new[] { "\u00e4", " ", "\"", "\u202e", "\ud83d\ude42", "\t", "<", "," }[random.Next(8)]}"
        : new[] { "tomorrow", "2026-13-01", "2026-02-30T00:00:00Z", "0000-01-01", "2026-11-10 10:00", "-1", "99999-01-01T00:00:00Z", "\0" }[random.Next(8)];

    /// <summary>One value of the body in the place of which stands something that its schema forbids.</summary>
    private JsonNode? Broken(Random random, JsonNode? value, JsonElement schema)
    {
        schema = Resolve(schema);
        switch (Type(schema))
        {
            case "object" when random.Next(8) > 0 && schema.TryGetProperty("properties", out var properties):
                var all = properties.EnumerateObject().ToList();
                var property = all[random.Next(all.Count)];
                value![property.Name] = Broken(random, value[property.Name] ?? Value(random, property.Name, property.Value), property.Value);
                return value;
            case "object":
                return random.Next(2) == 0 ? new JsonArray(1, "x") : JsonValue.Create("x");
            case "array" when value is JsonArray { Count: > 0 } items && random.Next(4) > 0:
                items[0] = Broken(random, items[0]?.DeepClone(), schema.GetProperty("items"));
                return items;
            case "array":
                return new JsonObject { ["0"] = 1 };
            case "integer":
                return random.Next(7) switch { 0 => JsonValue.Create(Bound(schema, "maximum", long.MaxValue - 1) + 1), 1 => -1, 2 => 1.5, 3 => "5", 4 => true, 5 => new JsonArray(), _ => new JsonObject() };
            case "boolean":
                return random.Next(3) switch { 0 => "true", 1 => 1, _ => new JsonArray() };
            case var _ when schema.TryGetProperty("pattern", out _) && random.Next(2) == 0:
                return random.Next(2) == 0 ? new string('a', 129) : $"a{Strange[random.Next(3)]}";
            case var _ when schema.TryGetProperty("maxLength", out var longest) && random.Next(2) == 0:
                return new string('a', longest.GetInt32() + 1);
            default:
                return random.Next(4) switch { 0 => random.Next(), 1 => false, 2 => new JsonArray("x"), _ => new JsonObject { ["x"] = 1 } };
        }
    }

    /// <summary>What is no JSON, or says something twice, or is deeper than anybody needs.</summary>
    private static string BrokenJson(Random random, string json) => random.Next(5) switch
    {
        0 => json[..random.Next(json.Length)],
        1 => json + json,
        2 => $"{new string('[', random.Next(100, 30_000))}{json}",
        3 => json.Replace("{", "{\"data\":" + string.Concat(Enumerable.Repeat("{\"a\":", random.Next(70, 5_000))), StringComparison.Ordinal),
        _ => json.Replace('"', '\''),
    };

    private static string Pattern(Random random, string pattern)
    {
        var parts = SimplePattern().Match(pattern);
        if (!parts.Success)
        {
            throw new InvalidOperationException($"The pattern {pattern} is more than a class of characters and a length.");
        }
        var letters = Range().Replace(parts.Groups[1].Value, range => string.Concat(Enumerable.Range(range.Value[0], range.Value[2] - range.Value[0] + 1).Select(c => (char)c)));
        var length = random.Next(4) == 0 ? int.Parse(parts.Groups[3].Value, CultureInfo.InvariantCulture) : random.Next(1, 12);
        string text;
        do
        {
            text = string.Concat(Enumerable.Range(0, length).Select(_ => letters[random.Next(letters.Length)]));
        }
        // A segment of dots alone is a way up the path to every client.
        while (text.Trim('.') == "");
        return text;
    }

    private JsonElement Resolve(JsonElement schema) =>
        schema.TryGetProperty("$ref", out var reference) ? document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]) : schema;

    private static string Type(JsonElement schema) => schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("type", out var type) ? "string"
        : type.ValueKind == JsonValueKind.String ? type.GetString()! : type.EnumerateArray().Select(t => t.GetString()!).First(t => t != "null");

    private static long Bound(JsonElement schema, string name, long otherwise) => schema.TryGetProperty(name, out var bound) ? bound.GetInt64() : otherwise;

    private static int[] Statuses(JsonElement operation) => [.. operation.GetProperty("responses").EnumerateObject().Select(r => int.Parse(r.Name, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"^\^\[(.+)\]\{(\d+),(\d+)\}\$$")]
    private static partial Regex SimplePattern();

    [GeneratedRegex("[A-Za-z0-9]-[A-Za-z0-9]")]
    private static partial Regex Range();
}

/// <summary>One call.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Path">Its path and query.</param>
/// <param name="MediaType">Of the body, if there is one.</param>
/// <param name="Body">The body.</param>
/// <param name="Headers">What else it carries.</param>
/// <param name="IsBroken">Whether it has something that the document forbids, so that it may not be taken.</param>
/// <param name="Statuses">What the document says it can be answered with.</param>
public sealed record GeneratedCall(string Method, string Path, string? MediaType, string? Body, (string Name, string Value)[] Headers, bool IsBroken, int[] Statuses)
{
    /// <summary>As it would be written down.</summary>
    public override string ToString() =>
        $"{Method} {Path} {MediaType} {string.Join(", ", Headers.Where(h => h.Name != "Authorization"))} {(IsBroken ? "(broken)" : "")}\n{(Body is { Length: > 2_000 } ? Body[..2_000] : Body)}";
}
