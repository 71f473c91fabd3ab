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
    public async Task The_keyboard_alone_is_enough()
    {
        var page = await SignedIn((await NewOwner()).Email);
        await page.GotoAsync("/credit");
        var claim = Button(page, "Claim $20.00");
        await Expect(claim).ToBeEnabledAsync();

        for (var stop = 0; !await HasFocus(claim); stop++)
        {
            Assert.True(stop < 30, "The Tab key does not come to the claim.");
            await page.Keyboard.PressAsync("Tab");
        }

        await page.Keyboard.PressAsync("Enter");

        await IsClaimed(page);
    }

    private static async Task IsClaimed(IPage page)
    {
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("$20.00 of credit is yours to use until");
        await Expect(Content(page)).ToContainTextAsync("$20.00 of $20.00 is left.");
        await Expect(Button(page, "Claim $20.00")).ToHaveCountAsync(0);
    }

    private static Task<bool> HasFocus(ILocator locator) => locator.EvaluateAsync<bool>("element => element === document.activeElement");
}
