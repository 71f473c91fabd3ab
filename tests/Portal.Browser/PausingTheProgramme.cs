using Microsoft.Playwright;

namespace Portal.Browser;

/// <summary>On an application of its own: what is paused here is paused for everybody.</summary>
public sealed class PausingTheProgramme(PausingTheProgramme.OwnPortal portal, ChromiumBrowser browser) : Journey(portal.Host, browser), IClassFixture<PausingTheProgramme.OwnPortal>
{
    [Fact]
    public async Task Two_administrators_pause_and_resume_it_and_an_open_page_says_so_by_itself()
    {
        var subscriber = await SignedIn((await NewOwner()).Email);
        await Open(subscriber, "/credit");
        await Expect(Button(subscriber, "Claim $20.00")).ToBeVisibleAsync();
        var (first, second) = (await SignedIn("admin@example.com"), await SignedIn("admin2@example.com"));

        await Change(first, second);
        await Expect(Button(subscriber, "Claim $20.00")).ToHaveCountAsync(0);
        await Expect(Content(subscriber)).ToContainTextAsync("paused");

        await Change(first, second);
        await Expect(Button(subscriber, "Claim $20.00")).ToBeVisibleAsync();
        await Expect(Content(second)).ToContainTextAsync("The credit programme is active");
    }

    /// <summary>The form offers the opposite of what is: to pause what is active, to activate what is not.</summary>
    private static async Task Change(IPage first, IPage second)
    {
        await Open(first, "/admin/programme");
        await first.GetByLabel("Reason").FillAsync("For a test of the pages.");
        await Button(first, "Preview on the last 30 days").ClickAsync();
        await Button(first, "Send for approval").ClickAsync();
        await Expect(first.GetByRole(AriaRole.Status).Filter(new() { HasText = "It waits for another administrator." })).ToBeVisibleAsync();

        await Open(second, "/admin/programme");
        await Button(second, "Approve").ClickAsync();
        await Expect(second.GetByRole(AriaRole.Status).Filter(new() { HasText = "It is approved" })).ToBeVisibleAsync();
    }

    public sealed class OwnPortal : PortalOn<SqliteDatabase>
    {
        protected override HostOptions Options => DemoPortal.Filled;
    }
}
