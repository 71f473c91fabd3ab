using System.Diagnostics;
using Microsoft.Playwright;

namespace Portal.Bench.Pages;

/// <summary>What pages cost the server while they are open: how much of its memory each holds, and how much time a push takes for each.</summary>
public static class OpenPages
{
    /// <summary>The first ones make what all share; only those after them count.</summary>
    private const int WarmUp = 5;

    /// <summary>So often that what a push runs is compiled for good before it is measured.</summary>
    private const int WarmPushes = 30;

    /// <param name="LiveBytes">Alive on the managed heap, for each open page.</param>
    /// <param name="CpuPerPush">Processor time of the server for each push and page.</param>
    public sealed record Cost(double LiveBytes, TimeSpan CpuPerPush);

    /// <summary>How an application is pushed to.</summary>
    /// <param name="Times">How often; the system counts processor time in steps of some milliseconds, so a cheap push needs many.</param>
    /// <param name="Gap">So long from one to the next that each page draws each.</param>
    public sealed record Pushing(int Times, TimeSpan Gap, Func<Task> Push);

    /// <summary>Opens so many pages, and pushes. A push's own cost, without any page, is taken off.</summary>
    public static async Task<Cost> Measure(IBrowserContext context, RunningApp app, string path, string live, int pages, Pushing pushing)
    {
        await Pushes(app, pushing, WarmPushes);
        var alone = await Pushes(app, pushing, pushing.Times);
        await Open(context, path, live, WarmUp);
        await Pushes(app, pushing, WarmPushes);
        var before = await app.LiveBytes();
        await Open(context, path, live, pages);
        await Task.Delay(TimeSpan.FromSeconds(2));
        var after = await app.LiveBytes();
        await Pushes(app, pushing, WarmPushes);
        var open = await Pushes(app, pushing, pushing.Times);
        return new Cost((after - before) / (double)pages, (open - alone) / pushing.Times / (pages + WarmUp));
    }

    private static async Task Open(IBrowserContext context, string path, string live, int pages)
    {
        for (var i = 0; i < pages; i++)
        {
            var page = await context.NewPageAsync();
            await page.GotoAsync(path, new() { WaitUntil = WaitUntilState.DOMContentLoaded });
            await page.WaitForFunctionAsync(live);
        }
    }

    private static async Task<TimeSpan> Pushes(RunningApp app, Pushing pushing, int times)
    {
        var before = app.Cpu;
        for (var i = 0; i < times; i++)
        {
            var watch = Stopwatch.StartNew();
            await pushing.Push();
            await Task.Delay(pushing.Gap > watch.Elapsed ? pushing.Gap - watch.Elapsed : TimeSpan.Zero);
        }
        return app.Cpu - before;
    }
}
