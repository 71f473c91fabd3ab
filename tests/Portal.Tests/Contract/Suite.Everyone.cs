using System.Text.Json;
using Portal.Api.Keys;
using Portal.Tests.Contract.Client;

namespace Portal.Tests.Contract;

public abstract partial class ContractSuite<TDatabase>
{
    /// <summary>Every operation that needs a key, and the scope that it needs; none: a personal token.</summary>
    private static readonly (string Operation, KeyScopes Scope)[] Guarded =
    [
        ("POST /v1/events", KeyScopes.Usage), ("POST /api/v1/events", KeyScopes.Usage),
        ("POST /v1/authorizations", KeyScopes.Authorize), ("POST /v1/authorizations/{id}/settle", KeyScopes.Authorize),
        ("POST /v1/authorizations/{id}/release", KeyScopes.Authorize), ("GET /v1/authorizations/{id}", KeyScopes.Authorize),
        ("PUT /v1/accounts/{account}", KeyScopes.Accounts), ("GET /v1/accounts/{account}", KeyScopes.Accounts),
        ("GET /v1/accounts/{account}/balance", KeyScopes.Read), ("GET /v1/accounts/{account}/entries", KeyScopes.Read),
        ("GET /v1/accounts/{account}/statements", KeyScopes.Read), ("GET /v1/accounts/{account}/statements/{period}", KeyScopes.Read), ("GET /v1/charges/{id}", KeyScopes.Read),
        ("GET /v1/balance", KeyScopes.None), ("GET /v1/entries", KeyScopes.None), ("GET /v1/statements", KeyScopes.None),
    ];

    [Fact]
    public async Task Without_a_key_with_one_of_another_scope_and_over_its_rate_nothing_is_answered()
    {
        foreach (var (operation, needs) in Guarded)
        {
            (await Try(world.Client(null), operation)).Problem(401, "unauthorized");
            (await Try(world.Client("portal_gw_mistyped"), operation)).Problem(401, "unauthorized");
            var others = KeyScopes.All & ~needs;
            (await Try(world.Client(await world.Key(others)), operation)).Problem(403, "forbidden");
            var slow = world.Client(await world.Key(KeyScopes.All, rate: 1));
            await Try(slow, operation);
            (await Try(slow, operation)).Problem(429, "too_many_requests");
        }
    }

    [Fact]
    public async Task A_subscribers_token_reads_its_account_and_nothing_of_others()
    {
        var (mine, other) = (await NewAccount(claimed: true), await NewAccount(claimed: true));
        foreach (var account in new[] { mine, other })
        {
            await Charged(account, 1);
        }
        var script = world.Client(await world.Token(mine));
        Assert.Equal((await Gateway.Balance(mine)).Text, (await script.OwnBalance()).Text);
        Assert.Equal((await Gateway.Balance(mine)).Text, (await script.Balance(mine)).Text);
        Assert.Equal((await Gateway.Entries(mine)).Text, (await script.OwnEntries()).Text);
        Assert.Equal((await Gateway.Entries(mine)).Text, (await script.Entries(mine)).Text);
        Assert.Equal((await Gateway.Statements(mine)).Text, (await script.OwnStatements()).Text);
        Assert.Equal((await Gateway.Statements(mine)).Text, (await script.Statements(mine)).Text);
        Assert.Equal(1, (await script.Charge($"{mine}.c1")).Value.ListUsd);
        Assert.Equal("text/csv", (await script.OwnEntries(accept: "text/csv")).MediaType);
        (await script.Balance(other)).Problem(404, "not_found");
        (await script.Entries(other)).Problem(404, "not_found");
        (await script.Statements(other)).Problem(404, "not_found");
        (await script.Charge($"{other}.c1")).Problem(404, "not_found");
        (await script.OwnBalance(world.Now.AddDays(1))).Problem(400, "invalid");
        (await script.OwnBalance(world.Now.AddYears(-1))).Problem(404, "not_found");
        (await script.OwnEntries("limit=0")).Problem(400, "invalid");
        foreach (var (operation, _) in Guarded.Where(g => g.Scope is KeyScopes.Usage or KeyScopes.Authorize or KeyScopes.Accounts))
        {
            (await Try(world.Client(await world.Token(await NewAccount())), operation)).Problem(403, "forbidden");
        }
    }

