using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.Accounts;

namespace Portal.Browser;

/// <summary>Alerts as somebody meets them: the bell rises on whatever page is open, and the list says the rest.</summary>
public sealed class ReadingAlerts(DemoPortal portal, ChromiumBrowser browser) : Journey(portal.Host, browser)
{
    [Fact]
    public async Task The_bell_rises_while_a_page_is_open_and_the_list_is_read_in_every_tab()
    {
        var owner = await NewOwnerWithExtraUsage(10);
        var page = await SignedIn(owner.Email);
        await Submit(new ReadAlerts(owner.Account, 99, owner.Actor));
        await page.GotoAsync("/credit");
        await Expect(Bell(page, "Alerts, none unread")).ToBeVisibleAsync();
        var other = await page.Context.NewPageAsync();
        await other.GotoAsync("/history");

        await Report(Host, owner.Account, new { output_tokens = 1_500_000 });

        await Expect(Bell(page, "Alerts, 1 unread")).ToBeVisibleAsync();
        await Expect(Bell(other, "Alerts, 1 unread")).ToBeVisibleAsync();
        await Bell(page, "Alerts, 1 unread").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Alerts", Level = 1 })).ToBeVisibleAsync();
        await Expect(Content(page)).ToContainTextAsync("75 % of your credit is used");
        await Expect(Content(page)).ToContainTextAsync("$15.00 of $20.00 is used.");
        await Expect(Bell(page, "Alerts, none unread")).ToBeVisibleAsync();
        await Expect(Bell(other, "Alerts, none unread")).ToBeVisibleAsync();
        await Expect(Content(page)).ToContainTextAsync("e-mail sent");
    }

    [Fact]
    public async Task Percentages_are_changed_with_the_keyboard_alone_and_count_at_once()
    {
        var owner = await NewOwnerWithExtraUsage(10);
        var page = await SignedIn(owner.Email);
        await page.GotoAsync("/alerts");
        await Expect(page.GetByLabel("Refused requests")).ToBeEnabledAsync();
        var field = page.GetByLabel("Percentages of your credit");
        for (var stop = 0; !await field.EvaluateAsync<bool>("element => element === document.activeElement"); stop++)
        {
            Assert.True(stop < 60, "The Tab key does not come to the percentages.");
            await page.Keyboard.PressAsync("Tab");
        }

        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.TypeAsync("10, 101");
        await page.Keyboard.PressAsync("Enter");
        await Expect(field).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(field).ToHaveAccessibleDescriptionAsync(new Regex(Regex.Escape("101 % is out of range: from 1 to 100.")));
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.TypeAsync("10, 60");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Alerts come at 10 and 60 % of your credit.");
        await HasFocus(field);
        var tick = page.GetByLabel("Refused requests");
        await TabTo(page, tick);
        await page.Keyboard.PressAsync("Space");
        await Expect(Content(page)).ToContainTextAsync("“Refused requests” are not mailed any more.");
        await HasFocus(tick);
        await Report(Host, owner.Account, new { output_tokens = 200_000 });
        await Expect(Content(page)).ToContainTextAsync("10 % of your credit is used");
    }

    [Fact]
    public async Task The_link_in_a_mail_turns_its_kind_off_without_a_sign_in()
    {
        var owner = await NewOwnerWithExtraUsage(10);
        var page = await NewPage();
        ILocator mail() => page.GetByRole(AriaRole.Article).Filter(new() { HasText = owner.Email }).Filter(new() { HasText = "Extra usage was turned on" });
        await Eventually.Holds(async () =>
        {
            await page.GotoAsync("/dev/mail");
            return await mail().CountAsync() > 0;
        });

        await mail().Locator("a[href*='/unsubscribe/']").ClickAsync();
        await Expect(Content(page)).ToContainTextAsync("you get no more e-mail of the kind “Extra usage or a cap changed”.");
        await Button(page, "Turn off these e-mails").ClickAsync();
        await Expect(Content(page)).ToContainTextAsync("E-mails of the kind “Extra usage or a cap changed” are off.");

        var signedIn = await SignedIn(owner.Email);
        await signedIn.GotoAsync("/alerts");
        await Expect(signedIn.GetByLabel("Extra usage or a cap changed")).Not.ToBeCheckedAsync();
        await Expect(signedIn.GetByLabel("Refused requests")).ToBeCheckedAsync();
    }

    private static ILocator Bell(IPage page, string name) => page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });
}
