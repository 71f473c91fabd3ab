using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Portal.Browser;

public sealed class ReadingStatements(DemoPortal portal, ChromiumBrowser browser) : Journey(portal.Host, browser)
{
    [Fact]
    public async Task The_list_leads_to_a_statement_whose_file_is_named_for_it()
    {
        var page = await SignedIn("max20x@example.com");
        await page.GetByRole(AriaRole.Link, new() { Name = "Statements" }).ClickAsync();
        await Expect(Content(page)).ToContainTextAsync("What each period came to");
        await page.Locator("tbody tr").Nth(1).GetByRole(AriaRole.Link).ClickAsync();
        await Expect(Content(page)).ToContainTextAsync("The statement is final: it never changes.");
        await Assertions.Expect(page).ToHaveTitleAsync(new Regex(@"^Statement demo-max20x \d{4}-\d\d-\d\d$"));

        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Download CSV" }).ClickAsync());

        Assert.Matches(@"^statement-demo-max20x-\d{4}-\d\d-\d\d\.csv$", download.SuggestedFilename);
        using var text = new StreamReader(await download.CreateReadStreamAsync());
        var rows = (await text.ReadToEndAsync()).Split("\r\n");
        var due = await page.Locator("tfoot data").First.GetAttributeAsync("value");
        Assert.Contains($"total_due,\"Plan fee and extra usage, less refunds\",,,,,{due}", rows);
    }

    [Fact]
    public async Task Paper_has_no_navigation_and_is_black_on_white_whatever_theme_was_chosen()
    {
        var page = await SignedIn("max20x@example.com");
        await page.Context.AddCookiesAsync([new() { Name = "theme", Value = "dark", Url = Host.Address.ToString() }]);
        await Open(page, "/statements");
        await page.Locator("tbody tr").Nth(0).GetByRole(AriaRole.Link).ClickAsync();
        await Assertions.Expect(page).ToHaveTitleAsync(new Regex("^Statement demo-max20x"));

        await page.EmulateMediaAsync(new() { Media = Media.Print });

        await Expect(page.GetByRole(AriaRole.Navigation)).ToHaveCountAsync(0);
        await Expect(Button(page, "Print")).ToHaveCountAsync(0);
        await Expect(page.Locator(".letterhead")).ToContainTextAsync(new Regex("Account\\s*demo-max20x"));
        await Expect(page.Locator(".letterhead")).ToBeVisibleAsync();
        Assert.Equal(("rgb(0, 0, 0)", "rgba(0, 0, 0, 0)"), (await Style(page, "h1", "color"), await Style(page, "body", "backgroundColor")));
        Assert.Equal("rgb(0, 0, 0)", await Style(page, ".table td", "color"));
    }

    [Fact]
    public async Task The_print_button_prints()
    {
        var page = await SignedIn("pro@example.com");
        await Open(page, "/statements");
        await page.Locator("tbody tr").Nth(0).GetByRole(AriaRole.Link).ClickAsync();
        await page.EvaluateAsync("() => { window.printed = 0; window.print = () => { window.printed++; }; }");
        await Button(page, "Print").ClickAsync();
        Assert.Equal(1, await page.EvaluateAsync<int>("() => window.printed"));
    }

    private static Task<string> Style(IPage page, string selector, string property) =>
        page.Locator(selector).First.EvaluateAsync<string>($"element => getComputedStyle(element).{property}");
}
