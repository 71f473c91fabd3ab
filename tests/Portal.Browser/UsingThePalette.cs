using Microsoft.Playwright;

namespace Portal.Browser;

public sealed class UsingThePalette(DemoPortal portal, ChromiumBrowser browser) : Journey(portal.Host, browser)
{
    [Fact]
    public async Task By_keyboard_alone_it_leads_to_where_the_cap_is_changed_and_changes_nothing()
    {
        var owner = await NewOwnerWithExtraUsage(10);
        var page = await SignedIn(owner.Email);
        await Interactive(page);

        await page.Keyboard.PressAsync("Control+k");
        var search = page.GetByRole(AriaRole.Combobox, new() { Name = "Search pages and decisions" });
        await Expect(search).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("cha cap");
        await Expect(page.GetByRole(AriaRole.Option)).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Extra usage", Level = 1 })).ToBeVisibleAsync();
        await Expect(search).ToBeHiddenAsync();
        await Expect(Content(page)).ToContainTextAsync("$10.00");
        await HasFocus(page.GetByLabel("Cap of each period"));
    }

    [Fact]
    public async Task It_opens_the_dialog_that_decides_and_decides_nothing()
    {
        var page = await SignedIn((await NewOwner()).Email);
        await Interactive(page);
        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("turn extra");
        await page.Keyboard.PressAsync("Enter");

        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("Turn on extra usage?");
        // Escape takes it back as soon as it is seen: also before MudBlazor has moved the focus into it.
        await page.EvaluateAsync("document.activeElement.blur()");
        await page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(Content(page)).ToContainTextAsync("Extra usage is off.");
        await HasFocus(Button(page, "Turn on extra usage"));
    }

    [Fact]
    public async Task What_is_not_there_is_said_and_Escape_gives_the_focus_back()
    {
        var page = await SignedIn((await NewOwner()).Email);
        await Interactive(page);

        await Button(page, "Go to").ClickAsync();
        await page.Keyboard.TypeAsync("zebra");
        await Expect(page.GetByText("Nothing is called that.")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");

        await Expect(page.Locator("[data-palette]")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task The_menu_that_is_open_and_the_focus_stay_when_a_circuit_takes_the_page_over()
    {
        var owner = await NewOwner();
        var page = await SignedIn(owner.Email);
        var held = new TaskCompletionSource();
        // The circuit comes late.
        await page.RouteAsync("**/_blazor/negotiate*", async route =>
        {
            await held.Task;
            await route.ContinueAsync();
        });
        await page.GotoAsync("/");
        await page.Locator("summary", new() { HasText = owner.Email }).ClickAsync();
        await Expect(Button(page, "Sign out")).ToBeVisibleAsync();
        held.SetResult();
        await Interactive(page);

        await Expect(Button(page, "Sign out")).ToBeVisibleAsync();
        await Expect(page.Locator("summary", new() { HasText = owner.Email })).ToBeFocusedAsync();
    }
}
