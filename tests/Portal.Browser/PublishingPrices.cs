using System.Globalization;
using Microsoft.Playwright;

namespace Portal.Browser;

/// <summary>An application of its own, whose clock can be moved: prices that were approved count by their time alone.</summary>
public sealed class PortalWithClock : PortalOn<SqliteDatabase>
{
    public MovedClock Time { get; } = new();

    protected override HostOptions Options => DemoPortal.Filled with { Time = Time };
}

/// <summary>The real clock, moved ahead by what a journey says. Timers go by the real one.</summary>
public sealed class MovedClock : TimeProvider
{
    private TimeSpan _ahead;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _ahead;

    public void Advance(TimeSpan by) => _ahead += by;
}

public sealed class PublishingPrices(PortalWithClock portal, ChromiumBrowser browser) : Journey(portal.Host, browser), IClassFixture<PortalWithClock>
{
    [Fact]
    public async Task A_pasted_rate_card_is_looked_at_approved_by_somebody_else_and_prices_from_its_time_on()
    {
        var owner = await NewOwnerWithExtraUsage(50);
        await Report(Host, owner.Account, new { output_tokens = 100_000 });

        // One administrator pastes what came from a spreadsheet.
        var author = await SignedIn("admin@example.com");
        await author.GotoAsync("/admin/rates");
        await Button(author, "Draft a rate card").ClickAsync();
        await Expect(author.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Rate card 4");
        var csv = await (await author.APIRequest.GetAsync("/admin/rates/2/file?as=csv")).TextAsync();
        await author.GetByText("Paste or import a whole list").ClickAsync();
        await author.GetByLabel("Cells from a spreadsheet, CSV, or JSON").FillAsync(csv.Replace("claude-sonnet-5-5,Sonnet 5.5,0,2,2.5,4,0.1,10", "claude-sonnet-5-5,Sonnet 5.5,0,2,2.5,4,0.1,40", StringComparison.Ordinal));
        await Button(author, "Put it into the grid").ClickAsync();
        await Expect(author.GetByLabel("Sonnet 5.5, Output")).ToHaveValueAsync("40");
        await author.GetByLabel("At least 3 times what it was (10). It is meant so.").CheckAsync();
        // Without seconds: a browser leaves them away where they are none, and one run in sixty then found another value than was typed.
        var from = portal.Time.GetUtcNow().AddHours(30).ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);
        await author.GetByLabel("Counts from (UTC)").FillAsync(from);
        await author.GetByLabel("Reason").FillAsync("Sonnet's output costs us more.");
        await Button(author, "Save the draft").ClickAsync();
        await Expect(author.GetByRole(AriaRole.Status)).ToContainTextAsync("Saved, as revision 2.");
        await Expect(author.GetByRole(AriaRole.Row, new() { Name = "Sonnet 5.5 Output 10 40 +300 %" })).ToBeVisibleAsync();

        await Button(author, "Work out the impact").ClickAsync();
        await Expect(author.GetByText("would have paid more", new() { Exact = false })).ToBeVisibleAsync();
        await Button(author, "Send for approval").ClickAsync();
        await Expect(Content(author)).ToContainTextAsync("You wrote or sent it yourself: another administrator approves it.");

        // Another one looks at it and approves it.
        var approver = await SignedIn("admin2@example.com");
        await Open(approver, "/admin/approvals");
        await approver.GetByRole(AriaRole.Link, new() { Name = "Rate card 4" }).ClickAsync();
        await Expect(Content(approver)).ToContainTextAsync("would have paid more");
        await approver.GetByRole(AriaRole.Button, new() { NameRegex = new("^Approve: counts from ") }).ClickAsync();
        await Expect(approver.GetByRole(AriaRole.Status)).ToContainTextAsync("Approved. It counts from");
        await Report(Host, owner.Account, new { output_tokens = 100_000 });

        portal.Time.Advance(TimeSpan.FromHours(31));
        await Report(Host, owner.Account, new { output_tokens = 100_000 });

        var page = await SignedIn(owner.Email);
        foreach (var (charge, amount, card) in new[] { (1, "$1.00", "version 2"), (2, "$1.00", "version 2"), (3, "$4.00", "version 4") })
        {
            await page.GotoAsync($"/history/{owner.Account}.c{charge}");
            await Expect(Content(page)).ToContainTextAsync(amount);
            await Expect(Content(page)).ToContainTextAsync(card);
        }
        await page.GotoAsync("/history");
        await Expect(Content(page)).ToContainTextAsync("$4.00");
    }
}
