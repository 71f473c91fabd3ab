using Microsoft.Playwright;

namespace Portal.Browser;

/// <summary>What the first byte draws, before any script ran, is what stands there when a circuit has taken the page over.</summary>
public sealed class FirstPaint(DemoPortal portal, ChromiumBrowser browser) : Journey(portal.Host, browser)
{
    private const string Colours = "['body', 'main', '.card'].map(s => getComputedStyle(document.querySelector(s))).map(s => s.backgroundColor + ' ' + s.color).join()";

    [Theory]
    [InlineData("dark", ColorScheme.Light)]
    [InlineData("light", ColorScheme.Dark)]
    [InlineData(null, ColorScheme.Light)]
    [InlineData(null, ColorScheme.Dark)]
    public async Task The_theme_is_right_before_any_script_ran_and_stays(string? chosen, ColorScheme system)
    {
        var page = await SignedIn("pro@example.com", new() { ColorScheme = system });
        if (chosen is not null)
        {
            await page.Context.AddCookiesAsync([new() { Name = "theme", Value = chosen, Url = Address.ToString() }]);
        }

        var cookies = await page.Context.CookiesAsync();
        var still = await NewPage(new() { ColorScheme = system, JavaScriptEnabled = false });
        await still.Context.AddCookiesAsync(cookies.Select(c => new Cookie { Name = c.Name, Value = c.Value, Url = Address.ToString() }));

        await still.GotoAsync("/credit");
        var first = await still.EvaluateAsync<string>(Colours);
        await Open(page, "/credit");

        Assert.Equal(first, await page.EvaluateAsync<string>(Colours));
        Assert.Equal((chosen ?? system.ToString()).Equals("dark", StringComparison.OrdinalIgnoreCase), await IsDark(still));
    }

    [Fact]
    public async Task Nothing_moves_for_somebody_who_wants_no_motion()
    {
        var page = await SignedIn("pro@example.com", new() { ReducedMotion = ReducedMotion.Reduce });
        foreach (var address in (string[])["/", "/credit", "/extra-usage", "/usage"])
        {
            await Open(page, address);
            var moving = await page.EvaluateAsync<string[]>("""
                [...document.querySelectorAll('*')].filter(e => {
                    const s = getComputedStyle(e);
                    return [s.transitionDuration, s.animationDuration].some(d => d.split(',').some(t => parseFloat(t) > 0.001));
                }).map(e => e.tagName + '.' + e.className)
                """);
            Assert.Empty(moving);
        }
    }

    private static Task<bool> IsDark(IPage page) =>
        page.EvaluateAsync<bool>("getComputedStyle(document.body).backgroundColor.match(/[0-9.]+/g).slice(0, 3).every(c => +c < 100)");
}
