using Microsoft.Playwright;
using Portal.Testing;

namespace Portal.Browser;

/// <summary>
/// Every page by its address on PostgreSQL, whose answers take longer than a circuit's first drawing: what the first paint handed on is drawn before
/// it is known who looks, which on SQLite it always is.
/// </summary>
public sealed class PagesOnPostgres(PagesOnPostgres.OwnPortal portal, ChromiumBrowser browser) : Journey(Of(portal), browser), IClassFixture<PagesOnPostgres.OwnPortal>
{
    [Theory]
    [InlineData("max20x@example.com", "/", "/usage", "/credit", "/extra-usage", "/history", "/history/demo-max20x.c1", "/history/balance", "/statements", "/plan", "/alerts", "/keys", "/support-access")]
    [InlineData("support@example.com", "/", "/support", "/support/accounts/demo-max20x", "/support/accounts/demo-max20x/compare", "/support/accounts/demo-max20x/charges/demo-max20x.c1", "/support/accounts/demo-max20x/refusals", "/support/approvals", "/support/corrections", "/support/disputes")]
    [InlineData("admin@example.com", "/", "/admin/usage", "/admin/people", "/admin/audit", "/admin/audit/1", "/admin/plans", "/admin/plans/1", "/admin/rates", "/admin/approvals", "/admin/programme", "/admin/promotions", "/admin/surfaces", "/admin/gateways", "/admin/health")]
    public async Task Every_page_that_is_opened_by_its_address_is_taken_over_by_a_circuit_and_stays(string email, params string[] addresses)
    {
        var page = await SignedIn(email);
        foreach (var address in addresses)
        {
            await Open(page, address);
            // A page that breaks says so in its place, under the same address.
            await Expect(Content(page)).Not.ToContainTextAsync("could not be shown");
            await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveCountAsync(1);
        }
    }

    private static PortalHost Of(OwnPortal portal)
    {
        Tools.Require(portal.Database.Missing);
        return portal.Host;
    }

    public sealed class OwnPortal : PortalOn<PostgresDatabase>
    {
        protected override HostOptions Options => DemoPortal.Filled;
    }
}
