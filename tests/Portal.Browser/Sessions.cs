using Microsoft.Playwright;
using Portal.Accounts;
using Portal.Demo;

namespace Portal.Browser;

public sealed class Sessions(DemoPortal portal, ChromiumBrowser browser) : Journey(portal.Host, browser)
{
    [Fact]
    public async Task With_a_new_password_they_sign_out_everywhere_which_closes_the_page_that_is_open_elsewhere()
    {
        var owner = await NewOwner();
        const string password = "quite another long password";
        var laptop = await SignedIn(owner.Email);
        await laptop.Locator("summary", new() { HasText = owner.Email }).ClickAsync();
        await laptop.GetByRole(AriaRole.Link, new() { Name = "Profile" }).ClickAsync();
        await laptop.GetByRole(AriaRole.Link, new() { Name = "Password" }).ClickAsync();
        await ChangePassword(laptop, "not this one", password);
        await Expect(laptop.GetByRole(AriaRole.Alert)).ToBeFocusedAsync();
        await Expect(laptop.GetByRole(AriaRole.Alert)).ToContainTextAsync("This is not your password.");
        await ChangePassword(laptop, DemoAccounts.Password, password);
        await Expect(laptop.GetByRole(AriaRole.Status)).ToContainTextAsync("Your password is changed.");

        var phone = await NewPage();
        await phone.GotoAsync("/sign-in?returnUrl=/credit");
        await SignIn(phone, owner.Email, password);
        await Expect(Button(phone, "Claim $20.00")).ToBeVisibleAsync();
        await laptop.GetByRole(AriaRole.Link, new() { Name = "Sessions" }).ClickAsync();
        await Expect(Content(laptop)).ToContainTextAsync("You are signed in 2 times.");
        await Button(laptop, "Sign out everywhere").ClickAsync();
        await Expect(laptop.GetByRole(AriaRole.Status)).ToContainTextAsync("You are signed out everywhere.");

        // The other page still stands, but nothing can be done from it any more.
        await Button(phone, "Claim $20.00").ClickAsync();
        await Expect(Content(phone)).ToContainTextAsync("Nothing was changed.");
        await Expect(phone.GetByRole(AriaRole.Heading, new() { Name = "Sign in", Level = 1 })).ToBeVisibleAsync();
        await Expect(Content(phone)).ToContainTextAsync("You were signed out everywhere");

        await SignIn(phone, owner.Email, password);
        await Expect(phone.GetByRole(AriaRole.Heading, new() { Name = "Credit", Level = 1 })).ToBeVisibleAsync();
        await Expect(Button(phone, "Claim $20.00")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Signing_out_in_one_tab_closes_the_other_also_where_a_page_is_for_everyone()
    {
        var owner = await NewOwner();
        var first = await SignedIn(owner.Email);
        await Expect(first.GetByRole(AriaRole.Heading, new() { Name = "Overview", Level = 1 })).ToBeVisibleAsync();
        var second = await first.Context.NewPageAsync();
        await second.GotoAsync("/profile");

        await second.Locator("summary", new() { HasText = owner.Email }).ClickAsync();
        await Button(second, "Sign out").ClickAsync();

        // An open page asks twice a minute.
        await Expect(first.GetByRole(AriaRole.Heading, new() { Name = "Sign in", Level = 1 })).ToBeVisibleAsync();
        await Expect(Content(first)).ToContainTextAsync("Your sign-in ended while the page was open.");
    }

    private static async Task ChangePassword(IPage page, string present, string password)
    {
        await page.GetByLabel("Present password").FillAsync(present);
        await page.GetByLabel("New password").FillAsync(password);
        await page.GetByLabel("The same password again").FillAsync(password);
        await Button(page, "Change my password").ClickAsync();
    }
}
