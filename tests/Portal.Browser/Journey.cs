using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Ledger;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Accounts;
using Portal.Demo;
using Portal.SignIn;

namespace Portal.Browser;

/// <summary>
/// What someone does in a browser. After each journey nothing may stand in the browser's console as an error, and no request may
/// have gone anywhere but to the application.
/// </summary>
public abstract class Journey : IAsyncLifetime
{
    private static readonly float Patience = (float)Eventually.Patience.TotalMilliseconds;

    private readonly ChromiumBrowser browser;
    private readonly List<IBrowserContext> contexts = [];
    private readonly ConcurrentQueue<string> complaints = [];

    static Journey() => Assertions.SetDefaultExpectTimeout(Patience);

    protected Journey(PortalHost host, ChromiumBrowser browser)
    {
        Tools.Require(ChromiumBrowser.Missing);
        this.browser = browser;
        Host = host;
    }

    protected PortalHost Host { get; }

    /// <summary>The address that journeys go to.</summary>
    protected virtual Uri Address => Host.Address;

    /// <summary>The other hosts, with their ports, that this journey goes to.</summary>
    protected List<string> AlsoGoesTo { get; } = [];

    /// <summary>Whether what the browser's console says counts. Not while a journey takes away what a page is connected to.</summary>
    protected bool IsTold { get; set; } = true;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        var found = complaints.ToArray();
        foreach (var context in contexts)
        {
            await context.DisposeAsync();
        }

