using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Portal.Browser.Accessibility;

/// <summary>
/// What axe finds wrong: nothing, in both themes, on a desk and on a phone. The classes are several so that they run at once.
/// </summary>
public abstract class AxeJourney(DemoPortal portal, ChromiumBrowser browser) : Journey(portal.Host, browser)
{
    private static readonly ColorScheme[] Themes = [ColorScheme.Light, ColorScheme.Dark];
    private static readonly int[] Widths = [1280, 390];

    /// <summary>What a theme can break; all other rules read what is the same in both.</summary>
    private static readonly string[] Colours = ["color-contrast", "link-in-text-block"];

    /// <summary>The engine alone: its runner for Playwright would open another page for each look, which took most of the time.</summary>
    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    /// <summary>
    /// Colours that fade in, or from one theme to the other, are not the ones that stay; and where one thing has come to its colour,
    /// what stands in it only begins to.
    /// </summary>
    private const string Settled = """
        async () => {
            const frame = () => new Promise(drawn => requestAnimationFrame(drawn));
            for (;;) {
                await frame();
                await frame();
                const moving = document.getAnimations().filter(a => a.playState === "running" && a.effect?.getComputedTiming().endTime !== Infinity);
                if (moving.length === 0) return;
                await Promise.all(moving.map(a => a.finished.catch(() => {})));
            }
        }
        """;

    private const string Violations = """
        async rules => {
            const result = await axe.run(document, { resultTypes: ["violations"], ...(rules && { runOnly: { type: "rule", values: rules } }) });
            return result.violations.map(({ id, help, nodes: [first, ...others] }) =>
                `${id} (${help}), ${others.length + 1} times, first at ${first.target}: ${first.html.slice(0, 200)} ${first.failureSummary}`);
        }
        """;

    private const string HasTitle = "() => document.title !== ''";

    private readonly List<string> violations = [];

    /// <summary>Looks at pages, each loaded once and shown in both widths and both themes.</summary>
    protected async Task Look(IPage page, string who, params string[] addresses)
    {
        ArgumentNullException.ThrowIfNull(page);
        ArgumentNullException.ThrowIfNull(addresses);
        foreach (var address in addresses)
        {
            await Show(page, Themes[0]);
            await page.GotoAsync(address);
            await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveCountAsync(1);
            // While a circuit takes the page over, the title is drawn anew.
            await page.WaitForFunctionAsync(HasTitle);
            await LookAtThis(page, $"{address} of {who}");
        }

        NothingWasFound();
    }

    /// <summary>Looks at what a page shows now, in both widths and both themes.</summary>
    protected async Task LookAtThis(IPage page, string what)
    {
        ArgumentNullException.ThrowIfNull(page);
        foreach (var theme in Themes)
        {
            await Show(page, theme);
            foreach (var width in Widths)
            {
                await page.SetViewportSizeAsync(width, 900);
                await Run(page, $"{what}, {theme}, {width} px", theme == Themes[0] ? null : Colours);
            }
        }
    }

    /// <summary>Looks at what a page shows now, as it stands.</summary>
    protected Task Run(IPage page, string what) => Run(page, what, rules: null);

    protected void NothingWasFound() => Assert.True(violations.Count == 0, string.Join("\n", violations));

    private static Task Show(IPage page, ColorScheme theme) => page.EmulateMediaAsync(new() { ColorScheme = theme, ReducedMotion = ReducedMotion.Reduce });

    private async Task Run(IPage page, string what, string[]? rules)
    {
        ArgumentNullException.ThrowIfNull(page);
        await page.EvaluateAsync(Settled);
        if (!await page.EvaluateAsync<bool>("() => 'axe' in window"))
        {
            await page.EvaluateAsync(Axe);
        }
        var found = await page.EvaluateAsync<string[]>(Violations, rules);
        if (found.Any(violation => violation.StartsWith("document-title", StringComparison.Ordinal)))
        {
            // A circuit that takes the page over just then draws the title anew.
            await page.WaitForFunctionAsync(HasTitle);
            found = await page.EvaluateAsync<string[]>(Violations, rules);
        }
        violations.AddRange(found.Select(violation => $"{what}: {violation}"));
    }
}
