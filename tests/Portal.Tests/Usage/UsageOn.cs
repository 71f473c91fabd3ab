using Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Terms;
using Portal.Tests.Accounts;
using Portal.Tests.SignIn;

namespace Portal.Tests.UsagePages;

/// <summary>
/// An account with two periods behind it, used in every way: included, from credit, spilled, over a cap, moved to credit by a claim,
/// settled after its period's end, by apps of harmless and harmful names; and another account beside it.
/// </summary>
public sealed class UsageOn<TDatabase> : PortalOn<TDatabase>, IAsyncLifetime
    where TDatabase : TestDatabase, new()
{
    public const string Mine = "maya";
    public const string Theirs = "others";

    /// <summary>A spreadsheet would take it for a formula, and a careless reader of CSV for two cells and two lines.</summary>
    public const string Formula = "=HYPERLINK(\"http://example.org\",\"a\")";

    private static readonly string[] Models = ["claude-sonnet-5-5", "claude-haiku-4-5", "claude-opus-5-5", "claude-fable-5-1"];
    private static readonly string[] Surfaces = ["chat", "code", "headless", "ci_action", "third_party_app"];
    private static readonly string?[] Apps = [null, "Editor", Formula, "@sum", "ночь, and day"];

    private FormClient? browser;
    private int events;

    /// <summary>Weeks pass here: none of the application's own timers is to tick for each of their seconds.</summary>
    public TestClock Time { get; } = new(new DateTimeOffset(2026, 10, 3, 10, 0, 0, TimeSpan.Zero));

    public Actor Owner { get; private set; } = Actor.Portal;

    /// <summary>A browser in which the account's owner is signed in.</summary>
    public FormClient Browser => browser ?? throw new InvalidOperationException(Database.Missing);

    protected override HostOptions Options => new() { Time = Time, Settings = new Dictionary<string, string> { ["Portal:Door:SweepSeconds"] = "2592000" } };

    private AccountDoor Door => Host.Services.GetRequiredService<AccountDoor>();

    public new async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        if (Database.Missing is not null)
        {
            return;
        }
        await Host.Services.GetRequiredService<TermsLoader>().Load(Path.Combine(AppContext.BaseDirectory, "Demo", "Terms"));
        var email = await Host.NewSubscriber();
        Owner = Actor.User((await Host.Find(email)).Id);
        await Open(Mine, Owner);
        await Open(Theirs, Actor.User((await Host.Find(await Host.NewSubscriber())).Id));
        await Live();
        browser = new FormClient(Host.Address);
        Assert.Equal(System.Net.HttpStatusCode.Redirect, (await browser.SignIn(email, People.Password)).Status);
    }

    public new async ValueTask DisposeAsync()
    {
        browser?.Dispose();
        await base.DisposeAsync();
    }

    public async Task Use(string model, string surface, string? app, Usage usage, string account = Mine) =>
        Assert.IsType<EventAnswer.Recorded>(await Door.Submit(new RecordUsage(account, "test", $"{account}-{++events}", null, model, surface, app, usage, null, Actor.Portal)));

    private async Task Open(string account, Actor owner)
    {
        Assert.IsType<PutAnswer.Done>(await Door.Submit(new PutAccount(account, owner.UserId!, "pro", null, AccountStatus.Open, Actor.Portal)));
        Assert.IsType<ClaimOutcome.Claimed>(await Door.Submit(new ClaimCredit(account, owner)));
        Assert.IsType<ExtraUsageOutcome.Changed>(await Door.Submit(new TurnOnExtraUsage(account, Money.FromDollars(8), "I agree.", owner)));
        Assert.IsType<ExtraUsageOutcome.Changed>(await Door.Submit(new SetDailyCap(account, Money.FromDollars(3), owner)));
    }

    /// <summary>Fifty days: the second period begins on the thirty-first.</summary>
    private async Task Live()
    {
        var random = new Random(7);
        for (var day = 0; day < 50; day++)
        {
            for (var request = random.Next(6); request > 0; request--)
            {
                var usage = new Usage
                {
                    InputTokens = random.Next(200_000),
                    CacheWrite5mTokens = random.Next(50_000),
                    CacheWrite1hTokens = random.Next(20_000),
                    CacheReadTokens = random.Next(400_000),
                    OutputTokens = random.Next(40_000),
                    WebSearches = random.Next(4),
                };
                await Use(Models[random.Next(Models.Length)], Surfaces[random.Next(Surfaces.Length)], Apps[random.Next(Apps.Length)], usage, random.Next(8) == 0 ? Theirs : Mine);
                Time.Advance(TimeSpan.FromMinutes(random.Next(1, 120)));
            }
            if (day == 30)
            {
                await TurnThePeriod();
            }
            var next = new DateTimeOffset(2026, 10, 4, 0, 0, 0, TimeSpan.Zero).AddDays(day).AddMinutes(random.Next(600));
            Until(next > Time.GetUtcNow() ? next : Time.GetUtcNow());
        }
        Until(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
    }

    /// <summary>A request is held before the period's end and settled after it; the new credit is claimed after extra usage has paid for it.</summary>
    private async Task TurnThePeriod()
    {
        var end = new DateTimeOffset(2026, 11, 3, 10, 0, 0, TimeSpan.Zero);
        var usage = new Usage { OutputTokens = 50_000 };
        Until(end.AddMinutes(-1));
        Assert.IsType<ExtraUsageOutcome.Changed>(await Door.Submit(new SetCap(Mine, Money.FromDollars(10), Owner)));
        Assert.IsType<AuthorizeAnswer.Granted>(await Door.Submit(new Authorize(Mine, new AuthorizationRequest("over-the-end", Models[0], "headless", null, usage, 900), Actor.Portal)));
        Until(end.AddMinutes(5));
        await Use(Models[0], "headless", null, usage);
        Assert.IsType<ClaimOutcome.Claimed>(await Door.Submit(new ClaimCredit(Mine, Owner)));
        Assert.IsType<SettleAnswer.Settled>(await Door.Submit(new Settle("over-the-end", usage, null, Actor.Portal)));
    }

    private void Until(DateTimeOffset instant) => Time.Advance(instant - Time.GetUtcNow());

    /// <summary>The account's charges, for adding up another way.</summary>
    public async Task<List<Charge>> Charges(string account = Mine)
    {
        await using var db = Database.Open();
        return await db.Set<Charge>().AsNoTracking().Where(c => c.Account == account).OrderBy(c => c.Number).ToListAsync();
    }
}
