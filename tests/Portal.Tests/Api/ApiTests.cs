using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Portal.Accounts;
using Portal.Api.Keys;

namespace Portal.Tests.Api;

/// <summary>An answer of the API, read.</summary>
public sealed record ApiAnswer(HttpStatusCode Status, HttpResponseHeaders Headers, string? MediaType, string Text)
{
    private readonly Lazy<JsonElement> _json = new(() => JsonDocument.Parse(Text).RootElement);

    public JsonElement Json => _json.Value;

    public int Code => (int)Status;

    /// <summary>The methods that the header Allow lists.</summary>
    public string Allow { get; init; } = "";

    /// <summary>A text or number at a path, as text; "" for null.</summary>
    public string this[string path] => path.Split('.').Aggregate(Json, (at, name) => int.TryParse(name, out var index) ? at[index] : at.GetProperty(name)).ToString();

    /// <summary>The answer is this problem, with everything that the contract gives a problem.</summary>
    public ApiAnswer Is(int status, string code)
    {
        Assert.True(Code == status, $"{Code} instead of {status}: {Text}");
        Assert.Equal("application/problem+json", MediaType);
        Assert.Equal(code, this["code"]);
        Assert.Equal($"{status}", this["status"]);
        Assert.All(["type", "title", "detail", "trace_id"], field => Assert.NotEqual("", this[field]));
        Assert.Equal(status is 429 or 503, Headers.RetryAfter is not null);
        Assert.Equal(status == 400, Json.TryGetProperty("errors", out var errors) && errors.EnumerateObject().Any(field => field.Value.GetArrayLength() > 0));
        Assert.DoesNotContain("   at ", Text, StringComparison.Ordinal);
        return this;
    }

    public ApiAnswer IsOk(int status = 200)
    {
        Assert.True(Code == status, $"{Code} instead of {status}: {Text}");
        return this;
    }
}

/// <summary>What tests of the API share: calls, accounts, and the clock.</summary>
public abstract class ApiTests<TDatabase>
    where TDatabase : TestDatabase, new()
{
    protected const string Sonnet = "claude-sonnet-5-5";
    protected const string Structured = "application/cloudevents+json";
    protected const string Batched = "application/cloudevents-batch+json";

    private readonly ApiOn<TDatabase> _on;
    private readonly HttpClient _client;

    protected ApiTests(ApiOn<TDatabase> on)
    {
        Tools.Require(on.Database.Missing);
        _on = on;
        _client = on.Host.NewClient();
    }

    protected FakeTimeProvider Time => _on.Time;

    /// <summary>A key for everything.</summary>
    protected string Key => _on.Key;

    protected PortalHost Portal => _on.Host;

    protected AccountDoor Door => Portal.Services.GetRequiredService<AccountDoor>();

    protected TDatabase Database => _on.Database;

    /// <summary>A balance without its pace, which is told as of now only.</summary>
    protected static string Unpaced(ApiAnswer balance)
    {
        ArgumentNullException.ThrowIfNull(balance);
        var json = System.Text.Json.Nodes.JsonNode.Parse(balance.Text)!.AsObject();
        json.Remove("pace");
        return json.ToJsonString();
    }

    protected Task<string> NewKey(KeyScopes scopes, int? rate = null) => _on.NewKey(scopes, rate);

    protected static string NewId(string prefix = "t") => $"{prefix}-{Guid.NewGuid():n}"[..20];

    protected Task<ApiAnswer> Get(string path, string? key = null, string? accept = null) => Send(HttpMethod.Get, path, null, key: key, accept: accept);

    protected Task<ApiAnswer> Post(string path, string? body = null, string mediaType = "application/json", string? key = null) => Send(HttpMethod.Post, path, body, mediaType, key);

    protected Task<ApiAnswer> Put(string path, string body, string? key = null) => Send(HttpMethod.Put, path, body, key: key);

    protected async Task<ApiAnswer> Send(
        HttpMethod method, string path, string? body, string? mediaType = "application/json", string? key = null, string? accept = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (key != "")
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key ?? _on.Key}");
        }
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        }
        using var answer = await _client.SendAsync(request);
        return await Read(answer);
    }

    protected static async Task<ApiAnswer> Read(HttpResponseMessage answer) =>
        new(answer.StatusCode, answer.Headers, answer.Content.Headers.ContentType?.MediaType, await answer.Content.ReadAsStringAsync()) { Allow = string.Join(", ", answer.Content.Headers.Allow) };

    /// <summary>An account with an owner of its own; claimed, and with extra usage on up to a cap, if so wished.</summary>
    protected async Task<string> NewAccount(string plan = "pro", bool claimed = false, int? cap = null)
    {
        var key = NewId("acc");
        (await Put($"/v1/accounts/{key}", $$"""{"owner_email": "{{key}}@example.com", "plan": "{{plan}}", "status": "open"}""")).IsOk(201);
        if (claimed)
        {
            await Claim(key);
        }
        if (cap is { } dollars)
        {
            Assert.IsType<ExtraUsageOutcome.Changed>(await Door.Submit(new TurnOnExtraUsage(key, Money.FromDollars(dollars), "agreed", await OwnerOf(key))));
        }
        return key;
    }

    protected async Task Claim(string key) => Assert.IsType<ClaimOutcome.Claimed>(await Door.Submit(new ClaimCredit(key, await OwnerOf(key))));

    protected async Task<Actor> OwnerOf(string key)
    {
        await using var db = Database.Open();
        return Actor.User(await db.Set<Account>().Where(a => a.Key == key).Select(a => a.Owner).SingleAsync());
    }

    protected async Task<int> EntriesOf(string key)
    {
        await using var db = Database.Open();
        return await db.Set<Entry>().CountAsync(e => e.Account == key);
    }

    /// <summary>Output tokens of Sonnet at 10 dollars a million.</summary>
    protected static string Dollars(decimal dollars) => $$"""{"output_tokens": {{dollars * 100_000:0}}}""";

    protected Task<ApiAnswer> Authorize(string account, string id, decimal dollars, string surface = "headless", int ttl = 900) =>
        Post("/v1/authorizations", $$"""{"id": "{{id}}", "account": "{{account}}", "model": "{{Sonnet}}", "surface": "{{surface}}", "max": {{Dollars(dollars)}}, "ttl_seconds": {{ttl}}}""");

    protected Task<ApiAnswer> Settle(string id, decimal dollars) => Post($"/v1/authorizations/{id}/settle", $$"""{"usage": {{Dollars(dollars)}}}""");

    protected static string Event(string account, string id, decimal dollars = 1, string? time = null, string model = Sonnet, string surface = "headless", string? authorization = null, string source = "test") =>
        $$"""
        {"specversion": "1.0", "type": "ai.usage", "source": "{{source}}", "id": "{{id}}", "subject": "{{account}}"{{(time is null ? "" : $", \"time\": \"{time}\"")}},
         "data": {"model": "{{model}}", "surface": "{{surface}}"{{(authorization is null ? "" : $", \"authorization\": \"{authorization}\"")}}, "output_tokens": {{dollars * 100_000:0}} } }
        """;

    protected Task<ApiAnswer> Tell(string body) => Post("/v1/events", body, Structured);
}
