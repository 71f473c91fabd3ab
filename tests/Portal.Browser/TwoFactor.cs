using Microsoft.Playwright;
using OtpNet;
using Portal.Demo;

namespace Portal.Browser;

public sealed class TwoFactor(DemoPortal portal, ChromiumBrowser browser) : Journey(portal.Host, browser)
{
    [Fact]
    public async Task They_turn_it_on_sign_out_sign_in_with_a_code_and_the_same_code_is_refused_the_next_time()
    {
        var email = (await NewOwner()).Email;
        var page = await SignedIn(email);
        // A static page: the one after the sign-in may just be coming alive.
        await page.GotoAsync("/profile");
        await page.GetByRole(AriaRole.Link, new() { Name = "Two-factor sign-in" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Img, new() { Name = "Picture of the key, for an authenticator app" })).ToBeVisibleAsync();

        var app = await TurnOn(page);

        await Expect(page.Locator("#recovery-codes li")).ToHaveCountAsync(10);
        var saved = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Save as a file" }).ClickAsync());
        Assert.Equal("recovery-codes.txt", saved.SuggestedFilename);
        await page.GetByRole(AriaRole.Link, new() { Name = "I have kept them" }).ClickAsync();
        await Expect(Content(page)).ToContainTextAsync("All ten are left.");

        // Half a minute early is in time, and it is another code than the one that turned it on.
        var code = app.ComputeTotp(DateTime.UtcNow.AddSeconds(30));
        await SignOut(page, email);
        await SignIn(page, email, DemoAccounts.Password);
        await Enter(page, code);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Overview", Level = 1 })).ToBeVisibleAsync();

        await SignOut(page, email);
        await SignIn(page, email, DemoAccounts.Password);
        await Enter(page, code);
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The code is wrong, or it was used already.");
    }

    [Fact]
    public async Task The_recovery_codes_are_copied_with_one_press()
    {
        var page = await SignedIn((await NewOwner()).Email, new() { Permissions = ["clipboard-read", "clipboard-write"] });
        await page.GotoAsync("/profile/two-factor");
        await TurnOn(page);

        await Button(page, "Copy").ClickAsync();

        await Expect(Content(page)).ToContainTextAsync("Copied.");
        var shown = await page.Locator("#recovery-codes li").AllInnerTextsAsync();
        Assert.Equal(shown, (await page.EvaluateAsync<string>("navigator.clipboard.readText()")).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>Types the code of the key that the page shows; the recovery codes stand on the page then.</summary>
    internal static async Task<Totp> TurnOn(IPage page)
    {
        var app = new Totp(Base32Encoding.ToBytes((await page.Locator("code.key").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal)));
        await page.GetByLabel("The code that the app shows now").FillAsync(app.ComputeTotp());
        await page.Keyboard.PressAsync("Enter");
        await Expect(Content(page)).ToContainTextAsync("Two-factor sign-in is on.");
        return app;
    }

    private static async Task Enter(IPage page, string code)
    {
        await page.GetByLabel("Code of six digits").FillAsync(code);
        await Button(page, "Sign in").ClickAsync();
    }

    /// <summary>From a static page: an interactive one may just be coming alive.</summary>
    private static async Task SignOut(IPage page, string email)
    {
        await page.GotoAsync("/profile");
        await page.Locator("summary", new() { HasText = email }).ClickAsync();
        await Button(page, "Sign out").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("You are signed out.");
    }
}
