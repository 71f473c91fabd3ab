using Microsoft.Playwright;
using Portal.Demo;

namespace Portal.Browser;

public sealed class SigningIn(DemoPortal portal, ChromiumBrowser browser) : Journey(portal.Host, browser)
{
    [Fact]
    public async Task With_a_wrong_password_they_are_told_with_the_right_one_they_are_in_and_then_out_again()
    {
        const string email = "pro@example.com";
        var page = await NewPage();
        await page.GotoAsync("/sign-in");

        await SignIn(page, email, "not this one");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("You are not signed in.");

        await SignIn(page, email, DemoAccounts.Password);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Overview", Level = 1 })).ToBeVisibleAsync();

        // On a page without circuit: where one takes over just now, it closes a menu that was open before.
        await page.GotoAsync("/profile");
        await page.Locator("summary", new() { HasText = email }).ClickAsync();
        await Button(page, "Sign out").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("You are signed out.");

        await page.GotoAsync("/credit");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in", Level = 1 })).ToBeVisibleAsync();
    }
}
