using Microsoft.Playwright;
using Portal.Accounts;
using Portal.Demo;

namespace Portal.Browser;

public sealed class Sessions(DemoPortal portal, ChromiumBrowser browser) : Journey(portal.Host, browser)
{
    /// <summary>An open page asks twice a minute; a busy machine may be late.</summary>
    private const int WithinAMinute = 60_000;

    [Fact]
    public async Task Signing_out_everywhere_closes_the_page_that_is_open_elsewhere_and_says_why()
    {
        var owner = await NewOwner();
        var laptop = await SignedIn(owner.Email);
        var phone = await SignedIn(owner.Email);
        await phone.GotoAsync("/credit");
        await Expect(Button(phone, "Claim $20.00")).ToBeVisibleAsync();

        await laptop.Locator("summary", new() { HasText = owner.Email }).ClickAsync();
        await laptop.GetByRole(AriaRole.Link, new() { Name = "Profile" }).ClickAsync();
        await laptop.GetByRole(AriaRole.Link, new() { Name = "Sessions" }).ClickAsync();
        await Expect(Content(laptop)).ToContainTextAsync("You are signed in 2 times.");
        await Button(laptop, "Sign out everywhere").ClickAsync();
        await Expect(laptop.GetByRole(AriaRole.Status)).ToContainTextAsync("You are signed out everywhere.");

        // The other page still stands, but nothing can be done from it any more.
        await Button(phone, "Claim $20.00").ClickAsync();
        await Expect(Content(phone)).ToContainTextAsync("Nothing was changed.");
        await Expect(phone.GetByRole(AriaRole.Heading, new() { Name = "Sign in", Level = 1 })).ToBeVisibleAsync(new() { Timeout = WithinAMinute });
        await Expect(Content(phone)).ToContainTextAsync("You were signed out everywhere");

        await SignIn(phone, owner.Email, DemoAccounts.Password);
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

        await Expect(first.GetByRole(AriaRole.Heading, new() { Name = "Sign in", Level = 1 })).ToBeVisibleAsync(new() { Timeout = WithinAMinute });
        await Expect(Content(first)).ToContainTextAsync("Your sign-in ended while the page was open.");
    }
}
