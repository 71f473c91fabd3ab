using System.Net.Http.Headers;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Api.Keys;
using Portal.SignIn;
using Portal.Terms;
using Portal.Tests.SignIn;

namespace Portal.Tests.Security;

/// <summary>An application with two subscribers who have an account and a charge each, with staff, and with a key of every single scope.</summary>
public sealed class WalkOn : PortalOn<SqliteDatabase>, IAsyncLifetime
{
    public const string Mine = "walk-mine";
    public const string Theirs = "walk-theirs";

    public Actor Owner { get; private set; } = Actor.Portal;

    public Actor Other { get; private set; } = Actor.Portal;

    public Actor Support { get; private set; } = Actor.Portal;

    public Actor Admin { get; private set; } = Actor.Portal;

    /// <summary>The day on which both accounts were opened, and so their period began.</summary>
    public DateOnly Opened { get; private set; }

    public string OwnerEmail { get; private set; } = "";

    public string OtherEmail { get; private set; } = "";

    /// <summary>A client for each caller of the table, by the name that it has there.</summary>
    public Dictionary<string, HttpClient> Callers { get; } = [];

    /// <summary>With a provider to sign in with, which nobody asks here: its routes are walked too.</summary>
    protected override HostOptions Options => new()
    {
        Settings = new Dictionary<string, string>
        {
            ["Portal:SignIn:OpenIdConnect:Authority"] = "http://127.0.0.1:1",
            ["Portal:SignIn:OpenIdConnect:ClientId"] = "portal",
            ["Portal:SignIn:OpenIdConnect:ClientSecret"] = "the-secret-of-portal",
            ["Portal:SignIn:OpenIdConnect:DisplayName"] = "Acme Login",
        },
    };

    public new async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Host.Services.GetRequiredService<TermsLoader>().Load(Path.Combine(AppContext.BaseDirectory, "Demo", "Terms"));
        (OwnerEmail, Owner) = await SignIn("own", Roles.Subscriber);
        (OtherEmail, Other) = await NewUser(Roles.Subscriber);
        (_, Support) = await SignIn("support", Roles.Support);
        (_, Admin) = await SignIn("admin", Roles.Admin);
        await OpenAccount(Mine, Owner);
        await OpenAccount(Theirs, Other);
        await using (var db = Database.Open())
        {
            Opened = Period.DayOf(await db.Set<Account>().Where(a => a.Key == Theirs).Select(a => a.Anchor).SingleAsync());
        }

        Callers["nobody"] = Host.NewClient();
        foreach (var scope in new[] { KeyScopes.Usage, KeyScopes.Authorize, KeyScopes.Accounts, KeyScopes.Read })
        {
            Callers[$"{scope}"] = WithKey((await Host.Services.GetRequiredService<GatewayKeys>().Create($"{scope}", scope)).Secret);
        }
        Callers["wrong"] = WithKey("a key that nobody ever made");
    }

    public new async ValueTask DisposeAsync()
    {
        foreach (var caller in Callers.Values)
        {
            caller.Dispose();
        }
        await base.DisposeAsync();
    }

    private HttpClient WithKey(string secret)
    {
        var client = Host.NewClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        return client;
    }

    private async Task<(string Email, Actor Actor)> NewUser(string role)
    {
        var email = await Host.NewUser(role);
        return (email, Actor.User((await Host.Find(email)).Id));
    }

    private async Task<(string Email, Actor Actor)> SignIn(string caller, string role)
    {
        var (email, actor) = await NewUser(role);
        using var form = new FormClient(Host.Address);
        Assert.Equal(System.Net.HttpStatusCode.Redirect, (await form.SignIn(email, People.Password)).Status);
        var client = Host.NewClient();
        client.DefaultRequestHeaders.Add("Cookie", form.Cookies.GetCookieHeader(Host.Address));
        Callers[caller] = client;
        return (email, actor);
    }

    /// <summary>An open account with one charge, one authorization to settle and one to release.</summary>
    private async Task OpenAccount(string account, Actor owner)
    {
        var (door, by) = (Host.Services.GetRequiredService<AccountDoor>(), Actor.Key("test"));
        Assert.IsType<PutAnswer.Done>(await door.Submit(new PutAccount(account, owner.UserId!, "pro", null, AccountStatus.Open, by)));
        Assert.IsType<ExtraUsageOutcome.Changed>(await door.Submit(new TurnOnExtraUsage(account, Money.FromDollars(20), "I agree.", owner)));
        var usage = new Usage { OutputTokens = 1_000 };
        Assert.IsType<EventAnswer.Recorded>(await door.Submit(new RecordUsage(account, "test", account, null, "claude-sonnet-5-5", "headless", null, usage, null, by)));
        foreach (var id in new[] { $"{account}-settle", $"{account}-release" })
        {
            Assert.IsType<AuthorizeAnswer.Granted>(await door.Submit(new Authorize(account, new AuthorizationRequest(id, "claude-sonnet-5-5", "headless", null, usage, 900), by)));
        }
    }
}
