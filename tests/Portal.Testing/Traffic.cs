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
using Portal.Data;
using Portal.SignIn;
using Portal.Terms;

namespace Portal.Testing;

/// <summary>
/// Gateways that use money through the API while everything breaks around them: whoever gets no answer, or is asked to come back, repeats the same call. At the
/// end what they were told is compared, to the nano, with what is stored.
/// </summary>
/// <param name="accounts">How many accounts are used.</param>
public sealed class Traffic(int accounts)
{
    private const int AtOnce = 16;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly string[] _accounts = [.. Enumerable.Range(1, accounts).Select(n => $"traffic-{n}")];
    private readonly ConcurrentBag<Request> _requests = [];
    private int _ids;

    /// <summary>The gateways' key.</summary>
    public string Key { get; private set; } = "";

    /// <summary>How many requests there were.</summary>
    public int Requests => _requests.Count;

    /// <summary>How many of them were told their charge.</summary>
    public int Answered => _requests.Count(r => r.Charge is not null);

    /// <summary>How often a call got no answer, or was asked to come back.</summary>
    public int Repeats => _requests.Sum(r => r.Failures);

    /// <summary>Terms, a key, and accounts with credit and extra usage.</summary>
    public async Task Prepare(IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(services);
        await services.GetRequiredService<TermsLoader>().Load(Path.Combine(AppContext.BaseDirectory, "Demo", "Terms"));
        await using var scope = services.CreateAsyncScope();
        var owner = await scope.ServiceProvider.GetRequiredService<Invitations>().FindOrCreate("owner@example.org", Roles.Subscriber);
        var (door, by) = (services.GetRequiredService<AccountDoor>(), Actor.User(owner.Id));
        foreach (var account in _accounts)
        {
            await door.Submit(new PutAccount(account, owner.Id, "pro", null, AccountStatus.Open, Actor.Key("test")));
            await door.Submit(new ClaimCredit(account, by));
            await door.Submit(new TurnOnExtraUsage(account, Money.FromDollars(100), "I agree.", by));
        }
        Key = (await services.GetRequiredService<GatewayKeys>().Create("traffic", KeyScopes.All)).Secret;
    }

    /// <summary>A caller with the gateways' key.</summary>
    public HttpClient Caller(HttpClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        client.Timeout = TimeSpan.FromSeconds(30);
        return client;
    }

    /// <summary>Sends until it is stopped; each request to any of the callers, again and again until it is answered.</summary>
    public Task Run(Func<IReadOnlyList<HttpClient>> callers, CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async worker =>
    {
        while (!stop.IsCancellationRequested)
        {
            var request = New(isEvent: null);
            while (!stop.IsCancellationRequested && !await request.TrySend(Any(callers(), worker + request.Failures)))
            {
                await Task.Delay(Pause, CancellationToken.None);
            }
        }
    }));

    /// <summary>Sends what was not answered once more; nothing is broken any more, so everything is answered.</summary>
    private async Task RepeatUnanswered(HttpClient caller) => await Parallel.ForEachAsync(
        _requests.Where(r => r.Charge is null), new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
        async (request, _) =>
        {
            while (!await request.TrySend(caller))
            {
                await Task.Delay(Pause, CancellationToken.None);
            }
        });

    /// <summary>So many events, each told once the one before was answered: no two share a commit.</summary>
    public async Task OneAfterTheOther(HttpClient caller, int events)
    {
        for (var i = 0; i < events; i++)
        {
            var request = New(isEvent: true);
            while (!await request.TrySend(caller))
            {
                await Task.Delay(Pause, CancellationToken.None);
            }
        }
    }

    /// <summary>
    /// What is not as it should be once all is over, in words: compared before anything is repeated, so that no repeat can put right what was lost; then once
    /// everybody has repeated and has an answer; and every account is folded.
    /// </summary>
    public async Task<IReadOnlyList<string>> Wrong(TestDatabase database)
    {
        await using var after = PortalHost.Start(database);
        await using var db = await after.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        var lost = await Differences(db);
        using var caller = Caller(after.NewClient());
        await RepeatUnanswered(caller);
        return [.. lost, .. await Differences(db), .. await after.Services.GetRequiredService<LedgerCheck>().Broken()];
    }

    /// <summary>What is stored otherwise than callers were told, in words; of those who were not told yet only that they are charged once at most.</summary>
    private async Task<List<string>> Differences(PortalDb db)
    {
        var stored = (await db.Set<Charge>().AsNoTracking().Where(c => c.Account.StartsWith("traffic-")).ToListAsync()).ToLookup(c => c.EventId ?? c.Authorization!);
        var differences = new List<string>();
        foreach (var request in _requests)
        {
            var charges = stored[request.Id].ToList();
            if (charges.Count > 1 || (charges.Count == 0 && request.Charge is not null))
            {
                differences.Add($"{request.Id} was told {request.Charge?.Id ?? "nothing"}, and has {charges.Count} charges.");
            }
            else if (request.Charge is not null && Figures.Of(charges[0]) is var figures && figures != request.Charge)
            {
                differences.Add($"{request.Id} was told {request.Charge}, and stored is {figures}.");
            }
        }
        var known = _requests.Select(r => r.Id).ToHashSet();
        differences.AddRange(stored.Where(charge => !known.Contains(charge.Key)).Select(charge => $"{charge.Key} was charged, and nobody asked for it."));
        return differences;
    }

    /// <summary>The next piece of use: an event, authorized use, or (null) one after the other.</summary>
    private Request New(bool? isEvent)
    {
        var number = Interlocked.Increment(ref _ids);
        var request = new Request($"traffic-{number}", _accounts[number % _accounts.Length], isEvent ?? number % 2 == 0, 10 + (number % 90));
        _requests.Add(request);
        return request;
    }

    private static HttpClient Any(IReadOnlyList<HttpClient> callers, int which) => callers[which % callers.Count];

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

        public int Failures { get; private set; }

        private bool IsAuthorized { get; set; }

        /// <summary>Whether Portal answered to the end.</summary>
        public async Task<bool> TrySend(HttpClient client)
        {
            try
            {
                Charge = IsEvent ? await Tell(client) : await AuthorizeAndSettle(client);
                return true;
            }
            catch (Exception gone) when (gone is HttpRequestException or IOException or TaskCanceledException)
            {
                Failures++;
                return false;
            }
        }

        private async Task<Figures> Tell(HttpClient client) => Figures.Of((await Post(client, "/v1/events", "application/cloudevents+json",
            $$"""
            {"specversion": "1.0", "type": "ai.usage", "source": "traffic", "id": "{{Id}}", "subject": "{{Account}}",
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
            if (answer.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests)
            {
                throw new HttpRequestException("Asked to come back.", null, answer.StatusCode);
            }
            if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.Created))
            {
                throw new InvalidOperationException($"{(int)answer.StatusCode} for {path}: {text}");
            }
            using var json = JsonDocument.Parse(text);
            return json.RootElement.Clone();
        }
    }
}

/// <summary>A network that loses some answers after the server gave them.</summary>
/// <param name="oneIn">Of how many answers one is lost.</param>
public sealed class LossyNetwork(int oneIn) : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false })
{
    private int _answers;
    private int _lost;

    /// <summary>How many answers were lost.</summary>
    public int Lost => _lost;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken);
        if (Interlocked.Increment(ref _answers) % oneIn != 0)
        {
            return answer;
        }
        Interlocked.Increment(ref _lost);
        answer.Dispose();
        throw new HttpRequestException("The answer was lost.");
    }
}
