using Microsoft.Playwright;

namespace Portal.Browser;

public sealed class ChangingThePlan(DemoPortal portal, ChromiumBrowser browser) : Journey(portal.Host, browser)
{
    [Fact]
    public async Task The_keyboard_alone_upgrades_downgrades_and_keeps()
    {
        var page = await SignedIn((await NewOwner()).Email);
        await page.GotoAsync("/plan");
        await Expect(Button(page, "Upgrade to Max 5x")).ToBeEnabledAsync();

        await TabTo(page, Button(page, "Upgrade to Max 5x"));
        await page.Keyboard.PressAsync("Enter");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("Upgrade to Max 5x?");
        var confirm = dialog.GetByRole(AriaRole.Button, new() { NameRegex = new("^Upgrade for \\$80\\.00 now$") });
        await TabTo(page, confirm);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Your plan is Max 5x now.");
        await Expect(dialog).ToHaveCountAsync(0);
        await HasFocus(page.GetByRole(AriaRole.Status));

        await TabTo(page, Button(page, "Change to Pro"));
        await page.Keyboard.PressAsync("Enter");
        await TabTo(page, dialog.GetByRole(AriaRole.Button, new() { NameRegex = new("^Change for \\$20\\.00 a month from ") }));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Pro counts from");

        await TabTo(page, Button(page, "Keep Max 5x"));
        await page.Keyboard.PressAsync("Enter");
        await Expect(dialog).ToContainTextAsync("Keep Max 5x?");
        // The dialog takes the focus a moment after it is drawn.
        await TabTo(page, dialog.GetByRole(AriaRole.Button, new() { Name = "Back" }));
        await page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(Content(page)).ToContainTextAsync("Pro counts from");
        await HasFocus(Button(page, "Keep Max 5x"));
    }

    [Fact]
    public async Task Plans_are_compared_on_the_demos_own_use()
    {
        var page = await SignedIn("capped@example.com");
        await Open(page, "/plan");
        await page.GetByRole(AriaRole.Radio, new() { Name = "off", Exact = true }).CheckAsync();
        await Button(page, "Compare the plans").PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Max 20x" }).Nth(1)).ToBeVisibleAsync();
        await Expect(Content(page)).ToContainTextAsync("On Pro, your plan, your last 3 periods would have cost $20.00 a month;");
        await Expect(Content(page)).ToContainTextAsync("On Max 20x your last 3 periods would have cost $200.00 a month; nothing would have been refused.");
        await HasFocus(page.GetByRole(AriaRole.Heading, new() { Name = "Compare on your own use" }));
    }

    [Fact]
    public async Task Two_tabs_agree_and_the_one_that_was_behind_asks_again()
    {
        var owner = await NewOwner();
        var first = await SignedIn(owner.Email);
        await first.GotoAsync("/plan");
        await Button(first, "Upgrade to Max 5x").ClickAsync();
        await Expect(first.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        var second = await first.Context.NewPageAsync();
        await second.GotoAsync("/plan");
        await Button(second, "Upgrade to Max 20x").ClickAsync();
        await second.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { NameRegex = new("^Upgrade for") }).ClickAsync();
        await Expect(second.GetByRole(AriaRole.Status)).ToContainTextAsync("Your plan is Max 20x now.");

        await first.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { NameRegex = new("^Upgrade for") }).ClickAsync();

        await Expect(first.GetByRole(AriaRole.Dialog)).ToContainTextAsync("It would be other than you were shown by now.");
        await Expect(first.GetByRole(AriaRole.Dialog)).ToContainTextAsync("$200.00 → $100.00");
        await first.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Back" }).ClickAsync();
        await Expect(Content(first)).ToContainTextAsync("You have Max 20x since");
    }
}
