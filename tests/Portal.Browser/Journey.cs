using Microsoft.Playwright;
using Portal.Demo;

namespace Portal.Browser;

/// <summary>What someone of the demo does in a browser. Each class has an application and a database of its own.</summary>
public abstract class Journey : IClassFixture<DemoPortal>, IAsyncLifetime
{
    private readonly ChromiumBrowser browser;
    private readonly List<IBrowserContext> contexts = [];

    protected Journey(DemoPortal portal, ChromiumBrowser browser)
    {
        Tools.Require(ChromiumBrowser.Missing);
        this.browser = browser;
        Host = portal.Host;
    }

    protected PortalHost Host { get; }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var context in contexts)
        {
            await context.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>A page in a context of its own, on which nobody is signed in.</summary>
    protected async Task<IPage> NewPage(BrowserNewContextOptions? options = null)
    {
        var context = await browser.NewContext(Host.Address, options);
        contexts.Add(context);
        return await context.NewPageAsync();
    }

    /// <summary>A page on which someone of the demo has just signed in.</summary>
    protected async Task<IPage> SignedIn(string email, BrowserNewContextOptions? options = null)
    {
        var page = await NewPage(options);
        await page.GotoAsync("/sign-in");
        await page.GetByLabel("E-mail address").FillAsync(email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(DemoAccounts.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.WaitForURLAsync(address => !address.Contains("/sign-in", StringComparison.Ordinal));
        return page;
    }
}
