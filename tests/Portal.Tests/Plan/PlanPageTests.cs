using Bunit;
using Ledger;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Portal.Accounts;
using Portal.Data;
using Portal.Plan;
using Portal.Terms;
using Portal.Tests.Accounts;

namespace Portal.Tests.Plan;

public sealed class PlanPageTests : PagesTest
{
    [Fact]
    public void The_plans_stand_side_by_side_with_what_is_better_and_worse()
    {
        var page = Render<PlanPage>();
        page.Shows(".pagehead-sentence", "You have Pro since Nov 23, 2026 CET: $20.00 a month, with $20.00 of credit.");
        Assert.Equal(["Pro Your plan", "Max 5x", "Max 20x"], page.FindAll(".plans h3").Select(h => string.Join(' ', h.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))));
        page.Shows(".plans > li:nth-child(1)", "$20.00 USD a month Credit a month $20.00 Extra usage allowed Largest cap $2,000.00 Terms of Jan 1, 2026 CET");
        page.Shows(".plans > li:nth-child(2) .differences", "Worse: costs $80.00 more a month Better: gives $80.00 more credit");
        Assert.Empty(page.FindAll(".plans > li:nth-child(1) button"));
    }

    [Fact]
    public async Task A_plan_that_nobody_chooses_oneself_stands_beside_those_that_one_can_choose()
    {
        await Put("enterprise-standard", "anna");
        Time.Advance(TimeSpan.FromDays(31));
        await Door.Submit(new Wake("anna"));
        var page = Render<PlanPage>();
        page.Shows(".pagehead-sentence", "You have Enterprise Standard seat since Dec 23, 2026 CET: $60.00 a month, without credit.");
        Assert.Equal(4, page.FindAll(".plans > li").Count);
        page.Shows(".plans .here", "Credit a month none Extra usage none");
        page.Shows(".plans > li:nth-child(1) .differences", "Better: costs $40.00 less a month Better: gives $20.00 more credit Better: allows extra usage");
    }

    [Fact]
    public async Task An_upgrade_says_what_it_costs_now_and_does_exactly_that()
    {
        await Claim();
        Time.Advance(TimeSpan.FromDays(15));
        var (stage, page) = RenderWithDialogs();
        await page.Button("Upgrade to Max 20x").ClickAsync(new());
        stage.Shows(".mud-dialog", "Upgrade to Max 20x?");
        stage.Shows(".mud-dialog .figures", "Counts from now; the period stays Added to this period's fee $90.00 USD Added to this period's credit $90.00");
        stage.Shows(".mud-dialog .figures", "Fee a month $20.00 → $200.00 Credit a month $20.00 → $200.00 Extra usage allowed, cap at most $2,000.00");
        await stage.Button("Upgrade for $90.00 now").ClickAsync(new());
        page.Shows("[role=status]", "Your plan is Max 20x now. $90.00 is added to this period's plan fee, and $90.00 to its credit.");
        page.Shows(".pagehead-sentence", "You have Max 20x since Dec 8, 2026 CET: $200.00 a month");
        Assert.Empty(stage.FindAll(".mud-dialog"));
    }

    [Fact]
    public async Task A_smaller_plan_counts_from_the_next_period_and_can_be_taken_back()
    {
        await Put("max-5x", "anna");
        await Claim();
        await TurnOn(30);
        await Door.Submit(new GrantGoodwill("anna", Guid.CreateVersion7(), Money.FromDollars(5), Time.GetUtcNow().AddDays(60), "sorry", "T-1", await Staff()));
        var (stage, page) = RenderWithDialogs();
        await page.Button("Change to Pro").ClickAsync(new());
        stage.Shows(".mud-dialog .figures", "To pay now $0.00 Fee a month $100.00 → $20.00");
        stage.Shows(".mud-dialog .notice-warning", "of credit is left, and is lost on Dec 23");
        await stage.Button("Change for $20.00 a month from Dec 23").ClickAsync(new());
        page.Shows("[role=status]", "Pro counts from Dec 23, 13:00 CET. Until then everything stays as it is.");
        page.Shows(".plans-chosen", "Chosen from Dec 23, 13:00 CET");
        await page.Button("Keep Max 5x").ClickAsync(new());
        stage.Shows(".mud-dialog", "What you chose for the next period is taken back: Max 5x goes on as it is.");
        await Last(stage).ClickAsync(new());
        page.Shows("[role=status]", "You keep Max 5x.");
        Assert.Empty(page.FindAll(".plans-chosen"));
    }

    [Fact]
    public async Task A_cancellation_says_what_is_lost_and_that_extra_usage_goes_off()
    {
        await Claim();
        await TurnOn(30);
        await Use(8);
        await Hold(14);
        var (stage, page) = RenderWithDialogs();
        await page.Button("Cancel your plan").ClickAsync(new());
        stage.Shows(".mud-dialog", "Extra usage goes off as soon as you confirm.");
        stage.Shows(".mud-dialog", "Requests that are already authorized hold $2.00 and may still use it.");
        stage.Shows(".mud-dialog", "$12.00 of credit is left, and is lost on Dec 23, 13:00 CET unless you use it before.");
        stage.Shows(".mud-dialog .figures", "Fee a month $20.00 → none Credit a month $20.00 → none");
        await stage.Button("Cancel, and close on Dec 23").ClickAsync(new());
        page.Shows("[role=status]", "Your plan is cancelled: the account closes on Dec 23, 13:00 CET.");
        page.Shows(".notice-warning", "You cancelled: the account closes on Dec 23, 13:00 CET.");
        Assert.DoesNotContain(page.FindAll("button"), b => b.TextContent.Contains("Cancel your plan", StringComparison.Ordinal));
        await page.Button("Keep Pro").ClickAsync(new());
        stage.Shows(".mud-dialog", "Extra usage stays off unless you turn it on again.");
        await Last(stage).ClickAsync(new());
        page.Shows("[role=status]", "You keep Pro.");
    }

    [Fact]
    public async Task What_another_tab_did_while_the_question_stood_is_shown_and_nothing_is_done()
    {
        await Claim();
        var (stage, page) = RenderWithDialogs();
        await page.Button("Upgrade to Max 5x").ClickAsync(new());
        stage.Shows(".mud-dialog .figures", "Fee a month $20.00 → $100.00");
        await Door.Submit(new ChangePlan("anna", "max-20x", Owner));
        await Last(stage).ClickAsync(new());
        stage.Shows(".mud-dialog [role=alert]", "It would be other than you were shown by now.");
        stage.Shows(".mud-dialog [role=alert]", "Nothing was changed.");
        stage.Shows(".mud-dialog .figures", "Fee a month $200.00 → $100.00");
        page.Shows(".pagehead-sentence", "You have Max 20x since");
        await stage.Button("Change for $100.00 a month from Dec 23").ClickAsync(new());
        page.Shows("[role=status]", "Max 5x counts from Dec 23");
    }

    [Fact]
    public async Task A_price_that_reads_differently_by_now_is_shown_before_it_is_paid()
    {
        await Claim();
        var (stage, page) = RenderWithDialogs();
        await page.Button("Upgrade to Max 20x").ClickAsync(new());
        stage.Shows(".mud-dialog .figures", "Added to this period's fee $180.00");
        Time.Advance(TimeSpan.FromHours(6));
        await stage.Button("Upgrade for $180.00 now").ClickAsync(new());
        stage.Shows(".mud-dialog [role=alert]", "It would be other than you were shown by now.");
        Assert.Equal("pro", (await Of<Balances>().Account("anna"))!.Plan);
        await stage.Button("Upgrade for $178.50 now").ClickAsync(new());
        page.Shows("[role=status]", "$178.50 is added to this period's plan fee");
    }

    [Fact]
    public async Task Two_presses_at_once_do_it_once()
    {
        await Claim();
        var (stage, page) = RenderWithDialogs();
        await page.Button("Upgrade to Max 20x").ClickAsync(new());
        var button = Last(stage);
        await Task.WhenAll(button.ClickAsync(new()), button.ClickAsync(new()));
        page.Shows("[role=status]", "Your plan is Max 20x now.");
        Assert.Equal(2, (await Of<Balances>().Account("anna"))!.Current.FeeLines.Count);
        await using var db = await Of<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        Assert.Equal(1, await db.Set<AuditRecord>().CountAsync(a => a.Action == nameof(ChangePlan)));
    }

    [Fact]
    public async Task Two_tabs_agree()
    {
        var (stage, page) = RenderWithDialogs();
        var other = Render<PlanPage>();
        other.Shows(".pagehead-sentence", "You have Pro");
        await page.Button("Upgrade to Max 5x").ClickAsync(new());
        await Last(stage).ClickAsync(new());
        page.Shows(".pagehead-sentence", "You have Max 5x");
        other.Shows(".pagehead-sentence", "You have Max 5x");
    }

    [Fact]
    public async Task A_busy_door_is_answered_inside_the_question_with_what_is_true_now()
    {
        var (stage, page) = RenderWithDialogs();
        await page.Button("Upgrade to Max 5x").ClickAsync(new());
        await Door.StopAsync(default);
        await Last(stage).ClickAsync(new());
        stage.Shows(".mud-dialog [role=alert]", "We couldn't change your plan.");
        stage.Shows(".mud-dialog [role=alert]", "Your plan is Pro; nothing is chosen for the next period.");
        stage.Shows(".mud-dialog [role=alert]", "ref");
    }

    [Fact]
    public async Task New_terms_of_ones_own_plan_are_told_ahead()
    {
        await Add(new PlanTerms("pro", Time.Start.AddDays(35), "Pro", Money.FromDollars(22), Money.FromDollars(21), true, Money.FromDollars(1500), true));
        var page = Render<PlanPage>();
        page.Shows(".pagehead-sentence", "From Jan 23, 13:00 CET: $22.00 a month, with $21.00 of credit.");
        page.Shows(".plans .here", "From Jan 23, 13:00 CET: $22.00 a month, $21.00 of credit, largest cap $1,500.00.");
    }

    [Fact]
    public async Task Terms_that_came_into_force_in_this_period_count_from_the_next()
    {
        Time.Advance(TimeSpan.FromDays(3));
        await Add(new PlanTerms("pro", Time.Start.AddDays(1), "Pro", Money.FromDollars(22), Money.FromDollars(20), true, Money.FromDollars(2000), true));
        var page = Render<PlanPage>();
        page.Shows(".pagehead-sentence", "$20.00 a month, with $20.00 of credit. From Dec 23, 13:00 CET: $22.00 a month");
        page.Shows(".plans .here", "Terms of Jan 1, 2026 CET");
    }

    [Fact]
    public async Task A_closed_account_offers_nothing_to_choose()
    {
        await Put("pro", "anna", AccountStatus.Closed);
        var page = Render<PlanPage>();
        page.Shows(".pagehead-sentence", "You have Pro since Nov 23, 2026 CET, but the account is closed.");
        page.Shows(".notice", "Its plan cannot be changed here");
        Assert.Empty(page.FindAll("button"));
    }

    [Fact]
    public async Task A_paused_programme_is_told()
    {
        await using (var db = await Of<IDbContextFactory<PortalDb>>().CreateDbContextAsync())
        {
            db.Add(new ProgrammePhase(Time.Start.AddDays(-1), ProgrammeStatus.Paused, ProgrammaticUse.Refused, ClaimMode.EachPeriod));
            (await db.Set<TermsRevision>().SingleAsync()).Revision++;
            await db.SaveChangesAsync();
        }
        Render<PlanPage>().Shows(".notice", "The credit programme is paused.");
    }

    [Fact]
    public void A_new_account_has_nothing_to_compare_yet() =>
        Render<PlanPage>().Shows("[aria-labelledby=compare]", "There is nothing to compare yet When your first period has ended, on Dec 23");

    [Fact]
    public async Task Plans_are_compared_on_ones_own_use_once_a_period_is_over()
    {
        await Claim();
        await Use(15);
        await Refused(30);
        Time.Advance(TimeSpan.FromDays(31));
        var page = Render<PlanPage>();
        page.Shows("[aria-labelledby=compare]", "Your requests of your last whole period are decided once more under each plan");
        await page.Button("Compare the plans").ClickAsync(new());
        page.Shows("[aria-labelledby=compare]", "On Pro, your plan, your last period would have cost $20.00 a month; 1 request would have been refused.");
        page.Shows("[aria-labelledby=compare]", "On Max 5x your last period would have cost $100.00 a month; nothing would have been refused. 1 request that was refused would have run");
        page.Shows("[aria-labelledby=compared-max-5x] tbody tr", "Nov 23 to Dec 23 $100.00 $15.00 $85.00 $0.00 $100.00 0");
    }

    /// <summary>The dialog's button that decides.</summary>
    private static AngleSharp.Dom.IElement Last(IRenderedComponent<MudDialogProvider> stage)
    {
        stage.WaitForElement(".mud-dialog button");
        return stage.FindAll(".mud-dialog button")[^1];
    }

    private async Task Add(PlanTerms terms)
    {
        await using var db = await Of<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        db.Add(terms);
        (await db.Set<TermsRevision>().SingleAsync()).Revision++;
        await db.SaveChangesAsync();
    }

    private (IRenderedComponent<MudDialogProvider> Stage, IRenderedComponent<PlanPage> Page) RenderWithDialogs()
    {
        var stage = Render<MudDialogProvider>();
        var page = Render<PlanPage>();
        page.WaitForElement(".plans button");
        return (stage, page);
    }

    [Fact]
    public void Until_it_is_known_who_looks_it_shows_its_shape() => ShowsItsShape(typeof(PlanPage), "Loading your plan");

    protected override void AddRooms(WebApplicationBuilder builder) => builder.AddPlan();

    protected override void LendServices()
    {
        base.LendServices();
        Services.AddSingleton(_ => Of<PlanReader>());
        Services.AddSingleton(_ => Of<PlanPreviews>());
        Services.AddSingleton(_ => Of<PlanComparer>());
    }
}
