using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Playwright;

namespace Portal.Bench.Pages;

/// <summary>What a browser with an empty cache transfers for one page, as it counts it: compressed, with the heads of the answers.</summary>
public static class FirstVisit
{
    /// <summary>Long enough that a page which moves by itself has nothing more to fetch.</summary>
    private const int QuietMilliseconds = 1_500;

    public static async Task<IReadOnlyList<(string Address, long Bytes)>> Measure(Chromium chromium, RunningApp app, string? state)
    {
        await using var context = await chromium.NewContext(app, state);
        var page = await context.NewPageAsync();
        var devTools = await context.NewCDPSessionAsync(page);
        await devTools.SendAsync("Network.enable");
        var addresses = new ConcurrentDictionary<string, string>();
        var transferred = new ConcurrentDictionary<string, long>();
        devTools.Event("Network.requestWillBeSent").OnEvent += (_, told) =>
            addresses[Text(told, "requestId")] = told!.Value.GetProperty("request").GetProperty("url").GetString()!;
        devTools.Event("Network.loadingFinished").OnEvent += (_, told) =>
            transferred[Text(told, "requestId")] = (long)told!.Value.GetProperty("encodedDataLength").GetDouble();
        await page.GotoAsync("/", new() { WaitUntil = WaitUntilState.NetworkIdle });
        await page.WaitForTimeoutAsync(QuietMilliseconds);
        return [.. transferred.Select(t => (addresses.GetValueOrDefault(t.Key, "?"), t.Value)).OrderByDescending(t => t.Value)];
    }

    private static string Text(JsonElement? told, string name) => told!.Value.GetProperty(name).GetString()!;
}
