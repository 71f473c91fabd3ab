using System.Text;
using Ledger;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Accounts;

namespace Portal.Browser;

/// <summary>
/// The connection goes while a change is on its way. The test stands between the page and the server, so that the connection is lost
/// at exactly the moment that is meant: after the server has begun, or before it has heard anything.
/// </summary>
public sealed class LosingTheConnection(DemoPortal portal, ChromiumBrowser browser) : Journey(portal.Host, browser)
{
    [Fact]
    public async Task The_answer_is_lost_the_dialog_says_what_was_on_its_way_and_the_page_then_shows_that_it_was_done_once()
    {
        var owner = await NewOwner();
        var page = await SignedIn(owner.Email);
        var wire = await Wire.Through(page);
        await Open(page, "/credit");
        // The receipt: the first that is drawn once it is done.
        wire.CutWhenTheServerSays("usable until");

        await Button(page, "Claim $20.00").ClickAsync();

        var dialog = Lost(page);
        await Expect(dialog).ToBeVisibleAsync();
        await Expect(dialog).ToContainTextAsync("One change was on its way when the connection was lost: Claim $20.00. It is saved either whole or not at all");
        wire.Mend();
        await Expect(dialog).ToBeHiddenAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("$20.00 of credit is yours to use until");
        await Expect(Button(page, "Claim $20.00")).ToHaveCountAsync(0);
        Assert.Equal(Money.FromDollars(20), (await Balance(owner)).Credit.Granted);
    }

    [Fact]
    public async Task The_press_is_lost_nothing_was_done_and_pressing_again_does_it_once()
    {
        var owner = await NewOwnerWithExtraUsage(10);
        var page = await SignedIn(owner.Email);
        var wire = await Wire.Through(page);
        await Open(page, "/extra-usage");
        await page.GetByLabel("Cap of each period").FillAsync("40");
        await Expect(Button(page, "Set cap to $40.00")).ToBeEnabledAsync();
        // The press itself; the page also says what it has drawn.
        wire.CutWhenThePageSays("click");

        await Button(page, "Set cap to $40.00").ClickAsync();

        var dialog = Lost(page);
        await Expect(dialog).ToContainTextAsync("Whatever said it was saved is saved, and nothing is half done.");
        Assert.Equal(Money.FromDollars(10), (await Balance(owner)).ExtraUsage.Cap);
        wire.Mend();
        await Expect(dialog).ToBeHiddenAsync();
        await Expect(Content(page)).ToContainTextAsync("of your $10.00 cap is used");
        await Button(page, "Set cap to $40.00").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Your cap is $40.00.");
        await Expect(page.Locator(".activity li", new() { HasText = "$40.00" })).ToHaveCountAsync(1);
    }

    private static ILocator Lost(IPage page) => page.Locator("#components-reconnect-modal");

    private async Task<Balance> Balance(Owner owner) => (await Host.Services.GetRequiredService<Balances>().Now(owner.Account))!;

    /// <summary>What a page and the server say to each other, until it is cut.</summary>
    private sealed class Wire
    {
        private readonly Lock gate = new();
        private TaskCompletionSource mended = Whole();
        private byte[]? lastOfServer;
        private byte[]? lastOfPage;
        private bool isCut;

        /// <summary>The wire of a page; before it goes where it is used.</summary>
        public static async Task<Wire> Through(IPage page)
        {
            var wire = new Wire();
            await page.RouteAsync("**/_blazor/negotiate*", async route =>
            {
                await wire.mended.Task;
                await route.ContinueAsync();
            });
            await page.RouteWebSocketAsync(address => address.Contains("/_blazor", StringComparison.Ordinal), wire.Connect);
            return wire;
        }

        public void CutWhenTheServerSays(string words) => lastOfServer = Encoding.UTF8.GetBytes(words);

        public void CutWhenThePageSays(string words) => lastOfPage = Encoding.UTF8.GetBytes(words);

        public void Mend()
        {
            (lastOfServer, lastOfPage, isCut) = (null, null, false);
            mended.SetResult();
        }

        private static TaskCompletionSource Whole()
        {
            var whole = new TaskCompletionSource();
            whole.SetResult();
            return whole;
        }

        private void Connect(IWebSocketRoute page)
        {
            var server = page.ConnectToServer();
            page.OnMessage(frame => Pass(frame, Says(frame, lastOfPage), server, page, server));
            server.OnMessage(frame => Pass(frame, Says(frame, lastOfServer), page, page, server));
        }

        private void Pass(IWebSocketFrame frame, bool cuts, IWebSocketRoute to, IWebSocketRoute page, IWebSocketRoute server)
        {
            lock (gate)
            {
                if (cuts && !isCut)
                {
                    (isCut, mended) = (true, new TaskCompletionSource());
                    _ = page.CloseAsync(new() { Code = 1000 });
                    _ = server.CloseAsync(new() { Code = 1000 });
                }
                else if (!isCut && frame.Binary is { } bytes)
                {
                    to.Send(bytes);
                }
                else if (!isCut)
                {
                    to.Send(frame.Text!);
                }
            }
        }

        private static bool Says(IWebSocketFrame frame, byte[]? words) => words is not null && frame.Binary.AsSpan().IndexOf(words) >= 0;
    }
}
