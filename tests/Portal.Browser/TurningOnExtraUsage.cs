using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Portal.Browser;

public sealed class TurningOnExtraUsage(DemoPortal portal, ChromiumBrowser browser) : Journey(portal.Host, browser)
{
    [Fact]
    public async Task The_button_says_the_cap_and_turns_it_on_with_it()
    {
        var page = await SignedIn((await NewOwner()).Email);
        await page.GotoAsync("/extra-usage");
        await Button(page, "Turn on extra usage").ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Cap of each period").FillAsync("25");

        await Button(page, "Turn on with $25.00 cap").ClickAsync();

        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Extra usage is on with a cap of $25.00.");
        await Expect(Content(page)).ToContainTextAsync("$0.00 of your $25.00 cap is used");
        await Expect(Content(page)).ToContainTextAsync("Extra usage turned on with a cap of $25.00");
    }

    [Theory]
    [InlineData("12,50", "Use a point for cents: 12.50.")]
    [InlineData("2000.01", "At most $2,000.00: your plan's largest cap.")]
    public async Task Without_a_good_cap_it_cannot_be_turned_on(string typed, string answer)
    {
        var page = await SignedIn((await NewOwner()).Email);
        await page.GotoAsync("/extra-usage");
        await Button(page, "Turn on extra usage").ClickAsync();

        await AnswersAtTheField(page, page.GetByRole(AriaRole.Dialog).GetByLabel("Cap of each period"), typed, answer);

        await Expect(Button(page, "Turn on")).ToBeDisabledAsync();
        await page.ReloadAsync();
        await Expect(Content(page)).ToContainTextAsync("Extra usage is off.");
    }

    [Theory]
    [InlineData("-5", "An amount cannot be below zero.")]
    [InlineData("ten", "That is not an amount. Write it like 25 or 25.00.")]
    [InlineData("0", "Enter more than $0.00.")]
    public async Task A_bad_cap_leaves_the_cap_as_it_is(string typed, string answer)
    {
        var page = await SignedIn((await NewOwnerWithExtraUsage(10)).Email);
        await page.GotoAsync("/extra-usage");
        await Expect(Button(page, "Turn off extra usage")).ToBeEnabledAsync();

        await AnswersAtTheField(page, page.GetByLabel("Cap of each period"), typed, answer);
        await Button(page, "Set cap").ClickAsync();

        await Expect(page.GetByLabel("Cap of each period")).ToHaveAccessibleDescriptionAsync(new Regex(Regex.Escape(answer)));
        await page.ReloadAsync();
        await Expect(Content(page)).ToContainTextAsync("$0.00 of your $10.00 cap is used");
    }

    private static async Task AnswersAtTheField(IPage page, ILocator field, string typed, string answer)
    {
        await field.FillAsync(typed);
        await page.Keyboard.PressAsync("Tab");
        await Expect(field).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(field).ToHaveAccessibleDescriptionAsync(new Regex(Regex.Escape(answer)));
    }
}
