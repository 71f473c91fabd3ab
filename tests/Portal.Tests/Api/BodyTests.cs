using System.Globalization;
using System.IO.Compression;
using System.Net.Sockets;
using System.Text;

namespace Portal.Tests.Api;

/// <summary>How bodies are read: encodings, numbers, nulls, unknown and doubled fields, sizes.</summary>
public abstract class BodyTests<TDatabase>(ApiOn<TDatabase> on) : ApiTests<TDatabase>(on)
    where TDatabase : TestDatabase, new()
{
    private static readonly byte[] Mark = [0xEF, 0xBB, 0xBF];

    [Theory]
    [InlineData("1000")]
    [InlineData("1000.0")]
    [InlineData("1000.000000000000000000000000000000000000000000")]
    [InlineData("1e3")]
    [InlineData("1E+3")]
    [InlineData("0.001e6")]
    [InlineData("10000e-1")]
    public async Task A_whole_number_is_one_in_whatever_way_JSON_writes_it(string thousand)
    {
        var account = await NewAccount(claimed: true);
        Assert.Equal("0.01", (await Tell(Event(account, NewId()).Replace("100000", thousand, StringComparison.Ordinal))).IsOk()["results.0.charge.list_usd"]);
        var id = NewId();
        (await Ask("1000")).IsOk(201);
        (await Ask(thousand)).IsOk(200); // The same content.
        (await Post($"/v1/authorizations/{id}/settle", $$"""{"usage": {"output_tokens": {{thousand}} } }""")).IsOk();
        (await Post($"/v1/authorizations/{id}/settle", """{"usage": {"output_tokens": 1000}}""")).IsOk();

        Task<ApiAnswer> Ask(string ttl) => Post("/v1/authorizations",
            $$"""{"id": "{{id}}", "account": "{{account}}", "model": "{{Sonnet}}", "surface": "headless", "max": {"output_tokens": {{thousand}} }, "ttl_seconds": {{ttl}} }""");
    }

    [Theory]
    [InlineData("0.5")]
    [InlineData("1e-1")]
    [InlineData("999999999.9")]
    [InlineData("1.0000000000000000000000000000000000000001")]
    [InlineData("-1")]
    [InlineData("-1e0")]
    [InlineData("1000000001")]
    [InlineData("1.000000001e9")]
    [InlineData("1e19")]
    [InlineData("1e999999999999")]
    [InlineData("9223372036854775808")]
    [InlineData("\"1\"")]
    [InlineData("true")]
    [InlineData("[]")]
    [InlineData("{}")]
    public async Task What_is_no_whole_number_in_range_is_refused_by_name(string number)
    {
        var answer = (await Post("/v1/authorizations/x/settle", $$"""{"usage": {"cache_write_5m_tokens": {{number}} } }""")).Is(400, "invalid");
        Assert.Equal("It must be a whole number from 0 to 1,000,000,000.", answer.Json.GetProperty("errors").GetProperty("usage.cache_write_5m_tokens")[0].GetString());
        var single = (await Tell(Event("nobody", NewId()).Replace("100000", number, StringComparison.Ordinal))).Is(422, "rejected");
        Assert.Equal("invalid", single["reason"]);
        Assert.Contains("output_tokens", single["detail"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-0")]
    [InlineData("0.0")]
    [InlineData("0e99999")]
    [InlineData("null")]
    public async Task Nothing_is_the_default(string nothing)
    {
        var account = await NewAccount(claimed: true);
        var body = Event(account, NewId()).Replace("100000", nothing, StringComparison.Ordinal);
        Assert.Equal("0", (await Tell(body)).IsOk()["results.0.charge.list_usd"]);
        Assert.Equal("duplicate", (await Tell(body.Replace($", \"output_tokens\": {nothing}", "", StringComparison.Ordinal))).IsOk()["results.0.status"]);
    }

    [Fact]
    public async Task Null_means_absent_in_every_field()
    {
        var account = await NewAccount(claimed: true);
        var (id, eventId) = (NewId(), NewId());
        (await Post("/v1/authorizations", $$"""{"id": "{{id}}", "account": "{{account}}", "model": "{{Sonnet}}", "surface": "headless", "max": {"output_tokens": 5} }""")).IsOk(201);
        (await Post("/v1/authorizations",
            $$"""
            {"id": "{{id}}", "account": "{{account}}", "model": "{{Sonnet}}", "surface": "headless", "app": null, "ttl_seconds": null, "max": {"output_tokens": 5, "input_tokens": null,
             "cache_write_5m_tokens": null, "cache_write_1h_tokens": null, "cache_read_tokens": null, "web_searches": null, "batch": null, "region": null} }
            """)).IsOk(200);
        (await Post($"/v1/authorizations/{id}/settle", """{"usage": {"output_tokens": 5, "region": null}, "time": null}""")).IsOk();
        (await Tell(Event(account, eventId))).IsOk();
        var nulls = Event(account, eventId).Replace("\"data\"", "\"time\": null, \"datacontenttype\": null, \"data\"", StringComparison.Ordinal)
            .Replace("\"headless\"", "\"headless\", \"app\": null, \"authorization\": null, \"batch\": null", StringComparison.Ordinal);
        Assert.Equal("duplicate", (await Tell(nulls)).IsOk()["results.0.status"]);
        (await Put($"/v1/accounts/{account}", $$"""{"owner_email": "{{account}}@example.com", "plan": "pro", "anchor": null, "status": "open"}""")).IsOk();
        // What must be there is missing when it is null.
        (await Post($"/v1/authorizations/{id}/settle", """{"usage": null}""")).Is(400, "invalid");
        (await Put($"/v1/accounts/{account}", """{"owner_email": null, "plan": null, "status": null}""")).Is(400, "invalid");
    }

    [Fact]
    public async Task Unknown_fields_are_ignored_wherever_they_stand()
    {
        var account = await NewAccount(claimed: true);
        var id = NewId();
        const string unknown = "\"future\": {\"deep\": [1, {\"deeper\": null}]}, \"traceparent\": \"00-x\"";
        (await Post("/v1/authorizations", $$"""{ {{unknown}}, "id": "{{id}}", "account": "{{account}}", "model": "{{Sonnet}}", "surface": "headless", "max": { {{unknown}}, "output_tokens": 5} }""")).IsOk(201);
        (await Post($"/v1/authorizations/{id}/settle", $$"""{"usage": { {{unknown}}, "output_tokens": 5}, {{unknown}} }""")).IsOk();
        (await Put($"/v1/accounts/{account}", $$"""{"owner_email": "{{account}}@example.com", {{unknown}}, "plan": "pro", "status": "open"}""")).IsOk();
        (await Tell(Event(account, NewId()).Replace("\"specversion\"", $"{unknown}, \"specversion\"", StringComparison.Ordinal).Replace("\"model\"", $"{unknown}, \"model\"", StringComparison.Ordinal))).IsOk();
        (await Get($"/v1/accounts/{account}/entries?future=1")).IsOk();
        (await Get($"/v1/accounts/{account}/balance?future=1")).IsOk();
    }

    [Fact]
    public async Task A_field_that_stands_twice_is_refused()
    {
        (await Post("/v1/authorizations/x/settle", """{"usage": {"output_tokens": 1, "output_tokens": 2}}""")).Is(400, "invalid");
        (await Put("/v1/accounts/x", """{"owner_email": "a@example.com", "plan": "pro", "plan": "max-20x", "status": "open"}""")).Is(400, "invalid");
        Assert.Equal("invalid", (await Tell(Event("nobody", NewId()).Replace("\"model\"", "\"model\": \"other\", \"model\"", StringComparison.Ordinal))).Is(422, "rejected")["reason"]);
    }

    [Fact]
    public async Task A_byte_order_mark_and_a_charset_of_UTF_8_are_fine()
    {
        var account = await NewAccount(claimed: true);
        foreach (var type in new[] { Structured, $"{Structured}; charset=utf-8", $"{Structured};charset=\"UTF-8\"" })
        {
            (await Raw("/v1/events", [.. Mark, .. Encoding.UTF8.GetBytes(Event(account, NewId()))], type)).IsOk();
        }
        (await Raw("/v1/events", [.. Mark, .. Encoding.UTF8.GetBytes($"[{Event(account, NewId())}]")], Batched)).IsOk();
        (await Raw("/v1/authorizations", [.. Mark, .. Encoding.UTF8.GetBytes($$"""{"id": "{{NewId()}}", "account": "{{account}}", "model": "{{Sonnet}}", "surface": "headless", "max": {} }""")], "application/json")).IsOk(201);
    }

    [Fact]
    public async Task What_is_no_UTF_8_is_invalid()
    {
        byte[] broken = [.. "{\"usage\": {\"region\": \""u8, 0xC3, 0x28, .. "\"}}"u8];
        (await Raw("/v1/authorizations/x/settle", broken, "application/json")).Is(400, "invalid");
        (await Raw("/v1/authorizations/x/settle", Encoding.Unicode.GetBytes("{\"usage\": {}}"), "application/json")).Is(400, "invalid");
        (await Raw("/v1/authorizations/x/settle", Encoding.UTF8.GetBytes("{\"usage\": {}}"), "application/json; charset=iso-8859-1")).Is(415, "unsupported_media_type");
        (await Raw("/v1/authorizations/x/settle", [.. Mark, .. Mark, .. "{\"usage\": {}}"u8], "application/json")).Is(400, "invalid");
        (await Raw("/v1/authorizations/x/settle", Mark, "application/json")).Is(400, "invalid");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("gzip, identity")]
    public async Task A_packed_body_is_not_supported_and_the_answer_says_what_is(string encoding)
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(Event("nobody", NewId())));
        }
        var answer = (await Raw("/v1/events", packed.ToArray(), Structured, encoding)).Is(415, "unsupported_media_type");
        Assert.Equal("identity", string.Join(", ", answer.Headers.GetValues("Accept-Encoding")));
        (await Raw("/v1/authorizations/x/settle", packed.ToArray(), "application/json", encoding)).Is(415, "unsupported_media_type");
        (await Raw("/v1/authorizations/x/settle", "{\"usage\": {}}"u8.ToArray(), "application/json", "identity")).Is(404, "not_found");
    }

    [Fact]
    public async Task Exactly_4_MiB_of_events_are_taken_and_a_byte_more_is_not()
    {
        var account = await NewAccount(claimed: true);
        (await Raw("/v1/events", Padded(4 * 1024 * 1024), Structured)).IsOk();
        (await Raw("/v1/events", Padded((4 * 1024 * 1024) + 1), Structured)).Is(413, "too_large");
        Assert.Equal(2, await EntriesOf(account)); // The grant, and one charge.

        byte[] Padded(int size)
        {
            var text = Event(account, NewId());
            return Encoding.UTF8.GetBytes(text + new string(' ', size - Encoding.UTF8.GetByteCount(text)));
        }
    }

    [Fact]
    public async Task A_body_without_a_length_is_measured_too()
    {
        using var client = Portal.NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/events", UriKind.Relative));
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {await NewKey(global::Portal.Api.Keys.KeyScopes.Usage)}");
        request.Headers.TransferEncodingChunked = true;
        request.Content = new StreamContent(new MemoryStream(new byte[5 * 1024 * 1024]));
        request.Content.Headers.TryAddWithoutValidation("Content-Type", Structured);
        using var answer = await client.SendAsync(request);
        (await Read(answer)).Is(413, "too_large");
    }

    [Fact]
    public async Task Who_asks_first_whether_to_go_on_is_told_before_sending()
    {
        var account = await NewAccount(claimed: true);
        var body = Event(account, NewId());
        var key = await NewKey(global::Portal.Api.Keys.KeyScopes.Usage);
        Assert.StartsWith("HTTP/1.1 100", await FirstLine(Structured, body.Length, key), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 413", await FirstLine(Structured, (4 * 1024 * 1024) + 1, key), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 415", await FirstLine("text/plain", body.Length, key), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 401", await FirstLine(Structured, body.Length, "wrong"), StringComparison.Ordinal);

        async Task<string> FirstLine(string type, int length, string secret)
        {
            using var client = new TcpClient(Portal.Address.Host, Portal.Address.Port);
            await using var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
                $"POST /v1/events HTTP/1.1\r\nHost: {Portal.Address.Authority}\r\nAuthorization: Bearer {secret}\r\nContent-Type: {type}\r\nContent-Length: {length}\r\nExpect: 100-continue\r\n\r\n")));
            using var reader = new StreamReader(stream, Encoding.ASCII);
            return await reader.ReadLineAsync() ?? "";
        }
    }

    private async Task<ApiAnswer> Raw(string path, byte[] body, string mediaType, string? encoding = null)
    {
        using var client = Portal.NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = new ByteArrayContent(body) };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Key}");
        request.Content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        if (encoding is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        }
        using var answer = await client.SendAsync(request);
        return await Read(answer);
    }
}

[Collection(nameof(ApiOnSqlite))]
public sealed class BodyOnSqlite(ApiOn<SqliteDatabase> on) : BodyTests<SqliteDatabase>(on);

[Collection(nameof(ApiOnPostgres))]
public sealed class BodyOnPostgres(ApiOn<PostgresDatabase> on) : BodyTests<PostgresDatabase>(on);
