using Bunit;
using Ledger;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Credit;
using Portal.Statements;
using Portal.Tests.Accounts;

namespace Portal.Tests.Statements;

public sealed class StatementsPageTests : PagesTest
{
    [Fact]
    public void The_first_period_is_told_so_far()
    {
        var page = Render<StatementsPage>();
        page.Shows(".pagehead-sentence", "This period comes to $20.00 so far. It runs until Dec 23");
        page.Shows("tbody tr", "Nov 23, 2026 to Dec 23, 2026 $20.00 $0.00 $20.00 So far");
        page.Shows(".card", "This is your first period.");
        page.Shows(".card", "Nothing is paid here: Portal's billing collects what statements say.");
        Assert.Equal("/statements/2026-11-23", page.Find("tbody a").GetAttribute("href"));
    }

    [Fact]
    public async Task The_list_has_extra_usage_refunds_and_what_is_final()
    {
        await SpendOverTheCap();
        Time.Advance(TimeSpan.FromDays(31));
        await Door.Submit(new ReverseCharge("anna", 2, "Counted twice.", Time.GetUtcNow().AddDays(20), await Staff()));
        var page = Render<StatementsPage>();
        page.WaitForElement("tbody tr");
        Assert.Equal(
            ["Dec 23, 2026 to Jan 23, 2027 $20.00 $0.00 −$10.00 $10.00 So far", "Nov 23, 2026 to Dec 23, 2026 $20.00 $10.00 $0.00 $30.00 Final"],
            page.FindAll("tbody tr").Select((_, i) => page.Text($"tbody tr:nth-child({i + 1})")));
    }

    [Fact]
    public async Task The_list_moves_by_itself()
    {
        await Claim();
        await TurnOn(10);
        var page = Render<StatementsPage>();
        page.Shows("tbody tr", "$20.00 $0.00 $20.00 So far");
        await Use(23);
        page.Shows("tbody tr", "$20.00 $3.00 $23.00 So far");
    }

    [Fact]
    public async Task A_statement_whose_entries_left_with_their_month_keeps_its_figures_and_says_where_they_are()
    {
        await SpendOverTheCap();
        await Detach();
        var page = Render("2026-11-23");
        page.Shows(".empty", InTheArchive);
        page.Shows("section[aria-labelledby=credit]", "Granted $20.00 Used $20.00");
        Assert.Empty(page.FindAll("[aria-labelledby=entries] table"));
    }

    [Fact]
    public async Task A_running_statement_says_what_it_is_made_of_and_why_it_is_not_final()
    {
        await SpendOverTheCap();
        var page = Render("2026-11-23");
        page.Shows(".pagehead-sentence", "This period comes to $30.00 USD so far.");
        page.Shows(".notice", "It is not final yet.");
        page.Shows(".notice", "The period runs until Dec 23");
        page.Shows("section[aria-labelledby=lines]", "Pro plan fee $20.00 Extra usage, less discounts $10.00 Total due $30.00 USD");
        page.Shows("section[aria-labelledby=credit]", "Granted $20.00 Used $20.00 Lost, because its time had passed $0.00");
        page.Shows("section[aria-labelledby=extra]", "At API rates $10.00 Owed $10.00");
        page.Shows(".not-owed", "$3.00 is not owed.");
        Assert.Equal(
            ["Credit given 1 $20.00", "Requests, Sonnet 5.5 3 $20.00 $10.00 $3.00"],
            page.FindAll("[aria-labelledby=entries] tbody tr").Select((_, i) => page.Text($"[aria-labelledby=entries] tbody tr:nth-child({i + 1})")));
        page.Shows("[aria-labelledby=entries] tfoot", "Together 4 $20.00 $20.00 $0.00 $10.00 $3.00");
        page.Shows(".asof", "moves by itself");
    }

