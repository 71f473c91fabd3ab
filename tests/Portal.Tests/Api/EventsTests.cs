namespace Portal.Tests.Api;

public abstract class EventsTests<TDatabase>(ApiOn<TDatabase> on) : ApiTests<TDatabase>(on)
    where TDatabase : TestDatabase, new()
{
    [Fact]
    public async Task A_structured_event_gets_its_charge()
    {
        var account = await NewAccount(claimed: true);
        var answer = (await Tell(Event(account, "e1", 3))).IsOk();
        Assert.Equal(("test", "e1", "recorded"), (answer["results.0.source"], answer["results.0.id"], answer["results.0.status"]));
        Assert.Equal(
            ($"{account}.c1", account, "programmatic", "3", "3", "0", "0", "", "False", "2", "False", "2026-11-10T10:00:00Z"),
            (Charge("id"), Charge("account"), Charge("pool"), Charge("list_usd"), Charge("credit_usd"), Charge("extra_usd"), Charge("uncollected_usd"),
             Charge("promotion"), Charge("included"), Charge("rate_card_version"), Charge("late"), "2026-11-10T10:00:00Z"));
        Assert.EndsWith("Z", Charge("recorded_at"), StringComparison.Ordinal);

        string Charge(string field) => answer[$"results.0.charge.{field}"];
    }

    [Fact]
    public async Task A_binary_event_has_its_attributes_in_headers()
    {
        var account = await NewAccount(claimed: true);
        var answer = await Send(HttpMethod.Post, "/v1/events", $$"""{"model": "{{Sonnet}}", "surface": "headless", "output_tokens": 100000}""", headers:
            [("ce-specversion", "1.0"), ("ce-type", "ai.usage"), ("ce-source", "/gateways/eu%201".Replace("%20", "-")), ("ce-id", "b1"), ("ce-subject", account), ("ce-time", "2026-11-10T09:59:59.5Z")]);
        Assert.Equal("recorded", answer.IsOk()["results.0.status"]);
        Assert.Equal("1", answer["results.0.charge.list_usd"]);
    }

    [Fact]
    public async Task A_batch_answers_each_event_in_order_and_a_bad_one_spoils_nothing()
    {
        var account = await NewAccount(claimed: true);
        var answer = await Post("/v1/events",
            $$"""
            [{{Event(account, "1")}}, {"specversion": "1.0", "data": 5}, null, {{Event(account, "2").Replace("100000", "\"many\"")}}, {{Event("nobody", "3")}},
             {{Event(account, "1")}}, {{Event(account, "1", 2)}}, {{Event(account, "4", model: "unheard-of")}}, {{Event(account, "5", time: "2026-11-10T25:00:00Z")}}, {{Event(account, "6")}}]
            """, Batched);
        Assert.Equal(
            ["recorded", "rejected invalid", "rejected invalid", "rejected invalid", "rejected unknown_account", "duplicate", "conflict", "parked", "rejected invalid", "recorded"],
            answer.IsOk().Json.GetProperty("results").EnumerateArray().Select(r =>
                $"{r.GetProperty("status")} {(r.TryGetProperty("reason", out var reason) ? reason : "")}".Trim()));
        Assert.Equal(answer["results.0.charge.id"], answer["results.5.charge.id"]);
        Assert.Equal("6", answer["results.9.id"]);
        Assert.Equal(3, await EntriesOf(account)); // The grant, and two charges.
    }

    [Fact]
    public async Task An_empty_batch_has_no_results() => Assert.Equal(0, (await Post("/v1/events", "[]", Batched)).IsOk().Json.GetProperty("results").GetArrayLength());

    [Fact]
    public async Task The_address_of_OpenMeter_gives_the_same_answers()
    {
        var account = await NewAccount(claimed: true);
        var first = (await Post("/api/v1/events", Event(account, "om"), Structured)).IsOk();
        var second = (await Tell(Event(account, "om"))).IsOk();
        Assert.Equal(("recorded", "duplicate"), (first["results.0.status"], second["results.0.status"]));
    }

    [Fact]
    public async Task A_repeat_is_a_duplicate_whatever_its_time_and_other_content_a_conflict()
    {
        var account = await NewAccount(claimed: true);
        var other = await NewAccount();
        var first = (await Tell(Event(account, "r1"))).IsOk();
        var repeat = (await Tell(Event(account, "r1", time: "2026-11-09T00:00:00Z"))).IsOk();
        Assert.Equal("duplicate", repeat["results.0.status"]);
        Assert.Equal(first["results.0.charge"], repeat["results.0.charge"]);
        (await Tell(Event(account, "r1", 2))).Is(409, "conflict");
        (await Tell(Event(other, "r1"))).Is(409, "conflict");
        (await Tell(Event(account, "r1", surface: "agent_sdk"))).Is(409, "conflict");
        Assert.Equal("recorded", (await Tell(Event(account, "r1", source: "elsewhere"))).IsOk()["results.0.status"]);
    }

    [Fact]
    public async Task Absent_fields_are_their_defaults_when_a_repeat_is_compared()
    {
        var account = await NewAccount(claimed: true);
        (await Tell(Event(account, "d1"))).IsOk();
        var explicitly = Event(account, "d1").Replace("\"output_tokens\"", "\"input_tokens\": 0, \"batch\": false, \"region\": \"global\", \"app\": null, \"unheard\": [1], \"output_tokens\"");
        Assert.Equal("duplicate", (await Tell(explicitly)).IsOk()["results.0.status"]);
    }

    [Theory]
    [InlineData("2026-10-01T00:00:00Z", "too_old")]
    [InlineData("2099-01-01T00:00:00Z", "in_future")]
    public async Task An_event_of_a_wrong_time_is_rejected_and_not_remembered(string time, string reason)
    {
        var account = await NewAccount(claimed: true);
        var id = NewId();
        Assert.Equal(reason, (await Tell(Event(account, id, time: time))).Is(422, "rejected")["reason"]);
        Assert.Equal("recorded", (await Tell(Event(account, id))).IsOk()["results.0.status"]);
    }

    [Fact]
    public async Task An_unknown_account_is_rejected() => Assert.Equal("unknown_account", (await Tell(Event("nobody", NewId()))).Is(422, "rejected")["reason"]);

    [Fact]
    public async Task An_unknown_model_or_surface_parks_the_event_and_repeats_say_so()
    {
        var account = await NewAccount(claimed: true);
        foreach (var body in new[] { Event(account, "p1", model: "unheard-of"), Event(account, "p2", surface: "fridge"), Event(account, "p1", model: "unheard-of") })
        {
            var answer = (await Tell(body)).IsOk();
            Assert.Equal("parked", answer["results.0.status"]);
            Assert.False(answer.Json.GetProperty("results")[0].TryGetProperty("charge", out _));
        }
        (await Tell(Event(account, "p1", 2, model: "unheard-of"))).Is(409, "conflict");
    }

    [Fact]
    public async Task An_event_may_settle_an_authorization()
    {
        var account = await NewAccount(claimed: true);
        var id = NewId("auth");
        (await Authorize(account, id, 5)).IsOk(201);
        var settled = (await Tell(Event(account, NewId(), 2, authorization: id))).IsOk();
        Assert.Equal("recorded", settled["results.0.status"]);
        Assert.Equal("settled", (await Get($"/v1/authorizations/{id}")).IsOk()["status"]);
        // Another event for it: it has its charge already.
        var again = (await Tell(Event(account, NewId(), 3, authorization: id))).IsOk();
        Assert.Equal(("duplicate", settled["results.0.charge.id"]), (again["results.0.status"], again["results.0.charge.id"]));
    }

    [Fact]
    public async Task An_event_that_names_a_wrong_authorization_is_rejected()
    {
        var account = await NewAccount(claimed: true);
        var other = await NewAccount(claimed: true);
        var id = NewId("auth");
        (await Authorize(account, id, 5)).IsOk(201);
        foreach (var body in new[]
        {
            Event(account, NewId(), authorization: "unknown"), Event(other, NewId(), authorization: id),
            Event(account, NewId(), model: "claude-opus-5-5", authorization: id), Event(account, NewId(), surface: "agent_sdk", authorization: id),
        })
        {
            Assert.Equal("wrong_authorization", (await Tell(body)).Is(422, "rejected")["reason"]);
        }
    }

    [Fact]
    public async Task A_single_event_that_is_no_usage_event_is_rejected_as_invalid()
    {
        var account = await NewAccount();
        var good = Event(account, "i1");
        foreach (var bad in new[]
        {
            good.Replace("\"1.0\"", "\"0.3\""), good.Replace("ai.usage", "other"), good.Replace("\"i1\"", "\"with blank\""), good.Replace("\"source\": \"test\"", "\"source\": \"\""),
            good.Replace($"\"{account}\"", "\"Upper\""), good.Replace("100000", "1000000001"), good.Replace("100000", "-1"), good.Replace("100000", "1.5"), good.Replace("\"headless\"", "\"a\\u0000b\""),
            good.Replace("\"data\"", "\"nodata\""), good.Replace("\"headless\"", "\"headless\", \"region\": \"mars\""), "{}",
        })
        {
            Assert.NotEqual(good, bad);
            Assert.Equal("invalid", (await Tell(bad)).Is(422, "rejected")["reason"]);
        }
        Assert.Equal(0, await EntriesOf(account));
    }

    [Fact]
    public async Task What_is_no_JSON_is_invalid_in_every_mode()
    {
        foreach (var text in new[] { "", "{", "[1", "nonsense", "{} {}" })
        {
            (await Post("/v1/events", text, Structured)).Is(400, "invalid");
            (await Post("/v1/events", text, Batched)).Is(400, "invalid");
        }
        (await Post("/v1/events", "{}", Batched)).Is(400, "invalid");
        (await Post("/v1/events", "{}")).Is(400, "invalid"); // Binary without its headers.
    }

    [Fact]
    public async Task Too_many_events_or_bytes_are_too_large()
    {
        var account = await NewAccount();
        (await Post("/v1/events", $"[{string.Join(',', Enumerable.Range(0, 1001).Select(i => Event(account, $"m{i}")))}]", Batched)).Is(413, "too_large");
        (await Post("/v1/events", $"[{Event(account, "big")}{new string(' ', 4 * 1024 * 1024)}]", Batched)).Is(413, "too_large");
        Assert.Equal(0, await EntriesOf(account));
        var thousand = await Post("/v1/events", $"[{string.Join(',', Enumerable.Range(0, 1000).Select(i => Event(account, $"m{i}")))}]", Batched);
        Assert.Equal(1000, thousand.IsOk().Json.GetProperty("results").GetArrayLength());
    }

    [Fact]
    public async Task Interactive_use_is_included_and_says_what_it_would_have_cost()
    {
        var account = await NewAccount();
        var answer = (await Tell(Event(account, NewId(), 2, surface: "chat"))).IsOk();
        Assert.Equal(("interactive", "2", "0", "0", "0", "True"), (answer["results.0.charge.pool"], answer["results.0.charge.list_usd"], answer["results.0.charge.credit_usd"],
            answer["results.0.charge.extra_usd"], answer["results.0.charge.uncollected_usd"], answer["results.0.charge.included"]));
    }
}

[Collection(nameof(ApiOnSqlite))]
public sealed class EventsOnSqlite(ApiOn<SqliteDatabase> on) : EventsTests<SqliteDatabase>(on);

[Collection(nameof(ApiOnPostgres))]
public sealed class EventsOnPostgres(ApiOn<PostgresDatabase> on) : EventsTests<PostgresDatabase>(on);
