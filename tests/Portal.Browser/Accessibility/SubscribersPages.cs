using Microsoft.Playwright;

namespace Portal.Browser.Accessibility;

/// <summary>The subscriber's pages, and what opens on them.</summary>
public sealed class SubscribersPages(DemoPortal portal, ChromiumBrowser browser) : AxeJourney(portal, browser)
{
    [Theory]
    [InlineData("pro@example.com")]
    [InlineData("max20x@example.com")]
    [InlineData("capped@example.com")]
    public async Task The_subscribers_pages_have_no_violation(string email)
    {
        var page = await SignedIn(email);
        await page.GotoAsync("/history");
        var charge = await page.Locator("table.history a[href^='/history/']").First.GetAttributeAsync("href");
        await page.GotoAsync("/statements");
        var statement = await page.Locator("tbody a[href^='/statements/']").First.GetAttributeAsync("href");
        string[] pages =
        [
            "/",
            "/usage",
            "/usage?range=90d&by=model",
            "/usage?range=30d&by=app&rows=whole&paid=credit",
            "/credit",
            "/extra-usage",
            "/history",
            charge!,
            "/history/balance",
            "/statements",
            statement!,
            "/plan",
            "/alerts",
            "/keys",
            "/support-access",
        ];
        await Look(page, email, pages);
    }

    [Fact]
    public async Task A_reversed_charge_and_its_history_have_no_violation()
    {
        var owner = await NewOwnerWithExtraUsage(10);
        await Report(Host, owner.Account, new { output_tokens = 2_150_000 });
        await Reverse(owner.Account, 1, "The gateway counted this request twice.");
        var page = await SignedIn(owner.Email);
        await Look(page, "an owner", $"/history/{owner.Account}.c1", "/history");
    }

    [Theory]
    [InlineData("light", ColorScheme.Dark)]
    [InlineData("dark", ColorScheme.Light)]
    public async Task A_theme_that_was_chosen_against_the_systems_has_no_violation(string chosen, ColorScheme system)
    {
        var page = await SignedIn("max20x@example.com", new() { ColorScheme = system });
        await page.Context.AddCookiesAsync([new() { Name = "theme", Value = chosen, Url = Host.Address.ToString() }]);
        await page.GotoAsync("/");
        await Expect(page.Locator($"html[data-theme={chosen}]")).ToHaveCountAsync(1);

        await Run(page, $"/ in {chosen}, chosen in the menu");

        NothingWasFound();
    }
}
