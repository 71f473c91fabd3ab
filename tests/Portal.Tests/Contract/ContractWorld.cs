using System.Collections.Concurrent;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Portal.Accounts;
using Portal.Api.Keys;
using Portal.Keys;
using Portal.Terms;
using Portal.Tests.Contract.Client;
using IHostedService = Microsoft.Extensions.Hosting.IHostedService;

namespace Portal.Tests.Contract;

/// <summary>
/// A provider that begins with nothing but its terms, and what the contract has no call for: what an operator types, and what a subscriber
/// presses. Only here does the suite touch the application itself.
/// </summary>
public sealed class ContractWorld<TDatabase> : PortalOn<TDatabase>, IAsyncLifetime
    where TDatabase : TestDatabase, new()
{
    /// <summary>The programme of the demo, and a day on which it is paused and refuses.</summary>
    private const string Programme =
        """
        {"programme": [
           {"from": "2026-05-14T00:00:00Z", "status": "announced", "programmatic_use": "included"},
           {"from": "2026-06-15T00:00:00Z", "status": "active", "claim_mode": "each_period", "programmatic_use": "metered"},
           {"from": "2027-06-01T00:00:00Z", "status": "paused", "programmatic_use": "refused"},
           {"from": "2027-06-02T00:00:00Z", "status": "active", "claim_mode": "each_period", "programmatic_use": "metered"}],
        """;

    private readonly HashSet<HttpClient> clients = [];

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 10, 10, 0, 0, TimeSpan.Zero));

    public DateTimeOffset Now => Time.GetUtcNow();

    /// <summary>Every operation and status that was answered.</summary>
    public ConcurrentDictionary<(string Operation, int Status), bool> Seen { get; } = [];

    /// <summary>The chapters that were told.</summary>
    public HashSet<string> Told { get; } = [];

    /// <summary>The provider's gateway.</summary>
    public ContractClient Gateway { get; private set; } = null!;

    protected override HostOptions Options => OptionsAt(Time);

    public new async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        if (Database.Missing is null)
        {
            await LoadTerms();
            Gateway = Client(await Key(KeyScopes.All));
        }
    }

    public new async ValueTask DisposeAsync()
    {
        foreach (var client in clients)
        {
            client.Dispose();
        }
        await base.DisposeAsync();
    }

    public ContractClient Client(string? key, PortalHost? host = null)
    {
        var client = (host ?? Host).NewClient();
        clients.Add(client);
        return new ContractClient(client, key, (operation, status) => Seen[(operation, status)] = true);
    }

    public async Task<string> Key(KeyScopes scopes, int? rate = null) => (await Host.Services.GetRequiredService<GatewayKeys>().Create("contract", scopes, rate)).Secret;

    /// <summary>What an owner does on their pages.</summary>
    public async Task Claim(string account) => Assert.IsType<ClaimOutcome.Claimed>(await Submit(new ClaimCredit(account, await Owner(account))));

    public async Task TurnOnExtraUsage(string account, long cap) =>
        Assert.IsType<ExtraUsageOutcome.Changed>(await Submit(new TurnOnExtraUsage(account, Money.FromDollars(cap), "I agree.", await Owner(account))));

    /// <summary>The same on another day's instance.</summary>
    public async Task ClaimOn(PortalHost host, string account, long cap)
    {
        var (door, owner) = (host.Services.GetRequiredService<AccountDoor>(), await Owner(account));
        Assert.IsType<ClaimOutcome.Claimed>(await door.Submit(new ClaimCredit(account, owner)));
        Assert.IsType<ExtraUsageOutcome.Changed>(await door.Submit(new TurnOnExtraUsage(account, Money.FromDollars(cap), "I agree.", owner)));
    }

    /// <summary>What support does.</summary>
    public async Task Reverse(string account, long charge) => Assert.IsType<ReversalOutcome.Reversed>(await Submit(new ReverseCharge(account, charge, "A mistake.", null, Actor.User("support"))));

    public async Task CapDay(string account, long cap) => Assert.IsType<ExtraUsageOutcome.Changed>(await Submit(new SetDailyCap(account, Money.FromDollars(cap), await Owner(account))));

    public async Task CapModel(string account, string model, long cap) =>
        Assert.IsType<ExtraUsageOutcome.Changed>(await Submit(new SetModelCap(account, model, Money.FromDollars(cap), await Owner(account))));

    public async Task<string> Token(string account) =>
        Assert.IsType<MakeTokenOutcome.Made>(await Host.Services.GetRequiredService<PersonalTokens>().Make(account, "script", 365, await Owner(account))).Secret;

    /// <summary>The same provider on a later day: another instance on its database, whose clock says so.</summary>
    public async Task<(PortalHost Host, ContractClient Gateway)> On(DateTimeOffset day)
    {
        var host = PortalHost.Start(Database, OptionsAt(new FakeTimeProvider(day)));
        return (host, Client(await Key(KeyScopes.All), host));
    }

    /// <summary>An instance whose queue is full.</summary>
    public PortalHost Full()
    {
        var host = PortalHost.Start(Database, OptionsAt(Time) with
        {
            Settings = new Dictionary<string, string> { ["Portal:Door:Lanes"] = "1", ["Portal:Door:QueueCapacity"] = "1", ["Portal:Door:SweepSeconds"] = "2592000" },
            Services = services => services.Remove(services.Single(s => s.ServiceType == typeof(IHostedService) && s.ImplementationFactory is Func<IServiceProvider, AccountDoor>)),
        });
        _ = host.Services.GetRequiredService<AccountDoor>().Submit(new Wake("nobody"));
        return host;
    }

    /// <summary>An instance whose database has gone.</summary>
    public async Task<PortalHost> Homeless()
    {
        var database = new TDatabase();
        await database.Create();
        var host = PortalHost.Start(database, OptionsAt(Time));
        await database.DisposeAsync();
        return host;
    }

    private static HostOptions OptionsAt(TimeProvider time) => new() { Time = time, Settings = new Dictionary<string, string> { ["Portal:Door:SweepSeconds"] = "2592000" } };

    private Task<TOutcome> Submit<TOutcome>(Command<TOutcome> command) where TOutcome : notnull => Host.Services.GetRequiredService<AccountDoor>().Submit(command);

    private async Task<Actor> Owner(string account)
    {
        await using var db = Database.Open();
        return Actor.User(await db.Set<Account>().Where(a => a.Key == account).Select(a => a.Owner).SingleAsync());
    }

    private async Task LoadTerms()
    {
        using var folder = new TemporaryFolder();
        var demo = Path.Combine(AppContext.BaseDirectory, "Demo", "Terms");
        foreach (var name in new[] { "plans.json", "rate-card.json" })
        {
            File.Copy(Path.Combine(demo, name), folder.File(name));
        }
        var rest = await File.ReadAllTextAsync(Path.Combine(demo, "programme.json"));
        await File.WriteAllTextAsync(folder.File("programme.json"), Programme + rest[rest.IndexOf("\"surfaces\"", StringComparison.Ordinal)..]);
        await Host.Services.GetRequiredService<TermsLoader>().Load(folder.Path);
    }
}
