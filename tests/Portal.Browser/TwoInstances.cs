namespace Portal.Browser;

/// <summary>Two instances of the application on one PostgreSQL.</summary>
public sealed class TwoInstances(TwoInstances.Portals portals, ChromiumBrowser browser) : Journey(First(portals), browser), IClassFixture<TwoInstances.Portals>
{
    [Fact]
    public async Task What_comes_in_through_one_moves_a_page_that_is_open_on_the_other()
    {
        await using var other = PortalHost.Start(portals.Database, DemoPortal.Filled);
        var owner = await NewOwnerWithExtraUsage(10);
        var page = await SignedIn(owner.Email);
        await Expect(Content(page)).ToContainTextAsync("You have $20.00 of your $20.00");

        await Report(other, owner.Account, new { output_tokens = 2_150_000 });

        await Expect(Content(page)).ToContainTextAsync("Extra usage pays now: $8.50 remains of your $10.00 cap");
    }

    private static PortalHost First(Portals portals)
    {
        Tools.Require(portals.Database.Missing);
        return portals.Host;
    }

    public sealed class Portals : PortalOn<PostgresDatabase>
    {
        protected override HostOptions Options => DemoPortal.Filled;
    }
}
