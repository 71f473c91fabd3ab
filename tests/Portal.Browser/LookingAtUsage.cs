using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Portal.Browser;

/// <summary>What was used, filtered, gone back from, read by keyboard and taken along.</summary>
public sealed class LookingAtUsage(DemoPortal portal, ChromiumBrowser browser) : Journey(portal.Host, browser)
{
    [Fact]
    public async Task Filters_stand_in_the_address_so_going_back_and_loading_again_show_the_same()
    {
        var page = await SignedIn("max20x@example.com");
        await page.GetByRole(AriaRole.Link, new() { Name = "The last 30 days" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Usage" })).ToBeVisibleAsync();
        var all = await Total(page).InnerTextAsync();
        await page.EvaluateAsync("window.isTheSamePage = true");

        await Tab(page, "Group by", "Model").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Most used, by model" })).ToBeVisibleAsync();
        await page.GetByLabel("Pool").SelectOptionAsync("Paid by credit");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/usage\\?range=30d&by=model&paid=credit$"));
        await Expect(Total(page)).Not.ToHaveTextAsync(all);
        var some = await Total(page).InnerTextAsync();

        await page.ReloadAsync();
        await Expect(Total(page)).ToHaveTextAsync(some);
        await Expect(page.GetByLabel("Pool")).ToHaveValueAsync("credit");
        await page.GoBackAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/usage\\?range=30d&by=model$"));
        await Expect(Total(page)).ToHaveTextAsync(all);
        await Expect(page.GetByLabel("Pool")).ToHaveValueAsync("");
        await page.GoBackAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Who paid", Exact = true })).ToBeVisibleAsync();
        await page.GoForwardAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Most used, by model" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_year_of_days_reaches_the_circuit_and_new_use_moves_the_page()
    {
        var owner = await NewOwnerWithExtraUsage(10);
        await Report(Host, owner.Account, new { output_tokens = 1_900_000 });
        var page = await SignedIn(owner.Email);
        var today = TimeProvider.System.GetUtcNow();
        await page.GotoAsync($"/usage?from={today.AddDays(-364):yyyy-MM-dd}&to={today.AddDays(1):yyyy-MM-dd}&by=surface");
        await Expect(Content(page)).ToContainTextAsync("Headless command: $19.00, 100 %");

        await Report(Host, owner.Account, new { output_tokens = 250_000 });

        await Expect(Content(page)).ToContainTextAsync("$21.50 was paid at API rates: $20.00 by credit, $1.50 as extra usage.");
        await Expect(Content(page)).ToContainTextAsync("Headless command: $21.50, 100 %");
    }

    [Fact]
    public async Task The_exports_are_downloaded_with_the_totals_of_the_screen()
    {
        var page = await SignedIn("max20x@example.com");
        await Open(page, "/usage?range=90d&by=app&paid=programmatic");
        var shown = await Total(page).Locator("data").First.GetAttributeAsync("value");

        foreach (var format in (string[])["CSV", "JSON"])
        {
            var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = $"Export {format}" }).ClickAsync());
            Assert.Matches($"^demo-max20x-usage-\\d{{4}}-\\d\\d-\\d\\d-to-\\d{{4}}-\\d\\d-\\d\\d\\.{format.ToLowerInvariant()}$", download.SuggestedFilename);
            using var reader = new StreamReader(await download.CreateReadStreamAsync());
            var text = await reader.ReadToEndAsync();
            var total = format == "CSV"
                ? text.TrimEnd().Split("\r\n")[^1].Split(',')[^5]
                : System.Text.Json.JsonDocument.Parse(text).RootElement.GetProperty("totals").GetProperty("list_usd").GetString();
            Assert.Equal(shown, total);
            Assert.True(decimal.Parse(total!, CultureInfo.InvariantCulture) > 0);
            await Expect(page.Locator("#export-said")).ToHaveTextAsync($"{download.SuggestedFilename} is whole, {Math.Round(text.Length / 1000.0, MidpointRounding.AwayFromZero)} KB, and goes where your browser saves files.");
        }
    }

    [Fact]
    public async Task An_export_that_is_not_made_says_so_and_saves_no_file()
    {
        var page = await SignedIn("max20x@example.com");
        await Open(page, "/usage");
        page.Download += (_, download) => Assert.Fail($"{download.SuggestedFilename} was saved.");
        await page.RouteAsync("**/usage/export.csv*", route => route.FulfillAsync(new() { ContentType = "text/plain", Body = "This export was not made. “by” is one of model, surface, app." }));

        await page.GetByRole(AriaRole.Link, new() { Name = "Export CSV" }).ClickAsync();

        await Expect(page.Locator("#export-said")).ToHaveTextAsync("This export was not made. “by” is one of model, surface, app. Nothing was changed.");
    }

    [Fact]
    public async Task By_keyboard_alone_the_days_are_read_as_a_table_and_opened_in_the_history()
    {
        var owner = await NewOwnerWithExtraUsage(10);
        await Report(Host, owner.Account, new { output_tokens = 100_000 });
        var page = await SignedIn(owner.Email);
        await Open(page, "/usage");
        var table = Button(page, "Table");
        await Expect(table).ToBeVisibleAsync();
        for (var tries = 0; tries < 60 && !await table.EvaluateAsync<bool>("e => e === document.activeElement"); tries++)
        {
            await page.Keyboard.PressAsync("Tab");
        }
        var figure = page.GetByRole(AriaRole.Figure);
        for (var tries = 0; tries < 20 && await figure.GetByRole(AriaRole.Table).CountAsync() == 0; tries++)
        {
            // The circuit may not stand yet, and then nothing hears the key.
            await page.Keyboard.PressAsync("Enter");
            await page.WaitForTimeoutAsync(250);
        }
        await Expect(figure.GetByRole(AriaRole.Table)).ToContainTextAsync("$1.00");
        await page.Keyboard.PressAsync("Tab");
        await Expect(figure.GetByRole(AriaRole.Region)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/history\\?from=\\d{4}-\\d\\d-\\d\\d&to=\\d{4}-\\d\\d-\\d\\d&zone=utc$"));
        await Expect(Content(page)).ToContainTextAsync("−$1.00");
        await Expect(Content(page)).ToContainTextAsync("Days begin at midnight, UTC.");
    }

    private static ILocator Tab(IPage page, string group, string name) => page.GetByRole(AriaRole.Navigation, new() { Name = group }).GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    private static ILocator Total(IPage page) => page.GetByRole(AriaRole.Region, new() { Name = "In numbers" }).GetByRole(AriaRole.Row).Filter(new() { HasText = "Total" }).GetByRole(AriaRole.Cell).First;
}
