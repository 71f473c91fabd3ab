using Microsoft.Playwright;

namespace Portal.Browser.Accessibility;

/// <summary>What opens above a page or answers a press.</summary>
public sealed class Dialogs(DemoPortal portal, ChromiumBrowser browser) : AxeJourney(portal, browser)
{
    [Fact]
    public async Task The_dialog_that_turns_extra_usage_on_has_no_violation()
    {
        var page = await SignedIn("pro@example.com", new() { ReducedMotion = ReducedMotion.Reduce });
        await page.GotoAsync("/extra-usage");
        await Button(page, "Turn on extra usage").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();

        await LookAtThis(page, "the dialog");

        NothingWasFound();
    }

    [Fact]
    public async Task Compared_plans_and_the_questions_about_a_plan_have_no_violation()
    {
        var page = await SignedIn("max5x@example.com", new() { ReducedMotion = ReducedMotion.Reduce });
        await page.GotoAsync("/plan");
        await Button(page, "Compare the plans").ClickAsync();
        await Expect(page.Locator(".compared table")).ToHaveCountAsync(3);
        await LookAtThis(page, "/plan with compared plans");
        foreach (var question in new[] { "Upgrade to Max 20x", "Keep Max 5x", "Cancel your plan" })
        {
            await Button(page, question).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
            await LookAtThis(page, $"the question {question}");
            await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Back" }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        }

        NothingWasFound();
    }

    [Fact]
    public async Task A_token_that_was_just_made_has_no_violation_nor_has_the_question_before_it_is_revoked()
    {
        var page = await SignedIn((await NewOwner()).Email, new() { ReducedMotion = ReducedMotion.Reduce });
        await page.GotoAsync("/keys");
        await Expect(Button(page, "Make token")).ToBeEnabledAsync();
        await page.GetByLabel("Name").FillAsync("nightly report");
        await Button(page, "Make token").ClickAsync();
        await Expect(Button(page, "Copy token")).ToBeVisibleAsync();
        await LookAtThis(page, "/keys with a new token");

        await Button(page, "Revoke nightly report").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await LookAtThis(page, "/keys before a token is revoked");

        NothingWasFound();
    }

    [Fact]
    public async Task The_palette_and_the_places_behind_More_have_no_violation()
    {
        var page = await SignedIn("pro@example.com", new() { ReducedMotion = ReducedMotion.Reduce });
        await Interactive(page);
        await page.Keyboard.PressAsync("Control+k");
        await Expect(page.GetByRole(AriaRole.Combobox)).ToBeFocusedAsync();
        await LookAtThis(page, "the palette");
        await page.Keyboard.PressAsync("Escape");
        await page.Locator("summary", new() { HasText = "More" }).ClickAsync();
        await LookAtThis(page, "the places behind More");

        NothingWasFound();
    }
}