    [Fact]
    public async Task A_final_statement_stands_still_and_an_upgrade_is_a_line()
    {
        await Claim();
        Time.Advance(TimeSpan.FromDays(15));
        await Door.Submit(new ChangePlan("anna", "max-20x", Owner));
        Time.Advance(TimeSpan.FromDays(17));
        var page = Render("2026-11-23");
        page.Shows(".pagehead-sentence", "The statement is final: it never changes.");
        page.Shows("section[aria-labelledby=lines]", "Pro plan fee $20.00");
        page.Shows("section[aria-labelledby=lines]", "Upgrade to Max 20x on Dec 8, 13:00 CET, for the time left $");
        var due = Shown(page, "lines");
        Assert.Equal(due[^1], due[..^1].Sum());
        Assert.Equal(90.00m, Math.Round(due[1], 2));
        Assert.Empty(page.FindAll(".notice"));
        Assert.DoesNotContain("moves by itself", page.Text(".asof"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_period_that_ended_with_a_request_still_running_says_so()
    {
        await Claim();
        Time.Advance(TimeSpan.FromDays(30) - TimeSpan.FromMinutes(1));
        await Hold(3);
        Time.Advance(TimeSpan.FromMinutes(2));
        var page = Render("2026-11-23");
        page.Shows(".notice", "requests that began in it are still running, and count in it");
    }

    [Fact]
    public async Task A_promotion_is_named_with_what_it_takes_off()
    {
        await Put("max-20x", "anna");
        await Claim();
        await TurnOn(100);
        await Use(210);
        var page = Render("2026-11-23");
        page.Shows("section[aria-labelledby=extra]", "November: 20 % off Sonnet, off $10.00");
        var extra = Shown(page, "extra");
        Assert.Equal([10.00m, 10.00m, -2.00m, 8.00m], extra.Select(amount => Math.Round(amount, 2)));
        Assert.Equal(extra[^1], extra[0] + extra[2]);
    }

    [Fact]
    public async Task A_refund_links_the_charge_and_may_exceed_what_falls_due()
    {
        await Claim();
        await TurnOn(90);
        await Use(20);
        await Use(60);
        Time.Advance(TimeSpan.FromDays(31));
        await Door.Submit(new ReverseCharge("anna", 2, "Counted twice.", Time.GetUtcNow().AddDays(20), await Staff()));
        var page = Render("2026-12-23");
        page.Shows("section[aria-labelledby=lines]", "Refund: a charge of the period from Nov 23, 2026 was reversed −$60.00");
        page.Shows("section[aria-labelledby=lines]", "Total due −$40.00 USD");
        page.Shows("section[aria-labelledby=lines]", "Portal owes you the rest");
        Assert.Equal("/history/anna.c2", page.Find("[aria-labelledby=lines] a").GetAttribute("href"));
    }

    [Fact]
    public async Task A_closed_account_has_no_fee_in_a_later_period()
    {
        await Door.Submit(new CancelPlan("anna", Owner));
        Time.Advance(TimeSpan.FromDays(31));
        var page = Render("2026-12-23");
        page.Shows("section[aria-labelledby=lines]", "The account was closed: no plan fee $0.00 Total due $0.00 USD");
        page.Shows("section[aria-labelledby=credit]", "None was given, used or lost in this period.");
        page.Shows("section[aria-labelledby=extra]", "None: everything that ran was paid by credit or included in the plan.");
        page.Shows(".empty", "The entries of this period will stand here");
    }

    [Fact]
    public void On_paper_it_says_whose_it_is_and_the_period_with_its_zone()
    {
        var page = Render("2026-11-23");
        page.Shows(".letterhead", "Portal");
        page.Shows(".letterhead", "Account anna");
        page.Shows(".letterhead", "Period Nov 23, 2026, 13:00:00 CET to Dec 23, 2026, 13:00:00 CET");
        page.Shows(".letterhead", "State Not final as of Nov 23, 2026");
        Assert.NotNull(page.Find("button[data-print]"));
        Assert.Equal("/statements/2026-11-23/file", page.Find("a[download]").GetAttribute("href"));
    }

    [Fact]
    public void A_period_that_is_none_is_not_found()
    {
        var nav = Services.GetRequiredService<NavigationManager>();
        var notFound = false;
        nav.OnNotFound += (_, _) => notFound = true;
        Render("2026-11-22");
        Assert.True(notFound);
    }

    [Fact]
    public async Task Past_periods_of_the_credit_lead_to_their_statements()
    {
        Time.Advance(TimeSpan.FromDays(31));
        await Door.Submit(new Wake("anna"));
        var page = Render<CreditPage>();
        Assert.Equal("/statements/2026-11-23", page.WaitForElement("tbody a").GetAttribute("href"));
    }

    /// <summary>$20.00 of credit, $10.00 of extra usage, and $3.00 that nobody owes.</summary>
    private async Task SpendOverTheCap()
    {
        await Claim();
        await TurnOn(10);
        await Use(20);
        await Use(10);
        await Use(3);
    }

    private IRenderedComponent<StatementPage> Render(string period) => Render<StatementPage>(p => p.Add(s => s.Period, period));

    /// <summary>The amounts of a section as they are read: what stands in a sum adds up on the screen, to the last digit.</summary>
    private static decimal[] Shown(IRenderedComponent<StatementPage> page, string section) =>
        [.. page.FindAll($"section[aria-labelledby={section}] data").Select(amount => decimal.Parse(amount.TextContent.Replace("−", "-", StringComparison.Ordinal).Replace("$", "", StringComparison.Ordinal).Replace(" USD", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture))];

    [Fact]
    public void Until_it_is_known_who_looks_it_shows_its_shape() => ShowsItsShape(typeof(StatementsPage), "Loading your statements");

    [Fact]
    public void And_so_does_a_single_one() => ShowsItsShape(typeof(StatementPage), "Loading the statement");

    protected override void AddRooms(WebApplicationBuilder builder) => builder.AddStatements();

    protected override void LendServices()
    {
        base.LendServices();
        Services.AddSingleton(_ => Of<StatementReader>());
    }
}
