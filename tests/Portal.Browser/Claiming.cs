using Microsoft.Playwright;

namespace Portal.Browser;

public sealed class Claiming(DemoPortal portal, ChromiumBrowser browser) : Journey(portal.Host, browser)
{
    [Fact]
    public async Task One_click_claims_and_the_balance_moves()
    {
        var page = await SignedIn((await NewOwner()).Email);
        await page.GotoAsync("/credit");
        await Expect(Content(page)).ToContainTextAsync("$20.00 waits for you to claim it.");

        await Button(page, "Claim $20.00").ClickAsync();

        await IsClaimed(page);
        await page.GotoAsync("/");
        await Expect(Content(page)).ToContainTextAsync("You have $20.00 of your $20.00");
    }

    [Fact]
    public async Task The_keyboard_alone_claims_and_sets_the_cap()
    {
        var page = await SignedIn((await NewOwner()).Email);
        await page.GotoAsync("/credit");
        await TabTo(page, Button(page, "Claim $20.00"));
        await page.Keyboard.PressAsync("Enter");
        await IsClaimed(page);
        await HasFocus(page.GetByRole(AriaRole.Status));
        var every = page.GetByLabel("Claim for me every period");
        await TabTo(page, every);
        await page.Keyboard.PressAsync("Space");
        await Expect(Content(page)).ToContainTextAsync("From the next period on, your credit is claimed for you.");
        await HasFocus(every);

        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("extra usage");
        await page.Keyboard.PressAsync("Enter");
        await TabTo(page, Button(page, "Turn on extra usage"));
        await page.Keyboard.PressAsync("Enter");
        await Write(page, page.GetByRole(AriaRole.Dialog).GetByLabel("Cap of each period"), "30");
        await TabTo(page, Button(page, "Turn on with $30.00 cap"));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Expect(Content(page)).ToContainTextAsync("$0.00 of your $30.00 cap is used");
        await HasFocus(page.GetByRole(AriaRole.Status));

        await Write(page, page.GetByLabel("Cap of each period"), "40");
        await Expect(Content(page)).ToContainTextAsync("$30.00 → $40.00. The worst case this period: $40.00 of extra usage.");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.GetByRole(AriaRole.Status).Filter(new() { HasText = "Your cap is $40.00." })).ToBeVisibleAsync();
        await HasFocus(page.GetByLabel("Cap of each period"));
        await Expect(Content(page)).ToContainTextAsync("$0.00 of your $40.00 cap is used");
    }

    [Fact]
    public async Task What_was_claimed_in_one_tab_is_claimed_in_the_other()
    {
        var first = await SignedIn((await NewOwner()).Email);
        await Open(first, "/credit");
        var second = await first.Context.NewPageAsync();
        await Open(second, "/");
        await Expect(Button(second, "Claim $20.00")).ToBeVisibleAsync();

        await Button(first, "Claim $20.00").ClickAsync();

        await IsClaimed(first);
        await Expect(Content(second)).ToContainTextAsync("You have $20.00 of your $20.00");
        await Expect(Button(second, "Claim $20.00")).ToHaveCountAsync(0);
    }

    private static async Task Write(IPage page, ILocator field, string amount)
    {
        await TabTo(page, field);
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.TypeAsync(amount);
    }

    private static async Task IsClaimed(IPage page)
    {
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("$20.00 of credit is yours to use until");
        await Expect(Content(page)).ToContainTextAsync("$20.00 of $20.00 is left.");
        await Expect(Button(page, "Claim $20.00")).ToHaveCountAsync(0);
    }
}
