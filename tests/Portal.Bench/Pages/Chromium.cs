using Microsoft.Playwright;
using Portal.Testing;

namespace Portal.Bench.Pages;

/// <summary>The machine's own Chromium, without a window.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<Chromium> Start()
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Tools.OnPath("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chromium-headless-shell")
                ?? throw new InvalidOperationException("Chromium is missing: install the browser of your distribution (Debian: chromium)."),
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        return new Chromium(playwright, browser);
    }

    /// <summary>A browser of its own: an empty cache, and the cookies of <paramref name="state"/>.</summary>
    public Task<IBrowserContext> NewContext(RunningApp app, string? state = null) =>
        _browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = app.Address.ToString(), StorageState = state });

    /// <summary>Signs in to Portal, and returns the cookies of it.</summary>
    public async Task<string> SignIn(RunningApp app, string email, string password)
    {
        await using var context = await NewContext(app);
        var page = await context.NewPageAsync();
        await page.GotoAsync("/sign-in");
        await page.GetByLabel("E-mail address").FillAsync(email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.WaitForURLAsync(address => !address.Contains("/sign-in", StringComparison.Ordinal));
        return await context.StorageStateAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
