using System.Globalization;

namespace Portal.Tests.Api;

/// <summary>Entries, charges and rates.</summary>
public abstract class HistoryTests<TDatabase>(ApiOn<TDatabase> on) : ApiTests<TDatabase>(on)
    where TDatabase : TestDatabase, new()
{
    [Fact]
    public async Task Entries_come_newest_first_with_what_is_left_after_each()
    {
        var account = await NewAccount(claimed: true, cap: 5);
        await Tell(Event(account, NewId(), 22));
        var entries = (await Get($"/v1/accounts/{account}/entries")).IsOk();
        Assert.Equal(["charge extra 2", "charge credit 20", "grant credit 20"],
            entries.Json.GetProperty("entries").EnumerateArray().Select(e => $"{e.GetProperty("kind")} {e.GetProperty("pool")} {e.GetProperty("amount_usd")}"));
        Assert.Equal(($"{account}.e3", "3", $"{account}.c1", "", Sonnet, "headless", "0", "2", ""),
            (entries["entries.0.id"], entries["entries.0.seq"], entries["entries.0.charge"], entries["entries.0.grant"], entries["entries.0.model"], entries["entries.0.surface"],
             entries["entries.0.credit_after_usd"], entries["entries.0.extra_after_usd"], entries["entries.0.reverses"]));
        Assert.Equal(($"{account}.g1", "20"), (entries["entries.2.grant"], entries["entries.2.credit_after_usd"]));
        Assert.StartsWith("key:portal_gw_", entries["entries.0.actor"], StringComparison.Ordinal);
        Assert.StartsWith("user:", entries["entries.2.actor"], StringComparison.Ordinal);
        Assert.Equal("", entries["next_cursor"]);
    }

    [Fact]
    public async Task Pages_hold_still_while_new_entries_come()
    {
        var account = await NewAccount(claimed: true);
        await Post("/v1/events", $"[{string.Join(',', Enumerable.Range(0, 9).Select(i => Event(account, $"{account}-{i}", 0.1m)))}]", Batched);
        var seen = new List<string>();
        var cursor = "";
        do
        {
            var page = (await Get($"/v1/accounts/{account}/entries?limit=3{cursor}")).IsOk();
            seen.AddRange(page.Json.GetProperty("entries").EnumerateArray().Select(e => e.GetProperty("seq").ToString()));
            cursor = page["next_cursor"] == "" ? "" : $"&cursor={page["next_cursor"]}";
            await Tell(Event(account, NewId(), 0.1m));
        }
        while (cursor != "");
        Assert.Equal(Enumerable.Range(1, 10).Reverse().Select(seq => seq.ToString(CultureInfo.InvariantCulture)), seen);
    }

    [Fact]
    public async Task Filters_are_from_inclusive_to_exclusive_kind_and_model()
    {
        var account = await NewAccount(claimed: true);
        await Tell(Event(account, NewId()));
        Time.Leap(TimeSpan.FromMinutes(1));
        var second = (await Tell(Event(account, NewId(), model: "claude-opus-5-5")))["results.0.charge.recorded_at"];
        Time.Leap(TimeSpan.FromMinutes(1));
        var third = (await Tell(Event(account, NewId())))["results.0.charge.recorded_at"];
        Assert.Equal("2 3 4", await Seqs("limit=1000", descending: false));
        Assert.Equal("3 4", await Seqs($"from={second}"));
        Assert.Equal("3", await Seqs($"from={second}&to={third}"));
        Assert.Equal("1 2", await Seqs($"to={second}"));
        Assert.Equal("", await Seqs("from=2030-01-01T00:00:00Z"));
        Assert.Equal("1", await Seqs("kind=grant"));
        Assert.Equal("2 4", await Seqs($"kind=charge&model={Sonnet}"));
        Assert.Equal("3", await Seqs("model=claude-opus-5-5"));
        Assert.Equal("", await Seqs("kind=expiry"));

        async Task<string> Seqs(string query, bool descending = true)
        {
            var all = (await Get($"/v1/accounts/{account}/entries?{query}")).IsOk().Json.GetProperty("entries").EnumerateArray().Select(e => e.GetProperty("seq").GetInt64()).Order().ToList();
            return string.Join(' ', descending ? all : all.Where(seq => seq > 1));
        }
    }

    [Fact]
    public async Task Wrong_questions_are_invalid()
    {
        var account = await NewAccount();
        foreach (var wrong in new[] { "limit=1001", "limit=0", "limit=-1", "limit=x", "cursor=x", "cursor=-1", "cursor=99999999999999999999", "kind=Grant", "kind=gift", "from=x", "to=2026-13-01T00:00:00Z", "model=%00", "limit=1&limit=2" })
        {
            (await Get($"/v1/accounts/{account}/entries?{wrong}")).Is(400, "invalid");
        }
        (await Get("/v1/accounts/nobody/entries")).Is(404, "not_found");
    }

    [Fact]
    public async Task CSV_has_the_same_columns_whole_and_formulas_are_harmless()
    {
        var account = await NewAccount(claimed: true);
        var body = Event(account, NewId()).Replace("\"headless\"", "\"headless\", \"app\": \"=cmd|'/C calc'!A0, \\\"x\\\"\"");
        await Tell(body);
        foreach (var app in new[] { "+1", "-1", "@x" })
        {
            await Tell(Event(account, NewId(), 0.5m).Replace("\"headless\"", $"\"headless\", \"app\": \"{app}\""));
        }
        var csv = (await Get($"/v1/accounts/{account}/entries?limit=1&cursor=2", accept: "text/csv")).IsOk();
        Assert.Equal("text/csv", csv.MediaType);
        var lines = csv.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("id,seq,at,kind,amount_usd,pool,grant,charge,model,surface,app,actor,reason,credit_after_usd,extra_after_usd,reverses", lines[0]);
        Assert.Equal(6, lines.Length);
        Assert.StartsWith($"{account}.e5,5,", lines[1], StringComparison.Ordinal);
        Assert.Contains(",'@x,", lines[1], StringComparison.Ordinal);
        Assert.Contains(",'-1,", lines[2], StringComparison.Ordinal);
        Assert.Contains(",'+1,", lines[3], StringComparison.Ordinal);
        Assert.Contains(",\"'=cmd|'/C calc'!A0, \"\"x\"\"\",", lines[4], StringComparison.Ordinal);
        Assert.Contains(",grant,20,credit,", lines[5], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_charge_explains_itself()
    {
        var account = await NewAccount(claimed: true, cap: 5);
        await Tell(Event(account, NewId(), 19));
        var id = NewId();
        await Tell(
            $$"""
            {"specversion": "1.0", "type": "ai.usage", "source": "test", "id": "{{id}}", "subject": "{{account}}", "data":
             {"model": "{{Sonnet}}", "surface": "agent_sdk", "app": "zed", "input_tokens": 1000000, "output_tokens": 100000, "web_searches": 2, "batch": true, "region": "us"} }
            """);
        var charge = (await Get($"/v1/charges/{account}.c2")).IsOk();
        Assert.Equal(("1.67", "1", "0.67", "0"), (charge["list_usd"], charge["credit_usd"], charge["extra_usd"], charge["uncollected_usd"]));
        Assert.Equal(("test", id, Sonnet, "agent_sdk", "zed", "1000000"), (charge["event.source"], charge["event.id"], charge["event.model"], charge["event.surface"], charge["event.app"], charge["event.usage.input_tokens"]));
        Assert.Equal(["input 1000000 2 batch*0.5 region_us*1.1 = 1.1", "output 100000 10 batch*0.5 region_us*1.1 = 0.55", "web_search 2 fee 0.01 = 0.02"],
            charge.Json.GetProperty("lines").EnumerateArray().Select(l => string.Join(' ',
                [l.GetProperty("class").GetString(), l.GetProperty("quantity").ToString(), l.TryGetProperty("fee_usd", out var fee) ? $"fee {fee}" : l.GetProperty("rate_usd_per_million").ToString(),
                 .. l.GetProperty("multipliers").EnumerateArray().Select(m => $"{m.GetProperty("name")}*{m.GetProperty("by")}"), "=", l.GetProperty("amount_usd").ToString()])));
        Assert.Equal([$"credit {account}.g1 1", "extra  0.67"],
            charge.Json.GetProperty("splits").EnumerateArray().Select(s => $"{s.GetProperty("pool")} {(s.TryGetProperty("grant", out var grant) ? grant : "")} {s.GetProperty("amount_usd")}"));
        Assert.Contains("Credit always pays first", charge["why"], StringComparison.Ordinal);
        foreach (var unknown in new[] { $"{account}.c3", $"{account}.g1", $"{account}.c01", account, "nobody.c1", "..c1", $"{account}.c99999999999999999999" })
        {
            (await Get($"/v1/charges/{unknown}")).Is(404, "not_found");
        }
    }

    [Fact]
    public async Task Rates_are_public_and_dated()
    {
        var now = (await Get("/v1/rates", key: "")).IsOk();
        Assert.Equal(("2", "2026-10-07T00:00:00Z", ""), (now["version"], now["effective_from"], now["next"]));
        Assert.Equal(("0.01", "0.5", "1.1"), (now["fees.web_search"], now["modifiers.batch.all_token_classes"], now["modifiers.region_us.all_token_classes"]));
        Assert.Contains(now.Json.GetProperty("models").EnumerateArray(), m => m.GetProperty("model").GetString() == Sonnet && m.GetProperty("rates")[0].GetProperty("output").GetString() == "10");
        var before = (await Get("/v1/rates?at=2026-06-01T00:00:00Z", key: "")).IsOk();
        Assert.Equal(("1", "2", "2026-10-07T00:00:00Z"), (before["version"], before["next.version"], before["next.effective_from"]));
        (await Get("/v1/rates?at=2020-01-01T00:00:00Z", key: "")).Is(404, "not_found");
        (await Get("/v1/rates?at=soon", key: "")).Is(400, "invalid");
    }

    [Fact]
    public async Task Health_needs_no_key_and_tells_no_detail()
    {
        Assert.Equal("live", (await Get("/health/live", key: "")).IsOk().Text);
        Assert.Equal("ready", (await Get("/health/ready", key: "")).IsOk().Text);
    }
}

[Collection(nameof(ApiOnSqlite))]
public sealed class HistoryOnSqlite(ApiOn<SqliteDatabase> on) : HistoryTests<SqliteDatabase>(on);

[Collection(nameof(ApiOnPostgres))]
public sealed class HistoryOnPostgres(ApiOn<PostgresDatabase> on) : HistoryTests<PostgresDatabase>(on);
