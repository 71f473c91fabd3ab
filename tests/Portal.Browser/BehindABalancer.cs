using System.Collections.Concurrent;
using System.Net;
using Ledger;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Accounts;
using Portal.Terms;

namespace Portal.Browser;

/// <summary>Two instances in Production, on one PostgreSQL, behind HAProxy as docs/scale.md sets it up.</summary>
public sealed class BehindABalancer(BehindABalancer.Portals portals, ChromiumBrowser browser) : Journey(First(portals), browser), IClassFixture<BehindABalancer.Portals>
{
    protected override Uri Address => portals.Balancer.Address;

    [Fact]
    public async Task A_browser_stays_with_its_instance_and_when_that_stops_its_page_comes_back_from_the_other_still_signed_in()
    {
        Assert.Equal(IPAddress.Parse("127.0.0.2"), await portals.SeenComingFrom(IPAddress.Parse("127.0.0.2"), saying: "203.0.113.9"));
        var owner = await NewOwnerWithExtraUsage(10);
        var page = await SignedIn(owner.Email, new() { IgnoreHTTPSErrors = true });
        await SetCap(page, 40);
        Assert.All(await Task.WhenAll(portals.Running.Values.Select(portal => CapOf(portal, owner))), cap => Assert.Equal(Money.FromDollars(40), cap));
        var instance = await InstanceOf(page);
        await page.EvaluateAsync("window.isOld = true");

        // The browser's console reports each connection that the instance takes with it.
        IsTold = false;
        await portals.Stop(instance);
        await page.WaitForFunctionAsync("() => !window.isOld && document.documentElement.dataset.interactive !== undefined");
        IsTold = true;

        Assert.NotEqual(instance, await InstanceOf(page));
        await Expect(Content(page)).ToContainTextAsync("of your $40.00 cap is used");
        await SetCap(page, 50);
        Assert.Equal(Money.FromDollars(50), await CapOf(Assert.Single(portals.Running.Values), owner));
    }

    private static async Task SetCap(IPage page, long dollars)
    {
        await Open(page, "/extra-usage");
        await page.GetByLabel("Cap of each period").FillAsync($"{dollars}");
        await Button(page, $"Set cap to ${dollars}.00").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync($"Your cap is ${dollars}.00.");
    }

    private static async Task<Money?> CapOf(PortalHost portal, Owner owner) => (await portal.Services.GetRequiredService<Balances>().Now(owner.Account))!.ExtraUsage.Cap;

    /// <summary>The instance that the browser goes to, as the balancer's cookie names it.</summary>
    private static async Task<string> InstanceOf(IPage page) => Assert.Single(await page.Context.CookiesAsync(), cookie => cookie.Name == "portal-instance").Value;

    private static PortalHost First(Portals portals)
    {
        Tools.Require(portals.Missing);
        return portals.Running["one"];
    }

    public sealed class Portals : IAsyncLifetime
    {
        private readonly PostgresDatabase database = new();
        private readonly ConcurrentQueue<IPAddress?> addresses = [];
        private Balancer? balancer;

        public string? Missing => database.Missing ?? Balancer.Missing ?? ChromiumBrowser.Missing;

        public Balancer Balancer => balancer ?? throw new InvalidOperationException(Missing);

        /// <summary>The instances by the names that the balancer has for them.</summary>
        public ConcurrentDictionary<string, PortalHost> Running { get; } = [];

        public async ValueTask InitializeAsync()
        {
            if (Missing is not null)
            {
                return;
            }
            await database.Create();
            balancer = new Balancer(Tools.FreePort());
            var options = new HostOptions
            {
                Environment = "Production",
                Settings = new Dictionary<string, string> { ["Portal:PublicUrl"] = balancer.Address.ToString(), ["Portal:TrustedProxies:0"] = "127.0.0.1" },
                Services = services => services.AddSingleton<IStartupFilter>(new Visitors(addresses)),
            };
            foreach (var name in (string[])["one", "two"])
            {
                Running[name] = PortalHost.Start(database, options);
            }
            await Running["one"].Services.GetRequiredService<TermsLoader>().Load(Path.Combine(AppContext.BaseDirectory, "Demo", "Terms"));
            await balancer.Start(Running["one"], Running["two"]);
        }

        /// <summary>Where Portal says that a visitor comes from who claims another address.</summary>
        public async Task<IPAddress?> SeenComingFrom(IPAddress from, string saying)
        {
            using var client = Balancer.NewClient(from);
            client.DefaultRequestHeaders.Add("X-Forwarded-For", saying);
            using var answer = await client.GetAsync(new Uri(Visitors.Path, UriKind.Relative));
            return Assert.Single(addresses);
        }

        public async Task Stop(string name)
        {
            Assert.True(Running.TryRemove(name, out var portal));
            await portal.DisposeAsync();
        }

        public async ValueTask DisposeAsync()
        {
            if (balancer is not null)
            {
                await balancer.DisposeAsync();
            }
            foreach (var portal in Running.Values)
            {
                await portal.DisposeAsync();
            }
            await database.DisposeAsync();
        }
    }

    /// <summary>Notes where a request to one address came from, once the application has read its headers.</summary>
    private sealed class Visitors(ConcurrentQueue<IPAddress?> addresses) : IStartupFilter
    {
        public const string Path = "/where-from";

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (context, rest) =>
            {
                if (context.Request.Path == Path)
                {
                    context.Response.OnStarting(() =>
                    {
                        addresses.Enqueue(context.Connection.RemoteIpAddress);
                        return Task.CompletedTask;
                    });
                }
                await rest(context);
            });
            next(app);
        };
    }
}
