using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Portal.Data;
using Portal.Demo;
using Portal.Settings;
using Portal.SignIn;
using Portal.SignIn.ViewAs;

namespace Portal.Bench.Pages;

/// <summary>
/// How long a page that is open still shows a subscriber's account once a view-as is over, in a real browser, over Portal as it is published: until the browser has taken it out of the page.
/// </summary>
public static class ViewAsEnding
{
    private const string Staff = "support@example.com";

    /// <summary>A browser's clock is the machine's, and so is the clock of all that ends it.</summary>
    private const string Now = "performance.timeOrigin + performance.now()";

    /// <summary>Notes when the banner goes, and with it the account: what is kept in the tab outlives the page that it leads to.</summary>
    private const string WatchForTheEnd = $$"""
        () => {
            sessionStorage.removeItem('left');
            new MutationObserver(() => {
                if (!document.querySelector('.viewas')) sessionStorage.left ??= {{Now}};
            }).observe(document.body, { subtree: true, childList: true });
        }
        """;

    private const string WatchForThePress = $$"""
        () => addEventListener('click', () => sessionStorage.pressed = {{Now}}, { capture: true, once: true })
        """;

    public static async Task Run(int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("portal-bench-").FullName;
        try
        {
            var connection = $"Data Source={Path.Combine(folder, "portal.db")}";
            var portal = await Publishing.Portal(folder, connection);
            await using var app = await (portal with { Arguments = [.. portal.Arguments, "--Portal:Demo:Fill=true", "--Portal:SignIn:ViewAsMinutes=1"] }).Start();
            await using var chromium = await Chromium.Start();
            await using var data = Data(connection);
            var world = new World(app, chromium, data.Services.GetRequiredService<IDbContextFactory<PortalDb>>());
            Console.WriteLine("| a view-as ends because | times | median, ms | slowest, ms |");
            Console.WriteLine("|---|---:|---:|---:|");
            // The first of each compiles what the others run.
            await Print("the subscriber forbids it", rounds, world.Forbidden);
            await Print("it was ended in another tab", rounds, world.EndedElsewhere);
            await Print("another program took the role away, and told nobody", rounds, world.WithoutTheRole);
            await Print("its time is over", 3, world.TimeOver);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static WebApplication Data(string connection)
    {
        var builder = SettingsSetup.CreateBuilder(["--environment=Development", "--Portal:Database:Provider=sqlite", $"--ConnectionStrings:Portal={connection}"]);
        builder.Logging.ClearProviders();
        builder.AddData(builder.AddSettings());
        return builder.Build();
    }

    private static async Task Print(string why, int times, Func<int, Task<IReadOnlyList<double>>> end)
    {
        var took = (await end(times)).Order().ToList();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {why} | {took.Count} | {took[took.Count / 2]:F0} | {took[^1]:F0} |"));
    }

    private sealed class World(RunningApp app, Chromium chromium, IDbContextFactory<PortalDb> databases)
    {
        public async Task<IReadOnlyList<double>> Forbidden(int times)
        {
            await using var owner = await SignedIn("pro@example.com");
            await using var support = await SignedIn(Staff);
            var theirs = await owner.NewPageAsync();
            await Open(theirs, "/support-access");
            return await Repeat(times, async () =>
            {
                var page = await Begin(support, "demo-pro");
                var pressed = await Press(theirs, "Forbid support to look");
                var left = await Left(page);
                await theirs.GetByRole(AriaRole.Button, new() { Name = "Allow support to look" }).ClickAsync();
                await theirs.GetByRole(AriaRole.Button, new() { Name = "Forbid support to look" }).WaitForAsync();
                return left - pressed;
            });
        }

        public async Task<IReadOnlyList<double>> EndedElsewhere(int times)
        {
            await using var support = await SignedIn(Staff);
            return await Repeat(times, async () =>
            {
                var page = await Begin(support, "demo-team");
                var other = await support.NewPageAsync();
                await Open(other, "/credit");
                var pressed = await Press(other, "End view-as");
                var left = await Left(page);
                await other.CloseAsync();
                return left - pressed;
            });
        }

        public async Task<IReadOnlyList<double>> WithoutTheRole(int times)
        {
            await using var support = await SignedIn(Staff);
            return await Repeat(times, async () =>
            {
                var page = await Begin(support, "demo-team");
                await using var db = await databases.CreateDbContextAsync();
                var role = await db.UserRoles.AsNoTracking().SingleAsync(has => has.RoleId == Roles.Support && db.Users.Any(u => u.Id == has.UserId && u.Email == Staff));
                var taken = (DateTime.UtcNow - DateTime.UnixEpoch).TotalMilliseconds;
                await db.UserRoles.Where(has => has.UserId == role.UserId).ExecuteDeleteAsync();
                var left = await Left(page);
                db.UserRoles.Add(new IdentityUserRole<string> { UserId = role.UserId, RoleId = role.RoleId });
                await db.SaveChangesAsync();
                return left - taken;
            });
        }

        /// <summary>All at once: each takes a minute.</summary>
        public async Task<IReadOnlyList<double>> TimeOver(int times)
        {
            string[] accounts = ["demo-pro", "demo-max5x", "demo-team"];
            return await Task.WhenAll(accounts.Take(times).Select(async account =>
            {
                await using var support = await SignedIn(Staff);
                var page = await Begin(support, account);
                await using var db = await databases.CreateDbContextAsync();
                var ends = await db.Set<ViewAsSession>().Where(v => v.Account == account && v.EndedAt == null).Select(v => v.EndsAt).SingleAsync();
                return await Left(page) - (ends - DateTimeOffset.UnixEpoch).TotalMilliseconds;
            }));
        }

        private async Task<IBrowserContext> SignedIn(string email) => await chromium.NewContext(app, await chromium.SignIn(app, email, DemoAccounts.Password));

        private static async Task<IReadOnlyList<double>> Repeat(int times, Func<Task<double>> once)
        {
            await once();
            List<double> took = [];
            for (var i = 0; i < times; i++)
            {
                took.Add(await once());
            }
            return took;
        }

        private static async Task<IPage> Begin(IBrowserContext support, string account)
        {
            var page = support.Pages.Count > 0 ? support.Pages[0] : await support.NewPageAsync();
            await page.GotoAsync($"/support/view-as/{account}");
            await page.GetByLabel("Why").FillAsync("To see how soon a page is left.");
            await page.GetByLabel("Ticket").FillAsync("BENCH-1");
            await page.GetByRole(AriaRole.Button, new() { Name = $"View as {account}" }).ClickAsync();
            await page.GetByRole(AriaRole.Region, new() { Name = "View-as" }).WaitForAsync();
            await Interactive(page);
            await page.EvaluateAsync(WatchForTheEnd);
            return page;
        }

        private static async Task Open(IPage page, string path)
        {
            await page.GotoAsync(path);
            await Interactive(page);
        }

        private static async Task<double> Press(IPage page, string button)
        {
            await page.EvaluateAsync(WatchForThePress);
            await page.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
            return await Noted(page, "pressed");
        }

        private static async Task<double> Left(IPage page)
        {
            await page.GetByRole(AriaRole.Heading, new() { Name = "You no longer view as the subscriber" }).WaitForAsync(new() { Timeout = 90_000 });
            return await Noted(page, "left");
        }

        private static async Task<double> Noted(IPage page, string what)
        {
            await page.WaitForFunctionAsync($"() => document.readyState === 'complete' && sessionStorage.{what}");
            return double.Parse(await page.EvaluateAsync<string>($"() => sessionStorage.{what}"), CultureInfo.InvariantCulture);
        }

        private static async Task Interactive(IPage page) => await page.WaitForFunctionAsync("() => document.documentElement.dataset.interactive !== undefined");
    }
}
