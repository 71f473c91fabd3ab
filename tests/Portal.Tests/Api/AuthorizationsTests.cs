namespace Portal.Tests.Api;

public abstract class AuthorizationsTests<TDatabase>(ApiOn<TDatabase> on) : ApiTests<TDatabase>(on)
    where TDatabase : TestDatabase, new()
{
    [Fact]
    public async Task A_request_that_fits_is_held_and_settled_for_its_real_use()
    {
        var account = await NewAccount(claimed: true);
        var id = NewId("auth");
        var held = (await Authorize(account, id, 5)).IsOk(201);
        Assert.Equal((id, account, "held", "5", "5", "0", ""), (held["id"], held["account"], held["status"], held["held_usd"], held["credit_usd"], held["extra_usd"], held["charge"]));
        Assert.EndsWith("Z", held["expires_at"], StringComparison.Ordinal);

        var settled = (await Settle(id, 2)).IsOk();
        Assert.Equal(("settled", "2", "2"), (settled["status"], settled["charge.list_usd"], settled["charge.credit_usd"]));
        Assert.Equal(settled.Text, (await Settle(id, 2)).IsOk().Text);
        Assert.Equal(settled.Text, (await Get($"/v1/authorizations/{id}")).IsOk().Text);
        (await Settle(id, 3)).Is(409, "id_reused");
        (await Post($"/v1/authorizations/{id}/release")).Is(409, "settled");
    }

    [Fact]
    public async Task A_repeat_answers_as_the_first_did_and_another_request_under_the_id_is_refused()
    {
        var account = await NewAccount(claimed: true);
        var id = NewId("auth");
        var first = (await Authorize(account, id, 5)).IsOk(201);
        Assert.Equal(first.Text, (await Authorize(account, id, 5)).IsOk(200).Text);
        // Absent is the default: fifteen minutes, no app.
        Assert.Equal(first.Text, (await Post("/v1/authorizations",
            $$"""{"app": null, "id": "{{id}}", "account": "{{account}}", "model": "{{Sonnet}}", "surface": "headless", "max": {"output_tokens": 500000, "batch": false} }""")).IsOk(200).Text);
        (await Authorize(account, id, 6)).Is(409, "id_reused");
        (await Authorize(await NewAccount(claimed: true), id, 5)).Is(409, "id_reused");
        (await Authorize(account, id, 5, ttl: 60)).Is(409, "id_reused");
        await Settle(id, 1);
        Assert.Equal("settled", (await Authorize(account, id, 5)).IsOk(200)["status"]);
    }

    [Fact]
    public async Task A_released_hold_is_free_again_and_cannot_be_settled()
    {
        var account = await NewAccount(claimed: true);
        var id = NewId("auth");
        await Authorize(account, id, 20);
        Assert.Equal("released", (await Post($"/v1/authorizations/{id}/release")).IsOk()["status"]);
        Assert.Equal("released", (await Post($"/v1/authorizations/{id}/release")).IsOk()["status"]);
        (await Settle(id, 1)).Is(409, "not_held");
        (await Authorize(account, NewId("auth"), 20)).IsOk(201);
    }

    [Fact]
    public async Task An_expired_authorization_is_shown_so_and_may_still_be_settled()
    {
        var account = await NewAccount(claimed: true);
        var id = NewId("auth");
        await Authorize(account, id, 5, ttl: 60);
        Time.Leap(TimeSpan.FromSeconds(60));
        Assert.Equal("expired", (await Get($"/v1/authorizations/{id}")).IsOk()["status"]);
        Assert.Equal("expired", (await Authorize(account, id, 5, ttl: 60)).IsOk(200)["status"]);
        Assert.Equal("expired", (await Post($"/v1/authorizations/{id}/release")).IsOk()["status"]);
        var settled = (await Settle(id, 2)).IsOk();
        Assert.Equal(("settled", "2"), (settled["status"], settled["charge.credit_usd"]));
        Assert.Equal(settled["charge"], (await Settle(id, 2)).IsOk()["charge"]);
    }

    [Fact]
    public async Task What_is_unknown_is_not_found()
    {
        (await Authorize("nobody", NewId("auth"), 1)).Is(404, "not_found");
        foreach (var id in new[] { "unknown", "with%20blank", new string('x', 129) })
        {
            (await Settle(id, 1)).Is(404, "not_found");
            (await Post($"/v1/authorizations/{id}/release")).Is(404, "not_found");
            (await Get($"/v1/authorizations/{id}")).Is(404, "not_found");
        }
    }

    [Fact]
    public async Task Refusals_name_the_first_reason_and_every_limit()
    {
        var account = await NewAccount();
        var refused = (await Authorize(account, "free-again", 5)).Is(402, "credit_not_claimed");
        Assert.Equal("credit", refused["limits.0.name"]);
        Assert.EndsWith("/credit", refused["remedy.url"], StringComparison.Ordinal);
        Assert.StartsWith("http://", refused["remedy.url"], StringComparison.Ordinal);
        Assert.NotEqual("", refused["remedy.text"]);
        await Claim(account);
        (await Authorize(account, NewId("auth"), 21)).Is(402, "extra_usage_off");
        (await Post("/v1/authorizations", $$"""{"id": "x", "account": "{{account}}", "model": "unheard-of", "surface": "headless", "max": {} }""")).Is(402, "unknown_model");
        (await Authorize(account, NewId("auth"), 1, surface: "fridge")).Is(402, "unknown_surface");
        (await Put($"/v1/accounts/{account}", $$"""{"owner_email": "{{account}}@example.com", "plan": "pro", "status": "closed"}""")).IsOk();
        (await Authorize(account, NewId("auth"), 1)).Is(402, "account_closed");
    }

    [Fact]
    public async Task A_refusal_is_not_remembered()
    {
        var account = await NewAccount();
        var id = NewId("auth");
        (await Authorize(account, id, 5)).Is(402, "credit_not_claimed");
        await Claim(account);
        (await Authorize(account, id, 6)).IsOk(201);
    }

    [Fact]
    public async Task Caps_refuse_with_their_numbers()
    {
        var account = await NewAccount(claimed: true, cap: 5);
        (await Tell(Event(account, NewId(), 22))).IsOk();
        var refused = (await Authorize(account, NewId("auth"), 3.5m)).Is(402, "cap_reached");
        var cap = refused.Json.GetProperty("limits").EnumerateArray().Single(l => l.GetProperty("name").GetString() == "period_cap");
        Assert.Equal(("5", "2", "0", "3"), (Of("limit_usd"), Of("used_usd"), Of("held_usd"), Of("remaining_usd")));
        Assert.EndsWith("Z", Of("resets_at"), StringComparison.Ordinal);
        (await Authorize(account, NewId("auth"), 3)).IsOk(201);

        string? Of(string field) => cap.GetProperty(field).GetString();
    }

    [Fact]
    public async Task Interactive_use_holds_nothing()
    {
        var account = await NewAccount();
        var held = (await Authorize(account, NewId("auth"), 5, surface: "code")).IsOk(201);
        Assert.Equal(("0", "0", "0"), (held["held_usd"], held["credit_usd"], held["extra_usd"]));
    }

    [Theory]
    [InlineData("id", "\"with blank\"")]
    [InlineData("id", "null")]
    [InlineData("id", "7")]
    [InlineData("account", "\"Upper\"")]
    [InlineData("model", "\"\"")]
    [InlineData("model", "\"a\\u0000b\"")]
    [InlineData("surface", "null")]
    [InlineData("app", "\"\\n\"")]
    [InlineData("ttl_seconds", "0")]
    [InlineData("ttl_seconds", "86401")]
    [InlineData("ttl_seconds", "1.5")]
    [InlineData("ttl_seconds", "99999999999999999999")]
    [InlineData("max", "null")]
    [InlineData("max", "5")]
    [InlineData("max.input_tokens", "-1")]
    [InlineData("max.input_tokens", "1000000001")]
    [InlineData("max.input_tokens", "\"1\"")]
    [InlineData("max.region", "\"mars\"")]
    [InlineData("max.batch", "1")]
    public async Task What_is_out_of_range_is_invalid_and_names_the_field(string field, string value)
    {
        var fields = new Dictionary<string, string>
        {
            ["id"] = "\"x\"",
            ["account"] = "\"nobody\"",
            ["model"] = $"\"{Sonnet}\"",
            ["surface"] = "\"headless\"",
            ["app"] = "null",
            ["ttl_seconds"] = "900",
            ["max"] = "{}",
        };
        fields[field.Split('.')[0]] = field.Contains('.', StringComparison.Ordinal) ? $$"""{"{{field.Split('.')[1]}}": {{value}}}""" : value;
        var answer = (await Post("/v1/authorizations", $"{{{string.Join(',', fields.Select(f => $"\"{f.Key}\": {f.Value}"))}}}")).Is(400, "invalid");
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty(field, out var why), answer.Text);
        Assert.NotEqual("", why[0].GetString());
    }

    [Fact]
    public async Task The_limits_themselves_are_allowed()
    {
        var account = await NewAccount(claimed: true);
        (await Post("/v1/authorizations", $$"""{"id": "{{NewId(new string('i', 5))}}", "account": "{{account}}", "model": "{{Sonnet}}", "surface": "chat", "max": {"input_tokens": 1000000000}, "ttl_seconds": 86400}""")).IsOk(201);
        (await Authorize(account, NewId("auth"), 1, ttl: 1)).IsOk(201);
    }

    [Fact]
    public async Task A_settlement_of_a_wrong_time_is_rejected()
    {
        var account = await NewAccount(claimed: true);
        var id = NewId("auth");
        await Authorize(account, id, 5);
        Assert.Equal("in_future", (await Post($"/v1/authorizations/{id}/settle", """{"usage": {}, "time": "2099-01-01T00:00:00Z"}""")).Is(422, "rejected")["reason"]);
        Assert.Equal("too_old", (await Post($"/v1/authorizations/{id}/settle", """{"usage": {}, "time": "2020-01-01T00:00:00+01:00"}""")).Is(422, "rejected")["reason"]);
        (await Post($"/v1/authorizations/{id}/settle", """{"usage": {}, "time": "yesterday"}""")).Is(400, "invalid");
        (await Post($"/v1/authorizations/{id}/settle", "{}")).Is(400, "invalid");
        Assert.Equal("held", (await Get($"/v1/authorizations/{id}"))["status"]);
    }

    [Fact]
    public async Task The_numbers_of_the_product()
    {
        // Credit 20, cap 5, extra on: 19, then 3 is 1 of credit and 2 of extra; 3.50 is refused, 3 is granted.
        var account = await NewAccount(claimed: true, cap: 5);
        Assert.Equal("19", (await Tell(Event(account, NewId(), 19))).IsOk()["results.0.charge.credit_usd"]);
        var spilled = (await Tell(Event(account, NewId(), 3))).IsOk();
        Assert.Equal(("1", "2"), (spilled["results.0.charge.credit_usd"], spilled["results.0.charge.extra_usd"]));
        (await Authorize(account, NewId("auth"), 3.5m)).Is(402, "cap_reached");
        (await Authorize(account, NewId("auth"), 3)).IsOk(201);

        // The same, but recorded before the claim: the claim moves it to credit.
        var early = await NewAccount(cap: 5);
        Assert.Equal("3", (await Tell(Event(early, NewId(), 3))).IsOk()["results.0.charge.extra_usd"]);
        await Claim(early);
        var balance = (await Get($"/v1/accounts/{early}/balance")).IsOk();
        Assert.Equal(("17", "0"), (balance["credit.remaining_usd"], balance["extra_usage.used_usd"]));

        // Prices.
        Assert.Equal("0.0855", await Price(Sonnet, "\"input_tokens\": 12000, \"cache_write_5m_tokens\": 5000, \"cache_read_tokens\": 40000, \"output_tokens\": 2500, \"web_searches\": 2"));
        Assert.Equal("0.0225", await Price("claude-haiku-5-5", "\"input_tokens\": 20000, \"cache_read_tokens\": 100000, \"output_tokens\": 3000"));

        async Task<string> Price(string model, string usage) => (await Tell(
            $$"""{"specversion": "1.0", "type": "ai.usage", "source": "test", "id": "{{NewId()}}", "subject": "{{account}}", "data": {"model": "{{model}}", "surface": "chat", {{usage}} } }""")).IsOk()["results.0.charge.list_usd"];
    }

    [Fact]
    public async Task A_discount_takes_its_part_off_what_is_owed()
    {
        var account = await NewAccount("max-20x", claimed: true, cap: 5);
        (await Tell(Event(account, NewId(), 203, model: Sonnet))).IsOk();
        var balance = (await Get($"/v1/accounts/{account}/balance")).IsOk();
        Assert.Equal(("3", "0.6", "2.4"), (balance["extra_usage.used_usd"], balance["extra_usage.discount_usd"], balance["extra_usage.owed_usd"]));
    }
}

[Collection(nameof(ApiOnSqlite))]
public sealed class AuthorizationsOnSqlite(ApiOn<SqliteDatabase> on) : AuthorizationsTests<SqliteDatabase>(on);

[Collection(nameof(ApiOnPostgres))]
public sealed class AuthorizationsOnPostgres(ApiOn<PostgresDatabase> on) : AuthorizationsTests<PostgresDatabase>(on);
