using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Api.Keys;
using Portal.SignIn;
using Portal.Terms;

namespace Portal.Tests.Accounts;

/// <summary>SIGKILL in the middle of traffic loses nothing that was acknowledged, and repeats of what was not answered charge nothing twice.</summary>
public abstract class KillTests<TDatabase>
    where TDatabase : TestDatabase, new()
{
    private const int Clients = 16;
    private const int Kills = 3;

    private static readonly string[] _accounts = [.. Enumerable.Range(1, 6).Select(n => $"killed-{n}")];

    private readonly ConcurrentBag<Request> _requests = [];
    private int _ids;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_when_Portal_is_killed()
    {
        await using var database = new TDatabase();
        Tools.Require(database.Missing);
        await database.Create();
        string key;
        await using (var host = PortalHost.Start(database))
        {
            key = await Prepare(host);
        }
        var open = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var portal = await PortalProcess.Start(database);
            using var client = Caller(portal.NewClient(), key);
            await RepeatUnanswered(client);
            var traffic = Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => SendUntilNobodyAnswers(client)));
            await Task.Delay(TimeSpan.FromSeconds(1));
            await portal.Kill();
            await traffic;
            open += _requests.Count(r => r.Charge is null);
        }
        Assert.True(open > 0, "No kill met a request on its way.");

        await using var after = PortalHost.Start(database);
        await EveryAcknowledgedChargeIsThere(database);
        using var last = Caller(after.NewClient(), key);
        await RepeatUnanswered(last);
        Assert.All(_requests, r => Assert.NotNull(r.Charge));
        await EveryRequestHasOneCharge(database);
        await SumsAreEqual(after);
        Assert.Empty(await after.Services.GetRequiredService<LedgerCheck>().Broken());
    }

    private static async Task<string> Prepare(PortalHost host)
    {
        var services = host.Services;
        await services.GetRequiredService<TermsLoader>().Load(Path.Combine(AppContext.BaseDirectory, "Demo", "Terms"));
        await using var scope = services.CreateAsyncScope();
        var owner = await scope.ServiceProvider.GetRequiredService<Invitations>().FindOrCreate("owner@example.org", Roles.Subscriber);
        var (door, by) = (services.GetRequiredService<AccountDoor>(), Actor.User(owner.Id));
        foreach (var account in _accounts)
        {
            Assert.IsType<PutAnswer.Done>(await door.Submit(new PutAccount(account, owner.Id, "pro", null, AccountStatus.Open, Actor.Key("test"))));
            await door.Submit(new ClaimCredit(account, by));
            Assert.IsType<ExtraUsageOutcome.Changed>(await door.Submit(new TurnOnExtraUsage(account, Money.FromDollars(100), "I agree.", by)));
        }
        return (await services.GetRequiredService<GatewayKeys>().Create("traffic", KeyScopes.All)).Secret;
    }

    private static HttpClient Caller(HttpClient client, string key)
    {
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    private async Task SendUntilNobodyAnswers(HttpClient client)
    {
        while (true)
        {
            var number = Interlocked.Increment(ref _ids);
            var request = new Request($"kill-{number}", _accounts[number % _accounts.Length], number % 2 == 0, 10 + (number % 90));
            _requests.Add(request);
            if (!await request.TrySend(client))
            {
                return;
            }
        }
    }

    private async Task RepeatUnanswered(HttpClient client) =>
        await Parallel.ForEachAsync(_requests.Where(r => r.Charge is null), new ParallelOptions { MaxDegreeOfParallelism = Clients },
            async (request, _) => Assert.True(await request.TrySend(client), $"{request.Id} was not answered, though nothing was killed."));

    /// <summary>Before anything is repeated, so that no repeat can put right what was lost.</summary>
    private async Task EveryAcknowledgedChargeIsThere(TDatabase database)
    {
        var stored = await Stored(database);
        foreach (var request in _requests.Where(r => r.Charge is not null))
        {
            Assert.True(stored[request.Id].Count() == 1, $"{request.Id} was answered, and has {stored[request.Id].Count()} charges.");
            Assert.Equal(request.Charge, Figures.Of(stored[request.Id].Single()));
        }
    }

    private async Task EveryRequestHasOneCharge(TDatabase database)
    {
        var stored = await Stored(database);
        Assert.Equal(_requests.Count, stored.Count);
        Assert.All(_requests, r => Assert.Equal(r.Charge, Figures.Of(Assert.Single(stored[r.Id]))));
    }

    private async Task SumsAreEqual(PortalHost host)
    {
        foreach (var account in _requests.GroupBy(r => r.Account))
        {
            var balance = (await host.Services.GetRequiredService<Balances>().Now(account.Key))!;
            Assert.Equal(Money.Sum(account, r => r.Charge!.Credit), balance.Credit.Used);
            Assert.Equal(Money.Sum(account, r => r.Charge!.Extra), balance.ExtraUsage.Used);
        }
    }

    private static async Task<ILookup<string, Charge>> Stored(TDatabase database)
    {
        await using var db = database.Open();
        return (await db.Set<Charge>().AsNoTracking().ToListAsync()).ToLookup(c => c.EventId ?? c.Authorization!);
    }

    /// <summary>What an answer says of a charge, and the database has to say still.</summary>
    private sealed record Figures(string Id, Money List, Money Credit, Money Extra, Money Uncollected)
    {
        public static Figures Of(Charge charge) => new($"{charge.Account}.c{charge.Number}", charge.List, charge.Credit, charge.Extra, charge.Uncollected);

        public static Figures Of(JsonElement charge)
        {
            Money Amount(string name) => Money.Parse(charge.GetProperty(name).GetString()!);
            return new(charge.GetProperty("id").GetString()!, Amount("list_usd"), Amount("credit_usd"), Amount("extra_usd"), Amount("uncollected_usd"));
        }
    }

    /// <summary>One piece of use, told as an event or authorized and settled. Sent again, it says the same with the same id.</summary>
    private sealed record Request(string Id, string Account, bool IsEvent, int Tokens)
    {
        public Figures? Charge { get; private set; }

        private bool IsAuthorized { get; set; }

        /// <summary>Whether Portal answered to the end.</summary>
        public async Task<bool> TrySend(HttpClient client)
        {
            try
            {
                Charge = IsEvent ? await Tell(client) : await AuthorizeAndSettle(client);
                return true;
            }
            catch (Exception gone) when (gone is HttpRequestException { StatusCode: null } or IOException)
            {
                return false;
            }
        }

        private async Task<Figures> Tell(HttpClient client) => Figures.Of((await Post(client, "/v1/events", "application/cloudevents+json",
            $$"""
            {"specversion": "1.0", "type": "ai.usage", "source": "kill", "id": "{{Id}}", "subject": "{{Account}}",
             "data": {"model": "claude-sonnet-5-5", "surface": "headless", "output_tokens": {{Tokens}} } }
            """)).GetProperty("results")[0].GetProperty("charge"));

        private async Task<Figures> AuthorizeAndSettle(HttpClient client)
        {
            if (!IsAuthorized)
            {
                await Post(client, "/v1/authorizations", "application/json",
                    $$"""{"id": "{{Id}}", "account": "{{Account}}", "model": "claude-sonnet-5-5", "surface": "headless", "max": {"output_tokens": {{2 * Tokens}} } }""");
                IsAuthorized = true;
            }
            return Figures.Of((await Post(client, $"/v1/authorizations/{Id}/settle", "application/json", $$$"""{"usage": {"output_tokens": {{{Tokens}}} } }""")).GetProperty("charge"));
        }

        private static async Task<JsonElement> Post(HttpClient client, string path, string mediaType, string body)
        {
            using var content = new StringContent(body, Encoding.UTF8, mediaType);
            using var answer = await client.PostAsync(new Uri(path, UriKind.Relative), content);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Created, $"{(int)answer.StatusCode}: {text}");
            using var json = JsonDocument.Parse(text);
            return json.RootElement.Clone();
        }
    }
}

public sealed class KillTestsOnSqlite : KillTests<SqliteDatabase>;

public sealed class KillTestsOnPostgres : KillTests<PostgresDatabase>;
