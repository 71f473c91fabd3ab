using Ledger;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Accounts;
using Portal.Admin.Prices;
using Portal.Terms;

namespace Portal.Browser.Accessibility;

/// <summary>The pages of administrators.</summary>
public sealed class AdministratorsPages(DemoPortal portal, ChromiumBrowser browser) : AxeJourney(portal, browser)
{
    [Fact]
    public async Task The_pages_of_the_people_and_of_the_audit_have_no_violation() =>
        await Look(await SignedIn("admin@example.com"), "an administrator", "/admin/people", "/admin/audit", "/admin/audit?action=SignIn", "/admin/audit/1");

    [Fact]
    public async Task The_pages_of_prices_have_no_violation()
    {
        var (page, owner) = (await SignedIn("admin@example.com"), await NewOwner());
        var terms = (await Host.Services.GetRequiredService<PriceReader>().Version(TermsKind.Plans, 1))!.EffectiveFrom;
        Assert.IsType<PinOutcome.FromNextPeriod>(await Submit(new PinPlanTerms(owner.Account, terms, "Agreed for a year.", await Staff("admin@example.com"))));
        await Look(page, "admin@example.com", "/admin/plans", $"/admin/plans?pinned={owner.Account}", "/admin/plans?pinned=nobody", "/admin/plans/1", "/admin/plans/2", "/admin/rates", "/admin/rates/2", "/admin/rates/3", "/admin/approvals");

        // A grid with a price that is none and a model that goes: both said in it.
        var drafted = Assert.IsType<TermsOutcome.Drafted>(await Host.Services.GetRequiredService<TermsVersions>().Draft(TermsKind.Rates, null, await Staff("admin@example.com")));
        await Open(page, $"/admin/rates/{drafted.Number}");
        await page.GetByLabel("Sonnet 5.5, Output").FillAsync("-1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove Opus 5", Exact = true }).ClickAsync();
        await Expect(page.GetByText("A price is not negative.")).ToBeVisibleAsync();
        await LookAtThis(page, "a draft with cells to mend");
        NothingWasFound();
    }

    [Fact]
    public async Task The_administrators_pages_have_no_violation()
    {
        await Look(await SignedIn("admin@example.com"), "admin@example.com", "/", "/admin/usage", "/admin/programme", "/admin/promotions", "/admin/surfaces", "/admin/gateways", "/admin/health");
    }
}
