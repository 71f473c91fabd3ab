using Ledger;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Accounts;
using Portal.Alerts;

namespace Portal.Browser.Accessibility;

/// <summary>The subscriber's pages in states that few accounts are in, and pages on the way to them.</summary>
public sealed class SubscribersStates(DemoPortal portal, ChromiumBrowser browser) : AxeJourney(portal, browser)
{
    [Theory]
    [InlineData("max5x@example.com", "/", "/history?kind=included&surface=code")]
    [InlineData("team@example.com", "/", "/credit", "/plan", "/extra-usage", "/history?from=2026-13-01")]
    [InlineData("enterprise@example.com", "/", "/credit", "/plan", "/extra-usage", "/usage")]
    public async Task Pages_that_look_different_on_other_plans_have_no_violation(string email, params string[] pages) => await Look(await SignedIn(email), email, pages);

    [Fact]
    public async Task A_closed_account_has_no_violation()
    {
        var owner = await NewOwner();
        await Report(Host, owner.Account, new { output_tokens = 100_000 });
        await Submit(new PutAccount(owner.Account, owner.Actor.UserId!, "pro", null, AccountStatus.Closed, Actor.Key("journeys")));
        await Look(await SignedIn(owner.Email), "the owner of a closed account", "/", "/credit", "/extra-usage", "/plan", "/keys");
    }

    [Fact]
    public async Task A_charge_while_it_is_disputed_and_after_has_no_violation()
    {
        var owner = await NewOwnerWithExtraUsage(10);
        await Report(Host, owner.Account, new { output_tokens = 100_000 });
        var page = await SignedIn(owner.Email);
        await Open(page, $"/history/{owner.Account}.c1");
        await Button(page, "Dispute this charge").ClickAsync();
        await Button(page, "Dispute $1.00").ClickAsync();
        await Expect(page.Locator("#dispute-error")).Not.ToBeEmptyAsync();
        await LookAtThis(page, "a dispute that says too little");

        await page.GetByLabel("What is wrong with it?").FillAsync("No job of ours ran at that time.");
        await Button(page, "Dispute $1.00").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status).First).ToContainTextAsync("Support has your dispute.");
        await LookAtThis(page, "a dispute that was made");
        NothingWasFound();
    }

    [Fact]
    public async Task The_dialog_of_a_lost_connection_has_no_violation()
    {
        var page = await SignedIn("pro@example.com", new() { ReducedMotion = ReducedMotion.Reduce });
        await Open(page, "/credit");
        foreach (var state in (string[])["show", "failed"])
        {
            await page.EvaluateAsync("""
                state => {
                    const dialog = document.getElementById("components-reconnect-modal");
                    dialog.className = `reconnect components-reconnect-${state}`;
                    dialog.dispatchEvent(new CustomEvent("components-reconnect-state-changed", { detail: { state } }));
                }
                """, state);
            await Expect(page.Locator("#components-reconnect-modal")).ToBeVisibleAsync();
            await LookAtThis(page, $"the lost connection, {state}");
        }
        NothingWasFound();
    }

    [Fact]
    public async Task What_is_not_there_not_theirs_or_comes_from_a_mail_has_no_violation()
    {
        var owner = await NewOwner();
        var unsubscribe = new Uri(Host.Services.GetRequiredService<UnsubscribeLinks>().To(owner.Account, AlertKind.Refused)).PathAndQuery;
        await Look(await SignedIn(owner.Email), "somebody", "/sign-in/denied");

        var page = await NewPage();
        await Look(page, "nobody", "/not-found", unsubscribe, "/sign-in/invitation");
        await page.GotoAsync(unsubscribe);
        await Button(page, "Turn off these e-mails").ClickAsync();
        await Expect(Content(page)).ToContainTextAsync("are off.");
        await LookAtThis(page, "a kind of e-mail that was turned off");

        var invited = $"invited-{Guid.NewGuid():n}@example.com";
        using var client = Host.NewClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", DemoPortal.GatewayKey);
        using var put = await client.PutAsync(new Uri($"/v1/accounts/{Guid.NewGuid():n}", UriKind.Relative), System.Net.Http.Json.JsonContent.Create(new { owner_email = invited, plan = "pro", status = "open" }));
        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());
        var mail = page.GetByRole(AriaRole.Article).Filter(new() { HasText = invited });
        await Eventually.Holds(async () =>
        {
            await page.GotoAsync("/dev/mail");
            return await mail.CountAsync() > 0;
        });
        var link = await mail.Locator("a[href*='/sign-in/invitation']").First.GetAttributeAsync("href");
        await Look(page, "somebody invited", new Uri(link!).PathAndQuery);
    }
}
