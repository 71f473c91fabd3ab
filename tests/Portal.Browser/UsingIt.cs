using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Portal.Browser;

/// <summary>Requests that a gateway sends, as their payer sees them.</summary>
public sealed class UsingIt(DemoPortal portal, ChromiumBrowser browser) : Journey(portal.Host, browser)
{
    private const decimal Million = 1_000_000;

    [Fact]
    public async Task A_request_that_spills_moves_the_open_overview()
    {
        var owner = await NewOwnerWithExtraUsage(10);
        var page = await SignedIn(owner.Email);
        await Expect(Content(page)).ToContainTextAsync("You have $20.00 of your $20.00");
        await page.EvaluateAsync("window.isTheSamePage = true");

        await Report(Host, owner.Account, new { output_tokens = 2_150_000 });

        await Expect(Content(page)).ToContainTextAsync("Extra usage pays now: $8.50 remains of your $10.00 cap");
        await Expect(Content(page)).ToContainTextAsync("$20.00 credit + $1.50 extra usage");
        Assert.True(await page.EvaluateAsync<bool>("window.isTheSamePage === true"), "The page was loaded again.");
    }

    [Fact]
    public async Task A_request_that_is_refused_at_the_cap_stands_in_the_history_with_its_reason_and_numbers()
    {
        var owner = await NewOwnerWithExtraUsage(1);
        await Report(Host, owner.Account, new { output_tokens = 2_050_000 });
        var page = await SignedIn(owner.Email);
        await page.GotoAsync("/history");

        using var answer = await Call(Host, "/v1/authorizations", new
        {
            id = $"{owner.Account}.1",
            account = owner.Account,
            model = "claude-sonnet-5-5",
            surface = "headless",
            max = new { output_tokens = 100_000 },
        });

        Assert.Equal(HttpStatusCode.PaymentRequired, answer.StatusCode);
        var line = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Refused: cap reached" });
        await Expect(line).ToBeVisibleAsync();
        await line.GetByText("Limits at that moment").ClickAsync();
        await Expect(line).ToContainTextAsync("The request asked for up to $1.00.");
        await Expect(line).ToContainTextAsync("Cap of the period of $1.00: $0.50 used, $0.00 held, $0.50 left");
        await Expect(line).ToContainTextAsync("Nothing was charged.");
    }

    [Fact]
    public async Task An_open_charge_says_by_itself_that_it_was_reversed_and_the_history_where_it_went()
    {
        var owner = await NewOwnerWithExtraUsage(10);
        await Report(Host, owner.Account, new { output_tokens = 2_150_000 });
        var page = await SignedIn(owner.Email);
        await page.GotoAsync($"/history/{owner.Account}.c1");
        await Expect(Content(page)).ToContainTextAsync("Credit always pays first");

        await Reverse(owner.Account, 1, "The gateway counted this request twice.");

        await Expect(Content(page)).ToContainTextAsync("This charge was reversed.");
        await Expect(Content(page)).ToContainTextAsync("The gateway counted this request twice.");
        await Open(page, "/history");
        var line = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Charge reversed" });
        await Expect(line).ToContainTextAsync("$20.00 back to credit + $1.50 off extra usage. The gateway counted this request twice.");
        await Expect(line).ToContainTextAsync("+$21.50");
    }

    [Fact]
    public async Task A_charge_opens_to_lines_that_come_to_its_amount()
    {
        var owner = await NewOwnerWithExtraUsage(10);
        await Report(Host, owner.Account, new { input_tokens = 12_347, cache_read_tokens = 40_001, output_tokens = 2_053, web_searches = 3, region = "us" });
        var page = await SignedIn(owner.Email);
        await Open(page, "/history");

        await page.GetByRole(AriaRole.Link, new() { Name = "Sonnet 5.5" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "How it was priced" })).ToBeVisibleAsync();
        var price = page.GetByRole(AriaRole.Table).Filter(new() { HasText = "Price at API rates" });
        var lines = await price.Locator("tbody tr").AllAsync();
        Assert.Equal(4, lines.Count);
        var sum = 0m;
        foreach (var line in lines)
        {
            var cells = await line.GetByRole(AriaRole.Cell).AllInnerTextsAsync();
            var exact = Number(cells[0]) * Number(cells[1]) * (cells[2] == "none" ? 1 : Number(cells[2])) / (cells[1].Contains("per million", StringComparison.Ordinal) ? Million : 1);
            Assert.Equal(Math.Round(exact, 9, MidpointRounding.ToEven), Number(cells[3]));
            sum += Number(cells[3]);
        }

        var together = page.GetByRole(AriaRole.Table).Filter(new() { HasText = "Together" });
        Assert.Equal(sum, Number(await price.Locator("tfoot").GetByRole(AriaRole.Cell).InnerTextAsync()));
        Assert.Equal(sum, Number(await together.Locator("tfoot").GetByRole(AriaRole.Cell).InnerTextAsync()));
    }

    /// <summary>The first number in a text: "$2.50 per million", "12,347", "× 1.1 US region".</summary>
    private static decimal Number(string text) => decimal.Parse(Regex.Match(text, @"[0-9][0-9,]*(\.[0-9]+)?").Value, CultureInfo.InvariantCulture);
}
