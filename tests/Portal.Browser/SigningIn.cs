using Microsoft.Playwright;

namespace Portal.Browser;

public sealed class SigningIn(DemoPortal portal, ChromiumBrowser browser) : Journey(portal, browser)
{
    [Fact]
    public async Task With_the_right_password_they_are_in()
    {
        var page = await SignedIn("pro@example.com");
        await Assertions.Expect(page.GetByText("pro@example.com").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task With_a_wrong_password_they_stay_out_and_are_told()
    {
        var page = await NewPage();
        await page.GotoAsync("/sign-in");
        await page.GetByLabel("E-mail address").FillAsync("pro@example.com");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync("not this one");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("You are not signed in.")).ToBeVisibleAsync();
    }
}
