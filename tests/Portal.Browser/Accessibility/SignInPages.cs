using Microsoft.Playwright;
using Portal.Demo;

namespace Portal.Browser.Accessibility;

/// <summary>The pages before sign-in, of its further ways, and of the profile.</summary>
public sealed class SignInPages(DemoPortal portal, ChromiumBrowser browser) : AxeJourney(portal, browser)
{
    [Fact]
    public async Task The_pages_of_the_profile_have_no_violation()
    {
        await Look(await SignedIn("pro@example.com"), "pro@example.com", "/profile", "/profile/email", "/profile/password", "/profile/two-factor", "/profile/passkeys", "/profile/sessions", "/profile/data", "/profile/leave");
    }

    [Fact]
    public async Task The_pages_of_a_second_factor_have_no_violation()
    {
        var owner = await NewOwner();
        var page = await SignedIn(owner.Email);
        await page.GotoAsync("/profile/two-factor");
        await TwoFactor.TurnOn(page);
        await Run(page, "the recovery codes");
        await Look(page, "someone who has it on", "/profile/two-factor");

        var next = await NewPage();
        await next.GotoAsync("/sign-in");
        await SignIn(next, owner.Email, DemoAccounts.Password);
        await Expect(next.GetByLabel("Code of six digits")).ToBeVisibleAsync();
        await Look(next, "someone at the second step", "/sign-in/two-factor", "/sign-in/recovery");
    }

    [Fact]
    public async Task The_pages_of_passkeys_have_no_violation()
    {
        var byName = SigningInWithAPasskey.ByName(Host.Address);
        AlsoGoesTo.Add(byName.Authority);
        string At(string path) => new Uri(byName, path).ToString();
        var page = await NewPage();
        await page.GotoAsync(At("/sign-in"));
        await SignIn(page, (await NewOwner()).Email, DemoAccounts.Password);
        await Arrived(page, address => !address.Contains("/sign-in", StringComparison.Ordinal));
        await SigningInWithAPasskey.WithDevice(page);
        await page.GotoAsync(At("/profile/passkeys"));
        await SigningInWithAPasskey.Add(page, "My laptop");
        await Run(page, "a passkey that was just added");
        var one = await page.Locator("a[href^='/profile/passkeys/']").GetAttributeAsync("href");
        await Look(page, "someone who has one", At("/profile/passkeys"), At(one!));

        await page.GotoAsync(At("/profile/passkeys"));
        await page.GetByLabel("Your password").FillAsync("not the password at all");
        await Button(page, "Add a passkey").ClickAsync();
        await Expect(page.GetByText("This is not your password.")).ToBeVisibleAsync();
        await Run(page, "a passkey that was refused");
        NothingWasFound();
    }

    [Fact]
    public async Task The_pages_of_signing_in_with_a_provider_have_no_violation()
    {
        Tools.Require(OpenIdProvider.Missing);
        await using var other = new ProviderPortal();
        await other.InitializeAsync();
        AlsoGoesTo.AddRange([other.Host.Address.Authority, other.Provider.Address.Authority]);
        string At(string path) => new Uri(other.Host.Address, path).ToString();
        var person = await NewOwner(other.Host);
        var page = await NewPage();
        await page.GotoAsync(At("/sign-in"));
        await SigningInWithAProvider.GoThere(page, "somebody");
        await Look(page, "someone whom nobody knows", At("/sign-in"), At("/sign-in/provider/link"), At("/sign-in/provider/failed?why=down"));

        await page.GotoAsync(At("/sign-in/provider/link"));
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in with your password" }).ClickAsync();
        await SignIn(page, person.Email, DemoAccounts.Password);
        await Expect(Button(page, "Link them")).ToBeVisibleAsync();
        await Look(page, "someone who may link", At("/sign-in/provider/link"), At("/profile/sign-in-with"));

        await page.GotoAsync(At("/sign-in/provider/link"));
        await Button(page, "Link them").ClickAsync();
        await Expect(Button(page, "Remove the link")).ToBeVisibleAsync();
        await Look(page, "someone who is linked", At("/profile/sign-in-with?done=linked"));
    }

    [Fact]
    public async Task The_pages_before_sign_in_have_no_violation()
    {
        await Look(await NewPage(), "nobody", "/", "/sign-in", "/sign-in/forgotten", "/sign-in/register", "/sign-in/register/confirm", "/sign-in/locked", "/sign-in/reset", "/sign-in/confirm-email");
    }
}
