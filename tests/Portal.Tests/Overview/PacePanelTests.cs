using Bunit;
using Ledger;
using Portal.Overview;
using Portal.Tests.Accounts;

namespace Portal.Tests.Overview;

public sealed class PacePanelTests : PagesTest
{
    [Fact]
    public async Task From_fewer_than_three_days_it_predicts_nothing_and_says_so()
    {
        await Claim();
        await Spend(1, days: 2);
        var page = Render<AccountOverview>();
        page.Shows(".pace", "2 days of use are known. From 3 days on, this says when your credit runs out");
        page.Shows(".pace", "a day finishes it exactly.");
        Assert.Empty(page.FindAll(".burndown"));
    }

    [Fact]
    public async Task A_slow_pace_says_what_is_lost_and_what_would_finish_the_credit()
    {
        await Claim();
        await Spend(0.25m, days: 6);
        var page = Render<AccountOverview>();
        page.Shows(".pace", "You spend about $0.24 a day");
        Assert.Matches(@"At this pace \$1[0-9]\.\d\d is lost by Dec 23", page.Text(".pace"));
        Assert.Matches(@"\$0\.7\d a day finishes it exactly\.", page.Text(".pace"));
        Assert.Matches("Credit from Nov 23 to Dec 23: .* is left now; at your pace .* is left on Dec 23", page.Find(".burndown svg").GetAttribute("aria-label")!);
    }

    [Fact]
    public async Task A_fast_pace_says_when_the_credit_runs_out()
    {
        await Claim();
        await Spend(2, days: 5);
        var page = Render<AccountOverview>();
        page.Shows(".pace", "At this pace your credit runs out on Dec 3 CET");
        Assert.Contains("none is left on Dec 3", page.Find(".burndown svg").GetAttribute("aria-label"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_extra_usage_on_it_sets_the_expected_extra_against_the_cap()
    {
        await Claim();
        await TurnOn(25);
        await Spend(3, days: 6);
        var page = Render<AccountOverview>();
        page.Shows(".pace", "Extra usage comes to about $25.00 of your $25.00 cap");
        page.Shows(".pace", "At this pace the cap is reached on");
    }

    [Fact]
    public async Task A_cap_that_is_reached_is_not_predicted()
    {
        await Claim();
        await TurnOn(5);
        await Spend(5, days: 6);
        var page = Render<AccountOverview>();
        page.Shows(".pace-stop", "The cap of $5.00 is reached: no more extra usage until Dec 23");
        Assert.DoesNotContain("At this pace the cap", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("comes to about", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_the_claim_it_says_what_the_credit_would_need()
    {
        await TurnOn(25);
        await Spend(1, days: 4);
        var page = Render<AccountOverview>();
        page.Shows(".pace", "a day finishes your credit, once it is claimed, exactly.");
        Assert.Empty(page.FindAll(".burndown"));
    }

    [Fact]
    public async Task A_closed_account_has_no_pace()
    {
        await Claim();
        await Spend(1, days: 4);
        await Put("pro", "anna", AccountStatus.Closed);
        var page = Render<AccountOverview>();
        page.Shows(".pagehead-sentence", "This account is closed");
        Assert.Empty(page.FindAll(".pace"));
    }

    [Fact]
    public async Task The_line_of_what_was_left_ends_each_day_where_the_ledger_did()
    {
        await Claim();
        await Spend(2, days: 3);
        var figures = (await Of<OverviewReader>().Read("anna"))!;
        Assert.Equal([18, 16, 14], figures.CreditLeft.Select(p => (int)(p.Left.Nanos / Money.NanosPerDollar)));
        Assert.All(figures.CreditLeft, p => Assert.Equal(TimeSpan.Zero, p.At.TimeOfDay));
    }

    /// <summary>As much on each day, from today on.</summary>
    private async Task Spend(decimal dollars, int days)
    {
        for (var day = 0; day < days; day++)
        {
            await Use(dollars);
            Time.Advance(TimeSpan.FromDays(1));
        }
    }
}
