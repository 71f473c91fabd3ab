using Microsoft.Playwright;
using Portal.Accounts;

namespace Portal.Browser.Accessibility;

/// <summary>The pages of support, and the subscriber's seen through their eyes.</summary>
public sealed class SupportsPages(DemoPortal portal, ChromiumBrowser browser) : AxeJourney(portal, browser)
{
    [Fact]
    public async Task Finding_and_viewing_as_have_no_violation()
    {
        var page = await SignedIn("support@example.com");
        await Look(page, "support", "/support", "/support?q=demo", "/support?q=nobody-at-all", "/support/view-as/demo-max20x", "/view-as/over");

        await ViewingAs.Begin(page, "demo-max20x");
        await Look(page, "support as max20x@example.com", "/", "/usage", "/credit", "/extra-usage", "/history", "/history/demo-max20x.c1", "/history/balance", "/statements", "/plan", "/alerts", "/support-access", "/view-as/over");
    }

    [Fact]
    public async Task The_pages_of_support_have_no_violation()
    {
        var page = await SignedIn("support@example.com");
        await page.GotoAsync("/support/accounts/demo-capped?kind=refusals");
        var refusal = await page.Locator("a[href*='/refusals?id=']").First.GetAttributeAsync("href");
        string[] pages =
        [
            "/support/accounts/demo-max20x",
            "/support/accounts/demo-enterprise?kind=alerts",
            refusal!,
            "/support/accounts/demo-capped/charges/demo-capped.c1",
            "/support/accounts/demo-max20x/compare",
            "/support/approvals",
            "/support/corrections",
            "/support/disputes",
            "/support/disputes?state=decided",
        ];
        await Look(page, "somebody of support", pages);
    }

    [Fact]
    public async Task A_correction_that_waits_and_a_dispute_that_was_answered_have_no_violation()
    {
        var owner = await NewOwnerWithExtraUsage(10);
        await Report(Host, owner.Account, new { output_tokens = 100_000 });
        await Submit(new DisputeCharge(owner.Account, 1, "No job of mine ran at that time.", owner.Actor));
        var support = await Staff("support2@example.com");
        await Submit(new AnswerDispute(owner.Account, 1, "Your nightly job ran until ten.", support));
        var page = await SignedIn("support@example.com");
        await page.GotoAsync($"/support/corrections?charge={owner.Account}.c1");
        await Button(page, "Find the charges").ClickAsync();
        await Expect(Content(page)).ToContainTextAsync("1 charge in 1 account");
        await LookAtThis(page, "a correction before it is asked for");
        await page.GetByLabel("Reason").FillAsync("The gateway counted this request twice.");
        await page.GetByLabel("Ticket").FillAsync("INC-10");
        await Button(page, "Reverse 1 charge, $1.00").ClickAsync();
        var path = await page.GetByRole(AriaRole.Link, new() { Name = "Open the correction" }).GetAttributeAsync("href");
        await Look(page, "somebody of support", path!, "/support/disputes?state=decided", "/support/approvals");
    }
}
