using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Portal.Browser.ChromiumBrowser))]

namespace Portal.Browser;

/// <summary>The machine's own Chromium (without a window where it has that: a third of the work), one for all journeys; each journey has a context (cookies, size, theme) of its own.</summary>
public sealed class ChromiumBrowser : IAsyncDisposable
{
    private static readonly string? Program = Tools.OnPath("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    private readonly Lazy<Task<(IPlaywright Playwright, IBrowser Browser)>> started = new(Start);

    /// <summary>Why there is no browser on this machine; null: there is.</summary>
    public static string? Missing =>
        Program is null ? "Chromium is missing: install the browser of your distribution (Debian: chromium)." : null;

    /// <summary>A fresh context on an application: nobody is signed in.</summary>
    public async Task<IBrowserContext> NewContext(Uri address, BrowserNewContextOptions? options = null)
    {
        Tools.Require(Missing);
        var (_, browser) = await started.Value;
        return await browser.NewContextAsync(new BrowserNewContextOptions(options ?? new()) { BaseURL = address.ToString() });
    }

    public async ValueTask DisposeAsync()
    {
        if (started.IsValueCreated)
        {
            var (playwright, browser) = await started.Value;
            await browser.DisposeAsync();
            playwright.Dispose();
        }
    }

    private static async Task<(IPlaywright Playwright, IBrowser Browser)> Start()
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Program,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        return (playwright, browser);
    }
}