    [Fact]
    public async Task When_the_queue_is_full_or_the_database_away_callers_are_asked_to_come_again()
    {
        await using var full = world.Full();
        var busy = world.Client(await world.Key(KeyScopes.All), full);
        var account = await NewAccount(claimed: true);
        (await busy.Tell(Usage(account))).Problem(503, "busy");
        (await busy.TellAll([Usage(account)], toOpenMeter: true)).Problem(503, "busy");
        (await busy.Authorize(Ask(account, 1))).Problem(503, "busy");
        (await busy.Settle("any", Use.Dollars(1))).Problem(503, "busy");
        (await busy.Release("any")).Problem(503, "busy");
        (await busy.Put(account, new AccountWanted($"{account}@example.com", "pro"))).Problem(503, "busy");
        Assert.Equal(20, (await busy.Balance(account)).Value.Credit.RemainingUsd);

        await using var homeless = await world.Homeless();
        var lost = world.Client(await world.Key(KeyScopes.All), homeless);
        foreach (var (operation, _) in Guarded)
        {
            (await Try(lost, operation)).Problem(503, "busy");
        }
        (await lost.Rates()).Problem(503, "busy");
        (await lost.Ready()).Problem(503, "busy");
        Assert.Equal(200, (await lost.Live()).Status);
    }

    [Fact]
    public async Task Rates_are_public_dated_and_price_what_is_charged()
    {
        var anyone = world.Client(null);
        var now = (await anyone.Rates()).Value;
        var before = (await anyone.Rates($"at={Uri.EscapeDataString("2026-09-01T00:00:00+02:00")}")).Value;
        Assert.Equal((now.Version, now.EffectiveFrom), (before.Next!.Version, before.Next.EffectiveFrom));
        Assert.Null(now.Next);
        var sonnet = now.Models.Single(m => m.GetProperty("model").GetString() == Sonnet).GetProperty("rates")[0];
        Assert.Equal(("2", "10", "0.1"), (Text("input"), Text("output"), Text("cache_read")));
        Assert.Equal(("0.5", "1.1", "0.01"), (now.Modifiers.GetProperty("batch").GetProperty("all_token_classes").GetString(),
            now.Modifiers.GetProperty("region_us").GetProperty("all_token_classes").GetString(), now.Fees.GetProperty("web_search").GetString()));
        (await anyone.Rates("at=soon")).Problem(400, "invalid");
        (await anyone.Rates("at=2020-01-01T00:00:00Z")).Problem(404, "not_found");

        string? Text(string name) => sonnet.GetProperty(name).GetString();
    }

    [Fact]
    public async Task Health_and_the_document_need_nothing()
    {
        var anyone = world.Client(null);
        Assert.Equal((200, 200), ((await anyone.Live()).Status, (await anyone.Ready()).Status));
        var document = (await anyone.Document()).Value;
        Assert.StartsWith("3.1", document["openapi"], StringComparison.Ordinal);
        Assert.Equal(Guarded.Select(g => g.Operation).Concat(["GET /v1/rates", "GET /health/live", "GET /health/ready"]).Order(),
            from path in document.Json.GetProperty("paths").EnumerateObject()
            from operation in path.Value.EnumerateObject()
            let name = $"{operation.Name.ToUpperInvariant()} {path.Name}"
            orderby name
            select name);
        foreach (var unknown in new[] { "GET /v1/nothing", "GET /v1" })
        {
            Assert.Equal("not_found", JsonDocument.Parse((await anyone.Call(unknown, [])).Text).RootElement.GetProperty("code").GetString());
            world.Seen.TryRemove((unknown, 404), out _);
        }
    }

    private static Task<Answer<JsonElementAnswer>> Try(ContractClient client, string operation)
    {
        var places = operation.Count(c => c == '{') switch { 0 => Array.Empty<string>(), 1 => ["nobody"], _ => ["nobody", "2026-11-10"] };
        var type = operation.EndsWith("/events", StringComparison.Ordinal) ? "application/cloudevents-batch+json" : "application/json";
        var body = operation switch
        {
            "POST /v1/events" or "POST /api/v1/events" => """[{"specversion": "1.0", "type": "ai.usage", "source": "s", "id": "i", "subject": "nobody", "data": {"model": "m", "surface": "chat"}}]""",
            "POST /v1/authorizations" => """{"id": "i", "account": "nobody", "model": "m", "surface": "chat", "max": {}}""",
            "POST /v1/authorizations/{id}/settle" => """{"usage": {}}""",
            "PUT /v1/accounts/{account}" => """{"owner_email": "nobody@example.com", "plan": "none", "status": "open"}""",
            _ => null,
        };
        return client.Call(operation, places, body, type);
    }
}
