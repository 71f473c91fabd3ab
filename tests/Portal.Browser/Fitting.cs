using Microsoft.Playwright;

namespace Portal.Browser;

/// <summary>What is drawn fits where it stands.</summary>
public sealed class Fitting(DemoPortal portal, ChromiumBrowser browser) : Journey(portal.Host, browser)
{
    [Fact]
    public async Task No_page_of_a_subscriber_scrolls_sideways_on_the_smallest_phone()
    {
        var page = await SignedIn("max20x@example.com", new() { ViewportSize = new() { Width = 320, Height = 640 }, ReducedMotion = ReducedMotion.Reduce });
        await page.GotoAsync("/statements");
        var statement = await page.Locator("tbody a[href^='/statements/']").Last.GetAttributeAsync("href");
        var wide = new List<string>();
        foreach (var path in (string[])
            [
                "/", "/usage", "/usage?range=90d&by=model", "/credit", "/extra-usage", "/history", "/history?kind=included&model=claude-opus-5-5", "/history/demo-max20x.c7", "/history/balance",
                "/statements", statement!, "/plan", "/alerts", "/keys", "/support-access", "/profile", "/profile/sessions",
            ])
        {
            await page.GotoAsync(path);
            await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveCountAsync(1);
            var (inner, outer) = (await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), await page.EvaluateAsync<int>("document.documentElement.clientWidth"));
            if (inner > outer)
            {
                wide.Add($"{path} is {inner} px wide; the window is {outer}.");
            }
        }
        Assert.True(wide.Count == 0, string.Join("\n", wide));
    }

    [Fact]
    public async Task The_price_of_every_plan_fits_its_card_where_four_stand_side_by_side()
    {
        var page = await SignedIn("team@example.com");
        await page.GotoAsync("/plan");
        await Expect(page.Locator(".plans > li")).ToHaveCountAsync(4);
        foreach (var width in (int[])[1280, 1024, 390])
        {
            await page.SetViewportSizeAsync(width, 900);
            var over = await page.EvaluateAsync<string[]>("""
                () => [...document.querySelectorAll(".plans > li")].flatMap(card => [...card.querySelectorAll("h3, p, dd, button")]
                    .filter(text => text.getClientRects().length > 0 && Math.max(...[...text.querySelectorAll("*"), text].map(e => e.getBoundingClientRect().right)) > card.getBoundingClientRect().right)
                    .map(text => text.textContent))
                """);
            Assert.True(over.Length == 0, $"{width} px: {string.Join("; ", over)}");
        }
    }
}
