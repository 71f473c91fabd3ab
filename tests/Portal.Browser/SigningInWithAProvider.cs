using Microsoft.Playwright;
using Portal.Demo;

namespace Portal.Browser;

/// <summary>The application, with the demo's terms, whose people may sign in with a real OpenID Connect provider.</summary>
public sealed class ProviderPortal : PortalOn<SqliteDatabase>, IAsyncLifetime
{
    private OpenIdProvider? provider;

    public OpenIdProvider Provider => provider ?? throw new InvalidOperationException(OpenIdProvider.Missing);

    protected override HostOptions Options => new() { Demo = true, Settings = provider?.Settings ?? [] };

    public new async ValueTask InitializeAsync()
    {
        provider = OpenIdProvider.Missing is null ? await OpenIdProvider.Shared() : null;
        await base.InitializeAsync();
    }
}

/// <summary>Somebody signs in with a provider, in a browser that holds forms to our policy.</summary>
public sealed class SigningInWithAProvider : Journey, IClassFixture<ProviderPortal>
{
    public SigningInWithAProvider(ProviderPortal portal, ChromiumBrowser browser)
        : base(portal.Host, browser)
    {
        Tools.Require(OpenIdProvider.Missing);
        AlsoGoesTo.Add(portal.Provider.Address.Authority);
    }

    [Fact]
    public async Task The_link_is_confirmed_once_and_then_the_button_leads_in()
    {
        var (owner, page) = (await NewOwner(), await NewPage());
        await page.GotoAsync("/sign-in");
        await GoThere(page, owner.Account);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("We do not know this Acme Login sign-in yet");

        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in with your password" }).ClickAsync();
        await SignIn(page, owner.Email, DemoAccounts.Password);
        await Button(page, "Link them").ClickAsync();
        await Expect(page.GetByText("Acme Login signs you in from now on.")).ToBeVisibleAsync();

        var later = await NewPage();
        await later.GotoAsync("/sign-in?returnUrl=%2Fprofile");
        await GoThere(later, owner.Account);
        await Expect(later.GetByText($"You are signed in as {owner.Email}.")).ToBeVisibleAsync();
    }

    /// <summary>Presses the button, and says there who it is.</summary>
    internal static async Task GoThere(IPage page, string subject)
    {
        await Button(page, "Sign in with Acme Login").ClickAsync();
        await Expect(page.GetByText("Who are you?")).ToBeVisibleAsync();
        await page.GotoAsync($"{page.Url}?sub={subject}&email={subject}@example.net&verified=true");
    }
}
