using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;

namespace Portal.Bench.Pages;

/// <summary>How long it takes from an event's departure at the gateway until an open Overview draws the balance that it left, in a real browser.</summary>
public static class Showing
{
    private const int MeanGapMilliseconds = 500;

    /// <summary>Notes each balance that is drawn, exactly, with the frame's instant.</summary>
    private const string Watch = """
        () => {
            const balance = () => document.querySelector('.meter-head strong data').getAttribute('value');
            window.drawn = [];
            let last = null;
            const note = () => {
                const now = balance();
                if (now !== last) {
                    last = now;
                    requestAnimationFrame(() => window.drawn.push({ at: performance.timeOrigin + performance.now(), balance: now }));
                }
            };
            new MutationObserver(note).observe(document.querySelector('main'), { subtree: true, childList: true, characterData: true, attributes: true });
            note();
        }
        """;

    /// <summary>The times of so many events that come at random moments, sorted.</summary>
    public static async Task<IReadOnlyList<double>> Measure(IBrowserContext context, RunningApp portal, string account, int events)
    {
        var page = await context.NewPageAsync();
        await page.GotoAsync("/");
        await page.WaitForFunctionAsync("() => document.documentElement.dataset.interactive !== undefined");
        await Task.Delay(1_000);
        for (var i = 0; i < 5; i++)
        {
            await Gateway.Tell(portal, account);
            await Task.Delay(MeanGapMilliseconds);
        }
        await page.EvaluateAsync(Watch);
        await Task.Delay(MeanGapMilliseconds);

        // The same moments in each run. Evenly spread, so some events come while the page still waits after its last look.
        var random = new Random(20_261);
        var sent = new List<double>(events);
        for (var i = 0; i < events; i++)
        {
            sent.Add((DateTime.UtcNow - DateTime.UnixEpoch).TotalMilliseconds);
            await Gateway.Tell(portal, account);
            await Task.Delay(random.Next(2 * MeanGapMilliseconds));
        }
        await Task.Delay(2_000);
        var drawn = (await page.EvaluateAsync<JsonElement>("() => window.drawn")).EnumerateArray()
            .Select(d => (At: d.GetProperty("at").GetDouble(), Balance: decimal.Parse(d.GetProperty("balance").GetString()!, CultureInfo.InvariantCulture))).ToList();
        var (first, each) = (drawn[0].Balance, (drawn[0].Balance - drawn[^1].Balance) / events);
        return [.. sent.Select((at, i) => drawn.First(d => d.Balance <= first - each * (i + 1)).At - at).Order()];
    }
}
