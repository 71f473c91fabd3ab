using System.Globalization;
using System.Text;

namespace Portal.Tests.Api;

/// <summary>Bodies that were broken on purpose, some two thousand, from one seed: always a documented 4xx (or what the unbroken one deserves), never a 5xx, and no entry.</summary>
public abstract class HostileInputTests<TDatabase>(ApiOn<TDatabase> on) : ApiTests<TDatabase>(on)
    where TDatabase : TestDatabase, new()
{
    private const int Seed = 20261123;
    private const int PerTarget = 170;
    private const int AtOnce = 16;

    private static readonly int[] Documented = [200, 201, 400, 402, 404, 405, 409, 413, 415, 422];

    private static readonly string[] Strange =
    [
        "null", "true", "-1", "1.5", "1e999", "99999999999999999999999999", "\"\"", "\"\\u0000\"", "\"\\ud800\"", "\"🙂\"", "{}", "[]", "[[[[[[]]]]]]", "\"\\u202e\"", "{\"a\": {\"b\": [1, {}]}}",
        "\"'; DROP TABLE entries; --\"", "\"=1+1\"", "NaN", "'", "9223372036854775808", "-0", "\"../../etc/passwd\"", "\"%00\"", "{\"$type\": \"System.IO.FileInfo\"}",
    ];

    [Fact]
    public async Task Two_thousand_broken_bodies_change_nothing_and_break_nothing()
    {
        var account = await NewAccount(claimed: true, cap: 5);
        var before = await EntriesOf(account);
        var random = new Random(Seed);
        // Whatever survives its mutation must not be recorded: the models are unheard of, the holds unknown.
        (string Method, string Path, string MediaType, string Body)[] targets =
        [
            ("POST", "/v1/events", Structured, Event(account, "h1", model: "unheard-of")),
            ("POST", "/api/v1/events", Structured, Event(account, "h2", model: "unheard-of")),
            ("POST", "/v1/events", Batched, $"[{Event(account, "h3", model: "unheard-of")}, {Event("nobody", "h4")}]"),
            ("POST", "/v1/events", "application/json", """{"model": "unheard-of", "surface": "headless", "output_tokens": 5}"""),
            ("POST", "/v1/authorizations", "application/json", $$"""{"id": "h5", "account": "{{account}}", "model": "unheard-of", "surface": "headless", "app": "x", "max": {"input_tokens": 5, "region": "us"}, "ttl_seconds": 9}"""),
            ("POST", "/v1/authorizations/none/settle", "application/json", """{"usage": {"input_tokens": 5, "batch": true}, "time": "2026-11-10T10:00:00Z"}"""),
            ("POST", "/v1/authorizations/none/release", "application/json", "{}"),
            ("PUT", $"/v1/accounts/{account}", "application/json", """{"owner_email": "other@example.com", "plan": "nothing", "anchor": "2026-11-10T10:00:00Z", "status": "open"}"""),
            ("GET", $"/v1/accounts/{account}/entries?from=2026-11-10T10:00:00Z&kind=grant&model=x&limit=5&cursor=9", "", ""),
            ("GET", $"/v1/accounts/{account}/balance?as_of=2026-11-10T10:00:00Z", "", ""),
            ("GET", $"/v1/charges/{account}.c1", "", ""),
            ("GET", $"/v1/accounts/{account}/statements/2026-11-10", "", ""),
            ("GET", "/v1/rates?at=2026-11-10T10:00:00Z", "", ""),
        ];
        var calls = targets.SelectMany(t => Enumerable.Range(0, PerTarget).Select(i => Mutated(random, t))).ToList();
        await Parallel.ForEachAsync(calls, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (call, _) =>
        {
            var answer = await Send(new HttpMethod(call.Method), call.Path, call.Method == "GET" ? null : call.Body, call.MediaType, headers: call.Headers);
            Assert.True(Documented.Contains(answer.Code) || (answer.Code is 431 or 414 && answer.MediaType is null), $"{answer.Code} for {call.Method} {call.Path} {call.MediaType}: {call.Body}\n{answer.Text}");
            // A path that was cut may lead to a page that does not exist, which is none of the API's.
            if (answer.Code >= 400 && answer.MediaType is not (null or "text/html"))
            {
                answer.Is(answer.Code, answer["code"]);
            }
        });
        Assert.Equal(before, await EntriesOf(account));
    }

    private static (string Method, string Path, string MediaType, string Body, (string, string)[] Headers) Mutated(Random random, (string Method, string Path, string MediaType, string Body) call)
    {
        var (method, path, mediaType, body) = call;
        (string, string)[] headers = mediaType == "application/json" && path.EndsWith("/events", StringComparison.Ordinal)
            ? [("ce-specversion", "1.0"), ("ce-type", "ai.usage"), ("ce-source", "test"), ("ce-id", "h9"), ("ce-subject", "nobody")]
            : [];
        if (method == "GET")
        {
            return (method, MutatedPath(random, path), mediaType, body, headers);
        }
        switch (random.Next(9))
        {
            case 0:
                body = body[..random.Next(body.Length)];
                break;
            case 1:
                body = Replaced(random, body, Strange[random.Next(Strange.Length)]);
                break;
            case 2:
                body = body.Insert(random.Next(body.Length), ((char)random.Next(1, 128)).ToString());
                break;
            case 3:
                body = body.Remove(random.Next(body.Length), 1);
                break;
            case 4:
                body = body.Insert(body.IndexOf('{', StringComparison.Ordinal) + 1, $"\"x\": {new string('[', random.Next(1, 3000))}");
                break;
            case 5:
                body = body.Insert(body.IndexOf('{', StringComparison.Ordinal) + 1, "\"id\": \"one\", \"id\": \"two\", \"plan\": \"a\", \"plan\": \"b\", \"usage\": {}, \"model\": \"m\", ");
                break;
            case 6:
                mediaType = new[] { "text/plain", "application/json; charset=latin1", "application/cloudevents+xml", "multipart/form-data; boundary=x", "application/*", "" }[random.Next(6)];
                break;
            case 7:
                headers = [.. headers, ("ce-id", "%C3%A9%C3%28"), ("ce-time", "%ZZ%00"), ("X-Large", new string('x', random.Next(30_000)))];
                break;
            default:
                body = Encoding.Latin1.GetString([0xC3, 0x28]) + Replaced(random, body, "\"" + new string('a', random.Next(100_000)) + "\"");
                break;
        }
        return (method, path, mediaType, body, headers);
    }

    /// <summary>One of the body's values replaced.</summary>
    private static string Replaced(Random random, string body, string value)
    {
        var colons = Enumerable.Range(0, body.Length).Where(i => body[i] == ':' && i + 2 < body.Length && body[i + 1] == ' ').ToList();
        if (colons.Count == 0)
        {
            return body + value;
        }
        var start = colons[random.Next(colons.Count)] + 2;
        var end = body.IndexOfAny([',', '}'], start);
        return body[..start] + value + (end < 0 ? "" : body[end..]);
    }

    private static string MutatedPath(Random random, string path)
    {
        var value = new[] { "%00", "%ED%A0%80", "..%2f..", "%F0%9F%99%82", "-1", "1e9", "%27%3B--", "9999-12-31T23:59:59.999999Z", "0001-01-01T00:00:00Z", "9223372036854775807", "%FF", "a&limit=2&limit=3", new string('9', 200) }[random.Next(13)];
        var at = random.Next(path.Length / 2, path.Length);
        var lastValue = path.LastIndexOf('=') + 1;
        return random.Next(2) == 0 || lastValue == 0 ? path[..at] + value : path[..lastValue] + value + random.Next(9).ToString(CultureInfo.InvariantCulture);
    }
}

[Collection(nameof(ApiOnSqlite))]
public sealed class HostileInputOnSqlite(ApiOn<SqliteDatabase> on) : HostileInputTests<SqliteDatabase>(on);

[Collection(nameof(ApiOnPostgres))]
public sealed class HostileInputOnPostgres(ApiOn<PostgresDatabase> on) : HostileInputTests<PostgresDatabase>(on);
