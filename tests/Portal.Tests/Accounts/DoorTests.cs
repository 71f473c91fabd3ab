using Ledger;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Data;
using Portal.SignIn;
using Portal.Terms;
using Portal.Testing;

namespace Portal.Tests.Accounts;

/// <summary>An application with the sample terms, a subscriber, and a clock that only the test moves.</summary>
public sealed class DoorOn<TDatabase> : PortalOn<TDatabase> where TDatabase : TestDatabase, new()
{
    public TestClock Time { get; } = new(new DateTimeOffset(2026, 11, 10, 9, 30, 0, TimeSpan.Zero));

    protected override HostOptions Options => new() { Time = Time, Settings = new Dictionary<string, string> { ["Portal:Door:SweepSeconds"] = "86400" } };

    public HostOptions AnotherInstance => Options;
}

/// <summary>A clock that only the test moves. Timers go by the real one: to live through weeks, nothing has to tick a million times.</summary>
public sealed class TestClock(DateTimeOffset start) : TimeProvider
{
    private DateTimeOffset _now = start;

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan by) => _now += by;
}

/// <summary>What tests of the door share: accounts that are opened through it, and after every test the proof that the ledger adds up.</summary>
public abstract class DoorTests<TDatabase> : IClassFixture<DoorOn<TDatabase>>, IAsyncLifetime where TDatabase : TestDatabase, new()
{
    protected const string Sonnet = "claude-sonnet-5-5";

    private static int _accounts;

    protected DoorTests(DoorOn<TDatabase> portal)
    {
        Tools.Require(portal.Database.Missing);
        Fixture = portal;
    }

    protected DoorOn<TDatabase> Fixture { get; }

    protected TestClock Time => Fixture.Time;

    protected DateTimeOffset Now => Time.GetUtcNow();

    protected AccountDoor Door => Get<AccountDoor>();

    protected static Actor Owner { get; } = Actor.User("owner");

    protected static Actor Support { get; } = Actor.User("support");

    protected static Actor Gateway { get; } = Actor.Key("test");

    protected T Get<T>() where T : notnull => Fixture.Host.Services.GetRequiredService<T>();

    public async ValueTask InitializeAsync()
    {
        await using var db = Fixture.Database.Open();
        if (!await db.Users.AnyAsync(u => u.Id == "owner"))
        {
            await Get<TermsLoader>().Load(Path.Combine(AppContext.BaseDirectory, "Demo", "Terms"));
            var roles = await db.Roles.ToDictionaryAsync(r => r.Name!, r => r.Id);
            foreach (var (id, role) in new[] { ("owner", Roles.Subscriber), ("somebody", Roles.Subscriber), ("support", Roles.Support), ("admin", Roles.Admin), ("admin2", Roles.Admin) })
            {
                db.Users.Add(new User { Id = id, UserName = id, NormalizedUserName = id.ToUpperInvariant(), TwoFactorEnabled = StaffDuty.StaffRoles.Contains(role) });
                db.UserRoles.Add(new IdentityUserRole<string> { RoleId = roles[role], UserId = id });
            }
            await db.SaveChangesAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Assert.Empty(await Get<LedgerCheck>().Broken());
        GC.SuppressFinalize(this);
    }

    /// <summary>A new account of the owner, mid-period.</summary>
    protected async Task<string> Open(string plan = "pro", bool claimed = false, Money? cap = null)
    {
        var key = $"account-{Interlocked.Increment(ref _accounts)}";
        Assert.IsType<PutAnswer.Done>(await Door.Submit(new PutAccount(key, "owner", plan, Now.AddDays(-9), AccountStatus.Open, Gateway)));
        if (claimed)
        {
            Assert.IsType<ClaimOutcome.Claimed>(await Door.Submit(new ClaimCredit(key, Owner)));
        }
        if (cap is { } most)
        {
            Assert.IsType<ExtraUsageOutcome.Changed>(await Door.Submit(new TurnOnExtraUsage(key, most, "I agree.", Owner)));
        }
        return key;
    }

    /// <summary>Usage that costs exactly so many cents: Sonnet's output is a cent a thousand tokens.</summary>
    protected static Usage Cents(int cents) => new() { OutputTokens = cents * 1_000 };

    protected static Authorize Ask(string account, string id, int cents, int ttlSeconds = 900) =>
        new(account, new AuthorizationRequest(id, Sonnet, "headless", null, Cents(cents), ttlSeconds), Gateway);

    protected static RecordUsage Tell(string account, string id, int cents, string? authorization = null) =>
        new(account, "test", id, null, Sonnet, "headless", null, Cents(cents), authorization, Gateway);

    protected async Task<Balance> BalanceOf(string account) => await Get<Balances>().Now(account) ?? throw new InvalidOperationException($"No account {account}.");

    protected async Task<List<T>> Rows<T>(System.Linq.Expressions.Expression<Func<T, bool>> which) where T : class
    {
        await using var db = Fixture.Database.Open();
        return await db.Set<T>().AsNoTracking().Where(which).ToListAsync();
    }
}
