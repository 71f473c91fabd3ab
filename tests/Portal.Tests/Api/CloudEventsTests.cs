namespace Portal.Tests.Api;

/// <summary>CloudEvents over HTTP in its letters: attributes in headers, what a broken event is called, what is told twice.</summary>
public abstract class CloudEventsTests<TDatabase>(ApiOn<TDatabase> on) : ApiTests<TDatabase>(on)
    where TDatabase : TestDatabase, new()
{
    private const string Data = $$"""{"model": "{{Sonnet}}", "surface": "headless", "output_tokens": 100000}""";

    [Fact]
    public async Task The_three_modes_tell_the_same_event()
    {
        var account = await NewAccount(claimed: true);
        var id = NewId();
        Assert.Equal("recorded", (await Binary(account, id)).IsOk()["results.0.status"]);
        Assert.Equal("duplicate", (await Tell(Event(account, id))).IsOk()["results.0.status"]);
        Assert.Equal("duplicate", (await Post("/v1/events", $"[{Event(account, id)}]", Batched)).IsOk()["results.0.status"]);
        Assert.Equal("duplicate", (await Binary(account, id, path: "/api/v1/events")).IsOk()["results.0.status"]);
    }

    [Theory]
    [InlineData("/gateways/eu-1", "/gateways/eu-1")]
    [InlineData("\"/gateways/eu-1\"", "/gateways/eu-1")]
    [InlineData("\"/gate\\ways\"", "/gateways")]
    [InlineData("urn%3Agateway%3Aeu", "urn:gateway:eu")]
    [InlineData("/g%C3%BC%E2%82%AC", "/gü€")]
    [InlineData("\"/g%22\"", "/g\"")]
    public async Task Attributes_in_headers_come_out_of_quotes_and_percent_signs(string header, string source)
    {
        var account = await NewAccount(claimed: true);
        var answer = (await Binary(account, NewId(), source: header)).IsOk();
        Assert.Equal(("recorded", source), (answer["results.0.status"], answer["results.0.source"]));
    }

    [Theory]
    [InlineData("ce-specversion", "0.3")]
    [InlineData("ce-specversion", null)]
    [InlineData("ce-type", "other")]
    [InlineData("ce-type", null)]
    [InlineData("ce-source", "")]
    [InlineData("ce-source", "with%20blank")]
    [InlineData("ce-source", "line%0D%0Abreak")]
    [InlineData("ce-source", null)]
    [InlineData("ce-id", "with%20blank")]
    [InlineData("ce-id", "a%00b")]
    [InlineData("ce-id", null)]
    [InlineData("ce-subject", "Upper")]
    [InlineData("ce-subject", null)]
    [InlineData("ce-time", "yesterday")]
    [InlineData("ce-time", "2026-11-10T10:00:00")]
    public async Task An_attribute_that_is_wrong_or_missing_is_rejected_by_name(string header, string? value)
    {
        var headers = new Dictionary<string, string?> { ["ce-specversion"] = "1.0", ["ce-type"] = "ai.usage", ["ce-source"] = "test", ["ce-id"] = NewId(), ["ce-subject"] = "nobody" };
        headers[header] = value;
        var answer = await Send(HttpMethod.Post, "/v1/events", Data, headers: [.. headers.Where(h => h.Value is not null).Select(h => (h.Key, h.Value!))]);
        Assert.Equal("invalid", answer.Is(422, "rejected")["reason"]);
        Assert.Contains(header[3..] + ":", answer["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_header_that_stands_twice_counts_as_missing()
    {
        var answer = await Send(HttpMethod.Post, "/v1/events", Data,
            headers: [("ce-specversion", "1.0"), ("ce-type", "ai.usage"), ("ce-source", "test"), ("ce-id", "a"), ("ce-id", "b"), ("ce-subject", "nobody")]);
        Assert.Equal("invalid", answer.Is(422, "rejected")["reason"]);
    }

    [Fact]
    public async Task An_event_without_time_happened_now()
    {
        var account = await NewAccount(claimed: true);
        await Tell(Event(account, NewId()));
        await Binary(account, NewId());
        foreach (var number in new[] { 1, 2 })
        {
            var charge = (await Get($"/v1/charges/{account}.c{number}")).IsOk();
            Assert.Equal(charge["recorded_at"], charge["event.time"]);
        }
    }

    [Fact]
    public async Task A_broken_event_of_a_batch_is_found_by_what_it_calls_itself()
    {
        var answer = (await Post("/v1/events",
            """
            [{"source": "g", "id": "1", "data": {"output_tokens": "many"}}, {"source": "g", "id": 2}, {"source": "g", "id": "3", "id": "4"}, "text", 5, [], true,
             {"source": "\ud800", "id": "5", "data": 1}, {"id": "6"}]
            """, Batched)).IsOk();
        Assert.Equal(["g 1", "g ", "g 4", " ", " ", " ", " ", " 5", " 6"],
            answer.Json.GetProperty("results").EnumerateArray().Select(r => $"{r.GetProperty("source")} {r.GetProperty("id")}"));
        Assert.All(answer.Json.GetProperty("results").EnumerateArray(), r => Assert.Equal("rejected invalid", $"{r.GetProperty("status")} {r.GetProperty("reason")}"));
        Assert.All(answer.Json.GetProperty("results").EnumerateArray(), r => Assert.NotEqual("", r.GetProperty("detail").GetString()));
    }

    [Theory]
    [InlineData("2026-11-10t09:59:59z", "2026-11-10T09:59:59Z")]
    [InlineData("2026-11-10T09:59:59.1234567899999999Z", "2026-11-10T09:59:59.123456Z")]
    [InlineData("2026-11-10T11:59:59.500+02:00", "2026-11-10T09:59:59.5Z")]
    public async Task Instants_are_read_with_any_offset_and_answered_in_UTC_to_the_microsecond(string told, string answered)
    {
        var account = await NewAccount(claimed: true);
        (await Tell(Event(account, NewId(), time: told))).IsOk();
        Assert.Equal(answered, (await Get($"/v1/charges/{account}.c1")).IsOk()["event.time"]);
    }

    [Fact]
    public async Task An_id_has_at_most_128_letters()
    {
        var account = await NewAccount(claimed: true);
        var longest = NewId() + new string('x', 108);
        (await Tell(Event(account, longest))).IsOk();
        Assert.Equal("invalid", (await Tell(Event(account, longest + "x"))).Is(422, "rejected")["reason"]);
        (await Authorize(account, longest, 1)).IsOk(201);
        (await Authorize(account, longest + "x", 1)).Is(400, "invalid");
        Assert.Equal(longest, (await Get($"/v1/authorizations/{longest}")).IsOk()["id"]);
        (await Get($"/v1/authorizations/{longest}x")).Is(404, "not_found");
        (await Post($"/v1/authorizations/{longest}x/release")).Is(404, "not_found");
    }

    [Fact]
    public async Task Ids_in_addresses_may_be_percent_encoded()
    {
        var account = await NewAccount(claimed: true);
        var id = $"{NewId()}:a.b_c";
        (await Authorize(account, id, 1)).IsOk(201);
        var encoded = string.Concat(id.Select(letter => $"%{(int)letter:X2}"));
        Assert.Equal(id, (await Get($"/v1/authorizations/{encoded}")).IsOk()["id"]);
        Assert.Equal("settled", (await Post($"/v1/authorizations/{encoded}/settle", $$"""{"usage": {{Dollars(1)}} }""")).IsOk()["status"]);
        Assert.Equal(account, (await Get($"/v1/accounts/{account.Replace("-", "%2d", StringComparison.Ordinal)}/balance")).IsOk()["account"]);
        Assert.Equal($"{account}.c1", (await Get($"/v1/charges/{account}%2Ec1")).IsOk()["id"]);
    }

    private Task<ApiAnswer> Binary(string account, string id, string source = "test", string path = "/v1/events") => Send(HttpMethod.Post, path, Data, headers:
        [("ce-specversion", "1.0"), ("ce-type", "ai.usage"), ("ce-source", source), ("ce-id", id), ("ce-subject", account)]);
}

[Collection(nameof(ApiOnSqlite))]
public sealed class CloudEventsOnSqlite(ApiOn<SqliteDatabase> on) : CloudEventsTests<SqliteDatabase>(on);

[Collection(nameof(ApiOnPostgres))]
public sealed class CloudEventsOnPostgres(ApiOn<PostgresDatabase> on) : CloudEventsTests<PostgresDatabase>(on);