        Assert.True(found.Length == 0, string.Join("\n", found));
        GC.SuppressFinalize(this);
    }

    protected static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    /// <summary>What the page says, without the frame around it.</summary>
    protected static ILocator Content(IPage page) => page.GetByRole(AriaRole.Main);

    protected static ILocator Button(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>Waits until a circuit has taken the page over: what is read or pressed from then on is not drawn anew under the test.</summary>
    protected static Task Interactive(IPage page) => Expect(page.Locator("html[data-interactive]")).ToBeAttachedAsync();

    /// <summary>Goes to a page, until a circuit has taken it over.</summary>
    protected static async Task Open(IPage page, string address)
    {
        ArgumentNullException.ThrowIfNull(page);
        await page.GotoAsync(address);
        await Interactive(page);
    }

    /// <summary>Presses the Tab key until something has the focus.</summary>
    protected static async Task TabTo(IPage page, ILocator target)
    {
        ArgumentNullException.ThrowIfNull(page);
        ArgumentNullException.ThrowIfNull(target);
        await Expect(target).ToBeEnabledAsync();
        for (var stop = 0; !await target.EvaluateAsync<bool>("element => element === document.activeElement"); stop++)
        {
            Assert.True(stop < 60, "The Tab key does not come there.");
            await page.Keyboard.PressAsync("Tab");
        }
    }

    /// <summary>After a press the focus may be on what was pressed, on the answer to it or on a heading, and never nowhere.</summary>
    protected static Task HasFocus(ILocator target) => Expect(target).ToBeFocusedAsync();

    /// <summary>A page in a context of its own, on which nobody is signed in.</summary>
    protected async Task<IPage> NewPage(BrowserNewContextOptions? options = null)
    {
        var context = await browser.NewContext(Address, options);
        contexts.Add(context);
        context.SetDefaultTimeout(Patience);
        var page = await context.NewPageAsync();
        page.Console += (_, message) => Complain(IsTold && message.Type == "error", $"The console says on {page.Url}: {message.Text} {message.Location}");
        page.PageError += (_, error) => Complain(true, $"A script failed on {page.Url}: {error}");
        page.Request += (_, request) => Complain(LeavesTheHost(request.Url), $"{page.Url} asks {request.Url}");
        page.WebSocket += (_, socket) => Complain(LeavesTheHost(socket.Url), $"{page.Url} opens {socket.Url}");
        return page;
    }

    /// <summary>A page on which someone has just signed in.</summary>
    protected async Task<IPage> SignedIn(string email, BrowserNewContextOptions? options = null)
    {
        var page = await NewPage(options);
        await page.GotoAsync("/sign-in");
        await SignIn(page, email, DemoAccounts.Password);
        await Arrived(page, address => !address.Contains("/sign-in", StringComparison.Ordinal));
        return page;
    }

    /// <summary>Waits until a page has come to an address and is loaded. Asks the page, because the event may have been before.</summary>
    protected static async Task Arrived(IPage page, Func<string, bool> there)
    {
        ArgumentNullException.ThrowIfNull(page);
        await page.WaitForURLAsync(there, new() { WaitUntil = WaitUntilState.Commit });
        await page.WaitForFunctionAsync("() => document.readyState === 'complete'");
    }

    protected static async Task SignIn(IPage page, string email, string password)
    {
        await page.GetByLabel("E-mail address").FillAsync(email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(password);
        await Button(page, "Sign in").ClickAsync();
    }

    /// <summary>Someone new, who owns a Pro account of $20.00 credit that is not claimed yet.</summary>
    protected Task<Owner> NewOwner() => NewOwner(Host);

    /// <summary>The same in another application.</summary>
    protected static async Task<Owner> NewOwner(PortalHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        var name = $"journey-{Guid.NewGuid():n}"[..16];
        await using var scope = host.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var user = new User { UserName = $"{name}@example.com", Email = $"{name}@example.com", EmailConfirmed = true };
        // As the demo does it: its password is public, so nobody may choose it.
        user.PasswordHash = users.PasswordHasher.HashPassword(user, DemoAccounts.Password);
        Assert.True((await users.CreateAsync(user)).Succeeded);
        Assert.True((await users.AddToRoleAsync(user, Roles.Subscriber)).Succeeded);
        await host.Services.GetRequiredService<AccountDoor>().Submit(new PutAccount(name, user.Id, "pro", null, AccountStatus.Open, new Actor("journeys")));
        return new Owner(user.Email, name, Actor.User(user.Id));
    }

    /// <summary>Someone new who has claimed, and has extra usage on up to a cap.</summary>
    protected async Task<Owner> NewOwnerWithExtraUsage(long capDollars)
    {
        var owner = await NewOwner();
        await Submit(new ClaimCredit(owner.Account, owner.Actor));
        await Submit(new TurnOnExtraUsage(owner.Account, Money.FromDollars(capDollars), "I agree.", owner.Actor));
        return owner;
    }

    /// <summary>Somebody of support reverses a charge.</summary>
    protected async Task Reverse(string account, long charge, string reason) =>
        Assert.IsType<ReversalOutcome.Reversed>(await Submit(new ReverseCharge(account, charge, reason, null, await Staff("support@example.com"))));

    /// <summary>A staff member of the demo, as commands name them.</summary>
    protected async Task<Actor> Staff(string email)
    {
        await using var scope = Host.Services.CreateAsyncScope();
        var user = await scope.ServiceProvider.GetRequiredService<UserManager<User>>().FindByEmailAsync(email);
        return Actor.User(user!.Id);
    }

    protected Task<TOutcome> Submit<TOutcome>(Command<TOutcome> command)
        where TOutcome : notnull => Host.Services.GetRequiredService<AccountDoor>().Submit(command);

    /// <summary>A gateway's call to an instance.</summary>
    protected static async Task<HttpResponseMessage> Call(PortalHost host, string path, object body, string type = "application/json")
    {
        ArgumentNullException.ThrowIfNull(host);
        using var client = host.NewClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", DemoPortal.GatewayKey);
        using var content = JsonContent.Create(body, new MediaTypeHeaderValue(type));
        return await client.PostAsync(new Uri(path, UriKind.Relative), content);
    }

    /// <summary>A gateway reports use of Sonnet 5.5 by a headless command, through an instance.</summary>
    protected static async Task Report(PortalHost host, string account, object usage)
    {
        var data = System.Text.Json.JsonSerializer.SerializeToNode(usage)!.AsObject();
        data["model"] = "claude-sonnet-5-5";
        data["surface"] = "headless";
        using var answer = await Call(host, "/v1/events", new { specversion = "1.0", type = "ai.usage", source = "journeys", id = $"{Guid.NewGuid():n}", subject = account, data }, "application/cloudevents+json");
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private bool LeavesTheHost(string address) =>
        new Uri(address) is var uri && uri.Scheme is not ("data" or "blob" or "about") && uri.Authority != Address.Authority && !AlsoGoesTo.Contains(uri.Authority);

    private void Complain(bool wrong, string what)
    {
        if (wrong)
        {
            complaints.Enqueue(what);
        }
    }

    /// <summary>Someone and their account.</summary>
    protected sealed record Owner(string Email, string Account, Actor Actor);
}
