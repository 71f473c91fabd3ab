using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Portal.Browser;

/// <summary>The history narrowed to what somebody looks for, and the balance as it once stood.</summary>
public sealed class ReadingHistory(DemoPortal portal, ChromiumBrowser browser) : Journey(portal.Host, browser)
{
    [Fact]
    public async Task By_keyboard_alone_the_slider_goes_through_the_period_says_what_brought_each_step_there_and_comes_back_to_now()
    {
        var page = await SignedIn("capped@example.com");
        await Open(page, "/history/balance");
        var slider = page.GetByRole(AriaRole.Slider);
        var cause = page.GetByRole(AriaRole.Region, new() { Name = "What brought it there" });
        await TabTo(page, slider);

        await page.Keyboard.PressAsync("Home");
        await Expect(Content(page)).ToContainTextAsync("$20.00 not claimed then");
        await HasFocus(slider);
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(cause).ToContainTextAsync("Credit claimed");
        await Expect(cause).ToContainTextAsync("+$20.00");
        await HasFocus(slider);
        await Expect(slider).ToHaveAttributeAsync("aria-valuetext", new Regex(@"^\w{3} \d+, \d{4}, \d\d:\d\d:\d\d "));

        await TabTo(page, page.GetByRole(AriaRole.Link, new() { Name = "Next step" }));
        await page.Keyboard.PressAsync("Enter");
        await Expect(cause).Not.ToContainTextAsync("Credit claimed");
        await Expect(cause.GetByRole(AriaRole.Link)).ToHaveAttributeAsync("href", new Regex(@"^/history/demo-capped\.c\d+$"));

        await TabTo(page, page.GetByRole(AriaRole.Link, new() { Name = "Now", Exact = true }));
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/history/balance$"));
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Now", Exact = true })).ToHaveCountAsync(0);
        await Expect(Content(page)).ToContainTextAsync("A request would have been refused then");
    }

    [Fact]
    public async Task Keys_that_come_faster_than_the_answers_all_move_the_slider()
    {
        var page = await SignedIn("capped@example.com");
        await Open(page, "/history/balance");
        var slider = page.GetByRole(AriaRole.Slider);
        await TabTo(page, slider);
        await page.Keyboard.PressAsync("Home");

        for (var hour = 0; hour < 30; hour++)
        {
            await page.Keyboard.PressAsync("ArrowRight");
        }

        await Expect(page.GetByText("Goes to:")).ToHaveCountAsync(0);
        await Expect(slider).ToHaveValueAsync("30");
    }

    [Fact]
    public async Task It_is_narrowed_in_the_address_and_a_charge_is_found_by_its_id()
    {
        var page = await SignedIn("max20x@example.com");
        await page.GotoAsync("/history?kind=bogus");
        await Expect(page.GetByRole(AriaRole.Alert).Or(page.Locator(".notice"))).ToContainTextAsync("“kind” is one of charges, included");
        await Open(page, "/history");

        await page.GetByRole(AriaRole.Navigation, new() { Name = "Kind" }).GetByRole(AriaRole.Link, new() { Name = "Included" }).ClickAsync();
        await page.Locator("summary", new() { HasText = "By model, surface" }).ClickAsync();
        await page.GetByLabel("Surface").SelectOptionAsync("Cowork");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/history\\?kind=included&surface=cowork$"));
        await Expect(Content(page)).ToContainTextAsync("Only Cowork.");
        var lines = page.Locator("table.history tbody tr");
        await Expect(lines.First).ToContainTextAsync("Cowork");
        await Expect(lines.First).ToContainTextAsync("included in your plan, would have cost $");
        Assert.All(await lines.AllInnerTextsAsync(), line => Assert.Contains("Cowork", line, StringComparison.Ordinal));
        await page.GoBackAsync();
        await Expect(page.GetByLabel("Surface")).ToHaveValueAsync("");

        // With no filter of theirs the fields are folded away again.
        await page.Locator("summary", new() { HasText = "By model, surface" }).ClickAsync();
        await page.GetByLabel("Charge id").FillAsync("nonsense");
        await page.Keyboard.PressAsync("Enter");
        await Expect(Content(page)).ToContainTextAsync("That is no charge's id. They look like demo-max20x.c17.");
        await page.GetByLabel("Charge id").FillAsync("demo-max20x.c7");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Charge demo-max20x.c7");
    }
}
