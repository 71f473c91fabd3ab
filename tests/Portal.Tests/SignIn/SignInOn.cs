using Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Data;
using Portal.SignIn;
using Portal.SignIn.Sessions;
using Portal.Terms;
using Portal.Tests.Accounts;

namespace Portal.Tests.SignIn;

/// <summary>
/// An application with the sample terms and a clock that only the test moves. It begins now, because the times in mailed links and in a
/// browser's cookies are the framework's own.
/// </summary>
public class SignInOn<TDatabase> : PortalOn<TDatabase>, IAsyncLifetime where TDatabase : TestDatabase, new()
{
    public TestClock Time { get; } = new(Period.ToMicrosecond(TimeProvider.System.GetUtcNow()));

    protected override HostOptions Options => new() { Time = Time, Settings = new Dictionary<string, string> { ["Portal:Door:SweepSeconds"] = "86400" } };

    public new async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        if (Database.Missing is null)
        {
            await Host.Services.GetRequiredService<TermsLoader>().Load(Path.Combine(AppContext.BaseDirectory, "Demo", "Terms"));
        }
    }
}

/// <summary>Tests of people's sign-ins, on an application as it is without further settings.</summary>
public abstract class SignInTest<TDatabase>(SignInOn<TDatabase> portal) : SignInSteps<TDatabase>(portal), IClassFixture<SignInOn<TDatabase>>
    where TDatabase : TestDatabase, new();

/// <summary>What tests of people's sign-ins share.</summary>
public abstract class SignInSteps<TDatabase> where TDatabase : TestDatabase, new()
{
    protected SignInSteps(SignInOn<TDatabase> portal)
    {
        Tools.Require(portal.Database.Missing);
        (Host, Database, Time) = (portal.Host, portal.Database, portal.Time);
    }

    protected PortalHost Host { get; }

    protected TDatabase Database { get; }

    protected TestClock Time { get; }

    protected AccountDoor Door => Host.Services.GetRequiredService<AccountDoor>();

    /// <summary>A browser in which someone has just signed in, a second after whatever was before.</summary>
    protected async Task<FormClient> SignedIn(string email, bool remember = false, string password = People.Password)
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        var browser = new FormClient(Host.Address);
        var answer = await browser.SignIn(email, password, remember: remember);
        Assert.Equal(System.Net.HttpStatusCode.Found, answer.Status);
        return browser;
    }

    /// <summary>Someone with the role Subscriber and an account on Pro.</summary>
    protected async Task<(string Email, string Account)> NewOwner()
    {
        var email = await Host.NewSubscriber();
        var account = $"account-{Guid.NewGuid():n}";
        var user = await Host.Find(email);
        Assert.IsType<PutAnswer.Done>(await Door.Submit(new PutAccount(account, user.Id, "pro", null, Ledger.AccountStatus.Open, Actor.Key("test"))));
        return (email, account);
    }

    /// <summary>Who gives a command from a page of the session that this person opened last.</summary>
    protected async Task<Actor> LatestActor(string email)
    {
        var user = await Host.Find(email);
        var session = (await Rows<SignInSession>(s => s.UserId == user.Id)).MaxBy(s => s.SignedInAt)!;
        return Actor.User(user.Id, session: session.Id);
    }

    protected async Task<List<T>> Rows<T>(System.Linq.Expressions.Expression<Func<T, bool>> which) where T : class
    {
        await using var db = Database.Open();
        return await db.Set<T>().AsNoTracking().Where(which).ToListAsync();
    }

    /// <summary>What the audit says about a person, oldest first.</summary>
    protected async Task<List<AuditRecord>> Audit(string email)
    {
        var subject = SignInAudit.Subject((await Host.Find(email)).Id);
        return [.. (await Rows<AuditRecord>(r => r.Subject == subject)).OrderBy(r => r.Id)];
    }
}
