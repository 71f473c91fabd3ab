using System.Text.Json;
using System.Text.RegularExpressions;

namespace Portal.Tests.Api;

/// <summary>What readers may ask for, and how every answer writes money, instants and cells.</summary>
public abstract partial class ReadingTests<TDatabase>(ApiOn<TDatabase> on) : ApiTests<TDatabase>(on)
    where TDatabase : TestDatabase, new()
{
    [Fact]
    public async Task A_page_has_a_hundred_entries_unless_asked_and_a_thousand_at_most()
    {
        var account = await NewAccount(claimed: true);
        (await Post("/v1/events", $"[{string.Join(',', Enumerable.Range(0, 120).Select(i => Event(account, $"{account}-{i}", 0.001m)))}]", Batched)).IsOk();
        Assert.Equal((100, true), await Page(""));
        Assert.Equal((100, true), await Page("limit="));
        Assert.Equal((1, true), await Page("limit=1"));
        Assert.Equal((121, false), await Page("limit=121"));
        Assert.Equal((121, false), await Page("limit=1000"));
        foreach (var wrong in new[] { "1001", "0", "-1", "1.0", "1e2", "%2B5", " 5", "0x10", "５", "99999999999999999999" })
        {
            (await Get($"/v1/accounts/{account}/entries?limit={wrong}")).Is(400, "invalid");
        }

        async Task<(int Entries, bool HasMore)> Page(string query)
        {
            var page = (await Get($"/v1/accounts/{account}/entries?{query}")).IsOk();
            return (page.Json.GetProperty("entries").GetArrayLength(), page["next_cursor"] != "");
        }
    }

    [Fact]
    public async Task A_cursor_that_was_made_up_shows_nothing_of_others_and_breaks_nothing()
    {
        var (account, other) = (await NewAccount(claimed: true), await NewAccount(claimed: true));
        foreach (var cursor in new[] { "0", "1", "2", "9223372036854775807", "00000000000000000000001" })
        {
            var answer = (await Get($"/v1/accounts/{account}/entries?cursor={cursor}")).IsOk();
            Assert.All(answer.Json.GetProperty("entries").EnumerateArray(), entry => Assert.StartsWith(account + ".", entry.GetProperty("id").GetString(), StringComparison.Ordinal));
        }
        foreach (var cursor in new[] { "-1", "1.5", "x", "1 OR 1=1", "9223372036854775808", $"{other}.e1", "%00", "1&cursor=2" })
        {
            (await Get($"/v1/accounts/{account}/entries?cursor={cursor}")).Is(400, "invalid");
        }
    }

    [Fact]
    public async Task A_range_that_ends_before_it_begins_is_empty()
    {
        var account = await NewAccount(claimed: true);
        foreach (var accept in new[] { "application/json", "text/csv" })
        {
            var answer = (await Get($"/v1/accounts/{account}/entries?from=2027-01-01T00:00:00Z&to=2026-01-01T00:00:00Z", accept: accept)).IsOk();
            Assert.DoesNotContain(".e1", answer.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("text/csv", "text/csv")]
    [InlineData("text/csv; charset=utf-8", "text/csv")]
    [InlineData("application/json;q=0.5, text/csv", "text/csv")]
    [InlineData("text/csv;q=0.5, application/json", "application/json")]
    [InlineData("text/csv;q=0", "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData("text/*", "application/json")]
    [InlineData("nonsense", "application/json")]
    [InlineData("", "application/json")]
    public async Task Csv_comes_to_whom_would_rather_have_it(string accept, string mediaType)
    {
        var account = await NewAccount();
        Assert.Equal(mediaType, (await Get($"/v1/accounts/{account}/entries", accept: accept)).IsOk().MediaType);
        (await Get("/v1/accounts/nobody/entries", accept: accept)).Is(404, "not_found");
        (await Get($"/v1/accounts/{account}/entries?kind=gift", accept: accept)).Is(400, "invalid");
    }

    [Fact]
    public async Task Csv_has_the_columns_and_values_of_the_entries_and_no_cell_is_a_formula()
    {
        // An account's key may begin with a hyphen, and so do all ids that are made of it.
        var account = $"-{NewId()}"[..16];
        (await Put($"/v1/accounts/{account}", $$"""{"owner_email": "x{{account}}@example.com", "plan": "pro", "status": "open"}""")).IsOk(201);
        await Claim(account);
        foreach (var app in new[] { "=1+1", "+1", "-1", "@SUM(A1)", "plain", "with, comma", "with \\\"quotes\\\"", "=\\\"a\\\",b" })
        {
            (await Tell(Event(account, NewId(), 0.1m).Replace("\"headless\"", $"\"headless\", \"app\": \"{app}\"", StringComparison.Ordinal))).IsOk();
        }
        var csv = Parse((await Get($"/v1/accounts/{account}/entries", accept: "text/csv")).IsOk().Text);
        var json = (await Get($"/v1/accounts/{account}/entries")).IsOk().Json.GetProperty("entries").EnumerateArray().ToList();
        Assert.Equal(json[0].EnumerateObject().Select(field => field.Name), csv[0]);
        Assert.Equal(json.Count, csv.Count - 1);
        foreach (var (entry, row) in json.Zip(csv.Skip(1)))
        {
            foreach (var (field, cell) in entry.EnumerateObject().Zip(row))
            {
                var value = field.Value.ToString();
                Assert.Equal(value is ['=' or '+' or '-' or '@', ..] ? "'" + value : value, cell);
            }
        }
        Assert.Contains(csv.SelectMany(row => row), cell => cell == $"'{account}.c1");
    }

    [Fact]
    public async Task Money_is_exact_without_exponent_and_trailing_zeros_in_every_answer()
    {
        var account = await NewAccount(claimed: true, cap: 5);
        var id = NewId();
        List<ApiAnswer> answers =
        [
            (await Authorize(account, id, 2.5m)).IsOk(201),
            (await Settle(id, 1.5m)).IsOk(),
            (await Tell(Event(account, NewId(), 20.10m))).IsOk(),
            (await Authorize(account, NewId(), 50)).Is(402, "cap_reached"),
            (await Get($"/v1/accounts/{account}/balance")).IsOk(),
            (await Get($"/v1/accounts/{account}/entries")).IsOk(),
            (await Get($"/v1/charges/{account}.c2")).IsOk(),
            (await Get("/v1/rates")).IsOk(),
            (await Get("/v1/rates?at=2026-06-01T00:00:00Z")).IsOk(),
        ];
        var seen = answers.SelectMany(answer => Texts(answer.Json)).Where(field => field.Name.EndsWith("_usd", StringComparison.Ordinal) || field.Name is "by" or "rate_usd_per_million" or "input" or "output"
            or "cache_read" or "cache_write_5m" or "cache_write_1h" or "web_search" or "all_token_classes").ToList();
        Assert.True(seen.Count > 100);
        Assert.All(seen, field => Assert.Matches(Exact(), field.Value));
        var csv = Parse((await Get($"/v1/accounts/{account}/entries", accept: "text/csv")).IsOk().Text);
        foreach (var column in new[] { "amount_usd", "credit_after_usd", "extra_after_usd" })
        {
            Assert.All(csv.Skip(1), row => Assert.Matches(Exact(), row[csv[0].IndexOf(column)]));
        }
    }

    [Fact]
    public async Task Before_the_first_rate_card_there_are_no_rates()
    {
        (await Get("/v1/rates?at=2025-12-31T23:59:59.999999Z", key: "")).Is(404, "not_found");
        Assert.Equal("1", (await Get("/v1/rates?at=2026-01-01T00:00:00Z", key: "")).IsOk()["version"]);
        // Rates are public: a key that counts no more does no harm.
        (await Get("/v1/rates", key: "some-key-of-old-days")).IsOk();
        (await Get("/v1/rates?at=2026-06-01T00:00:00Z&at=2026-07-01T00:00:00Z", key: "")).Is(400, "invalid");
    }

    [Fact]
    public async Task Every_instant_of_an_answer_is_UTC_with_at_most_six_decimals()
    {
        var account = await NewAccount(claimed: true);
        Time.Leap(TimeSpan.FromTicks(1_234_567));
        await Tell(Event(account, NewId()));
        foreach (var path in new[] { $"/v1/accounts/{account}/balance", $"/v1/accounts/{account}/entries", $"/v1/charges/{account}.c1", "/v1/rates", $"/v1/accounts/{account}" })
        {
            var answer = (await Get(path)).IsOk();
            var instants = Texts(answer.Json).Where(field => field.Name is "at" or "as_of" or "start" or "end" or "expires_at" or "recorded_at" or "time" or "effective_from" or "anchor" or "resets_at").ToList();
            Assert.NotEmpty(instants);
            Assert.All(instants, field => Assert.Matches(Instant(), field.Value));
        }
    }

    private static IEnumerable<(string Name, string Value)> Texts(JsonElement json, string name = "") => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(field => Texts(field.Value, field.Name)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(item => Texts(item, name)),
        JsonValueKind.String => [(name, json.GetString()!)],
        _ => [],
    };

    /// <summary>RFC 4180, as a spreadsheet reads it.</summary>
    private static List<List<string>> Parse(string csv) =>
        [.. Row().Matches(csv).Select(row => Cell().Matches(row.Groups["row"].Value).Select(c => c.Groups["quoted"].Success
            ? c.Groups["quoted"].Value.Replace("\"\"", "\"", StringComparison.Ordinal) : c.Groups["plain"].Value).ToList())];

    [GeneratedRegex("""(?<row>(?:[^"\r\n]|"(?:[^"]|"")*")+)\r\n""")]
    private static partial Regex Row();

    [GeneratedRegex("""(?:^|,)(?:"(?<quoted>(?:[^"]|"")*)"|(?<plain>[^,"]*))""")]
    private static partial Regex Cell();

    [GeneratedRegex(@"^(0|[1-9]\d*)(\.\d{0,8}[1-9])?$")]
    private static partial Regex Exact();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$")]
    private static partial Regex Instant();
}

[Collection(nameof(ApiOnSqlite))]
public sealed class ReadingOnSqlite(ApiOn<SqliteDatabase> on) : ReadingTests<SqliteDatabase>(on);

[Collection(nameof(ApiOnPostgres))]
public sealed class ReadingOnPostgres(ApiOn<PostgresDatabase> on) : ReadingTests<PostgresDatabase>(on);
