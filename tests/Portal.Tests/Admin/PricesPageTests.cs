using Bunit;
using Ledger;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Admin;
using Portal.Admin.Prices;
using Portal.Data;
using Portal.SignIn;
using Portal.SignIn.Sessions;
using Portal.Terms;
using Portal.Tests.Accounts;

namespace Portal.Tests.Admin;

/// <summary>The pages of prices in their states, as Anna sees them, who is an administrator here.</summary>
public sealed class PricesPageTests : PagesTest
{
    private TermsVersions Versions => Of<TermsVersions>();

    protected override void AddRooms(WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddPrices();
    }

    protected override void LendServices()
    {
        base.LendServices();
        Services.AddSingleton(_ => Of<TermsVersions>());
        Services.AddSingleton(_ => Of<Impacts>());
        Services.AddSingleton(_ => Of<PriceReader>());
        Services.AddSingleton<TimeProvider>(Time);
    }

    [Fact]
    public async Task The_list_says_what_counts_what_will_and_what_is_written()
    {
        await BecomeAdmin();
        Go("/admin/rates");
        await Versions.Draft(TermsKind.Rates, null, Owner);
        var page = Render<TermsListPage>();
        page.Shows("h1", "Rate cards");
        Assert.Equal(["Draft", "Active", "Past"], page.FindAll("tbody .tag").Select(t => t.TextContent));
    }

    [Fact]
    public async Task A_past_version_is_brought_back_on_its_page_as_a_draft_and_no_other_is()
    {
        await BecomeAdmin();
        Go("/admin/rates/2");
        var active = Render<TermsVersionPage>(p => p.Add(v => v.Number, 2));
        active.WaitForElement("h2");
        Assert.Empty(active.FindAll("#back"));
        Go("/admin/rates/1");
        await Render<TermsVersionPage>(p => p.Add(v => v.Number, 1)).Button("Bring back version 1").ClickAsync(new());
        Assert.EndsWith("/admin/rates/3", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
        var draft = Render<TermsVersionPage>(p => p.Add(v => v.Number, 3));
        draft.Shows(".pagehead", "“Back to the terms of version 1.”");
        await draft.Find("#why").InputAsync(new() { Value = "It was a slip." });
        await draft.Button("Withdraw this version").ClickAsync(new());
        draft.Shows(".pagehead", "It never counted.");
        draft.Shows(".pagehead", "Withdrawn by anna@example.org, Nov 23, 2026");
        draft.Shows(".pagehead", ": “It was a slip.”");
    }

    [Fact]
    public async Task Whoever_is_no_administrator_any_more_sees_none_of_it()
    {
        Go("/admin/rates/2");
        SignIn(Roles.Admin);
        var page = Render<TermsVersionPage>(p => p.Add(v => v.Number, 2));
        page.Shows("h1", "Not yours to open");
        await BecomeAdmin();
        Go("/admin/plans/77");
        Render<TermsVersionPage>(p => p.Add(v => v.Number, 77)).Shows("h1", "Not yours to open");
    }

    [Fact]
    public async Task A_wrong_cell_says_so_beside_it_and_keeps_it_from_being_sent()
    {
        var page = await Draft();
        Cell(page, "Sonnet 5.5, Output").Change("-1");
        page.Shows(".sheet .field-error", "A price is not negative.");
        Assert.Equal("true", Cell(page, "Sonnet 5.5, Output").GetAttribute("aria-invalid"));
        await page.Button("Save the draft").ClickAsync(new());
        page.Shows("[role=status]", "Saved, as revision 2.");
        Assert.True(page.Button("Send for approval").HasAttribute("disabled"));
        page.Shows("[aria-labelledby=write]", "One cell has to be mended or ticked.");

        Cell(page, "Sonnet 5.5, Output").Change("40");
        page.Shows(".sheet-tick", "At least 3 times what it was (10). It is meant so.");
        page.Find(".sheet-tick input").Change(true);
        await page.Find("#reason").ChangeAsync(new() { Value = "It was too cheap." });
        await page.Button("Save the draft").ClickAsync(new());
        page.Shows("[aria-labelledby=diff] tbody", "Sonnet 5.5 Output 10 40 +300 %");
        await page.Button("Send for approval").ClickAsync(new());
        page.Shows("[role=status]", "It waits for a second administrator.");
        page.Shows("[aria-labelledby=decide]", "You wrote or sent it yourself: another administrator approves it.");
    }

    [Fact]
    public async Task What_is_pasted_stands_in_the_grid_and_what_is_no_list_leaves_it_as_it_was()
    {
        var page = await Draft();
        await page.Find("#paste").ChangeAsync(new() { Value = "nonsense" });
        await page.Button("Put it into the grid").ClickAsync(new());
        page.Shows("#paste-error", "The grid is as it was.");
        await page.Find("#paste").ChangeAsync(new() { Value = "model\tname\tabove_prompt_tokens\tinput\tcache_write_5m\tcache_write_1h\tcache_read\toutput\nnew-model\tNew\t0\t1\t2\t3\t4\t5" });
        await page.Button("Put it into the grid").ClickAsync(new());
        Assert.Equal("5", Cell(page, "New, Output").GetAttribute("value"));
        page.Shows("[aria-labelledby=write]", "goes: requests for it would be refused.");
    }

    [Fact]
    public async Task Somebody_elses_change_is_told_and_what_was_written_here_stays_until_theirs_is_loaded()
    {
        var page = await Draft();
        Cell(page, "Sonnet 5.5, Output").Change("11");
        var stored = (await Of<PriceReader>().Version(TermsKind.Rates, 3))!;
        await Versions.Save(TermsKind.Rates, 3, stored.Revision, stored.Written with { Reason = "Theirs." }, Owner);
        await page.Button("Save the draft").ClickAsync(new());
        page.Shows("[role=alert]", "Somebody changed it meanwhile.");
        Assert.Equal("11", Cell(page, "Sonnet 5.5, Output").GetAttribute("value"));
        await page.Button("Load the saved version here").ClickAsync(new());
        Assert.Equal("10", Cell(page, "Sonnet 5.5, Output").GetAttribute("value"));
        Assert.Equal("Theirs.", page.Find("#reason").GetAttribute("value"));
    }

    [Fact]
    public void An_impact_says_who_pays_more_and_shows_how_it_is_distributed()
    {
        var side = ImpactSide.Nothing with { Fees = Money.FromDollars(40), Owed = Money.FromDollars(3), Carried = 9 };
        var sums = new Impact(
            1, "", 30, Time.Start.AddDays(-30), Time.Start, 120, 50, 3, side, side with { Owed = Money.FromDollars(5) }, 1, 0, 0,
            [new(null, Money.FromDollars(-50), 0), new(Money.Zero, Money.Smallest, 2), new(Money.FromDollars(1), Money.FromDollars(10), 1), new(Money.FromDollars(50), null, 0)],
            [new ImpactLine("anna", Money.FromDollars(23), Money.FromDollars(25), 0, 0)]);
        var view = Render<ImpactView>(p => p.Add(v => v.Impact, sums));
        view.Shows("p", "Of 3 accounts 1 would have paid more, 0 less and 2 the same; 0 would have been stopped earlier. All together: +$2.00.");
        view.Shows(".shares", "The same 2 accounts");
        view.Shows(".shares", "$1.00 to $10.00 more 1 account");
        view.Shows("table", "Due: fees and extra usage $43.00 $45.00 +$2.00");
    }

    [Fact]
    public async Task An_account_is_pinned_to_the_terms_that_the_page_shows()
    {
        await BecomeAdmin();
        await Put("pro", "other-account");
        Go("/admin/plans/1");
        var page = Render<TermsVersionPage>(p => p.Add(v => v.Number, 1));
        page.Shows("[aria-labelledby=pins] .empty", "No account is pinned to this version");
        await page.Find("#pin-account").InputAsync(new() { Value = "other-account" });
        await page.Find("#pin-reason").InputAsync(new() { Value = "Agreed for a year." });
        await page.Button("Pin the account to these terms").ClickAsync(new());
        page.Shows("[role=status]", "other-account is pinned to these terms.");
        page.Shows(".pins", "other-account pro");
    }

    [Fact]
    public async Task Pinned_accounts_stand_in_one_list_with_their_version_and_are_found_by_how_their_key_begins()
    {
        await BecomeAdmin();
        Go("/admin/plans");
        Render<TermsListPage>().Shows("[aria-labelledby=pinned] .empty", "No account is pinned");
        var terms = (await Of<PriceReader>().Version(TermsKind.Plans, 1))!.EffectiveFrom;
        foreach (var account in (string[])["blue-two", "green", "blue-one"])
        {
            await Put("pro", account);
            Assert.IsType<PinOutcome.FromNextPeriod>(await Door.Submit(new PinPlanTerms(account, terms, "Agreed for a year.", Owner)));
        }

        var page = Render<TermsListPage>();
        Assert.Equal(["blue-one", "blue-two", "green"], Pinned(page));
        Assert.All(page.FindAll(".pins a"), link => Assert.Equal("/admin/plans/1", link.GetAttribute("href")));
        await page.Find("#pinned-key").ChangeAsync(new() { Value = " blue " });
        await page.Find("form[role=search]").SubmitAsync();
        Assert.EndsWith("/admin/plans?pinned=blue", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);

        page = Render<TermsListPage>();
        Assert.Equal(["blue-one", "blue-two"], Pinned(page));
        Assert.Equal("blue", page.Find("#pinned-key").GetAttribute("value"));
        Go("/admin/plans?pinned=red");
        Render<TermsListPage>().Shows("[aria-labelledby=pinned] .empty", "No pinned account begins like this");
    }

    [Fact]
    public async Task A_list_of_pinned_accounts_that_is_cut_says_of_how_many_and_how_the_others_are_found()
    {
        await BecomeAdmin();
        Go("/admin/plans");
        await PinMany(50);
        Assert.DoesNotContain("The first", Render<TermsListPage>().Find("[aria-labelledby=pinned]").TextContent, StringComparison.Ordinal);
        await PinMany(51);

        var list = Render<TermsListPage>();
        Assert.Equal(50, Pinned(list).Count());
        list.Shows("[aria-labelledby=pinned] .pins + p", "The first 50 of 51. Say how the key begins to see others.");
        Go("/admin/plans/1");
        var version = Render<TermsVersionPage>(p => p.Add(v => v.Number, 1));
        version.Shows("[aria-labelledby=pins] .pins + p", "The first 50 of 51. Every one is found by its key under Plans and terms.");
        Assert.Equal("/admin/plans", version.Find("[aria-labelledby=pins] p a").GetAttribute("href"));
        Go("/admin/plans?pinned=account-51");
        list = Render<TermsListPage>();
        Assert.Equal(["account-51"], Pinned(list));
        Assert.DoesNotContain("The first", list.Find("[aria-labelledby=pinned]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Proposals_wait_for_approval_in_their_order_with_what_they_would_have_cost_once_that_is_known()
    {
        await BecomeAdmin();
        await Claim();
        await TurnOn(50);
        await Use(30);
        var (changes, from) = (Of<TermsChanges>(), Time.GetUtcNow().AddDays(1));
        Render<ApprovalsPage>().Shows("[aria-labelledby=changes] .empty", "No change waits");
        Assert.IsType<ProposalOutcome.Proposed>(await changes.Propose(new NewPromotion(from, "Half", from.AddDays(9), 500_000, [], []), "To see who stays.", Owner));
        Assert.IsType<ProposalOutcome.Proposed>(await changes.Propose(new NewSurfaceRule(null, "somewhere", Pool.Interactive), "It is a new one.", Owner));

        var page = Render<ApprovalsPage>();
        Assert.Equal([("/admin/promotions", "not worked out yet", "To see who stays."), ("/admin/surfaces", "not worked out yet", "It is a new one.")], Waiting(page));
        page.Shows("[aria-labelledby=changes] tbody", "off extra usage: “Half”, for every model, on every plan");
        Assert.Contains("its approval", page.FindAll("[aria-labelledby=changes] td[data-name='Would count from']")[1].TextContent, StringComparison.Ordinal);

        await WorkOut((await changes.Open()).Single(p => p.Change is NewPromotion).Id);
        Assert.Equal(("/admin/promotions", "−$5.00", "To see who stays."), Waiting(Render<ApprovalsPage>())[0]);
        await changes.Withdraw((await changes.Open()).Single(p => p.Change is NewPromotion).Id, Owner);
        Assert.Equal("/admin/surfaces", Assert.Single(Waiting(Render<ApprovalsPage>())).Path);
    }

    private static IEnumerable<string> Pinned(IRenderedComponent<TermsListPage> page) => page.FindAll(".pins code").Select(c => c.TextContent);

    private static List<(string? Path, string Impact, string Reason)> Waiting(IRenderedComponent<ApprovalsPage> page) => [.. page.FindAll("[aria-labelledby=changes] tbody tr").Select(row => (
        row.QuerySelector("th a")!.GetAttribute("href"), row.QuerySelector("td[data-name^=Impact]")!.TextContent.Trim(), row.QuerySelector("td[data-name=Reason]")!.TextContent.Trim()))];

    /// <summary>So many are pinned to the first terms then.</summary>
    private async Task PinMany(int count)
    {
        var terms = (await Of<PriceReader>().Version(TermsKind.Plans, 1))!.EffectiveFrom;
        var keys = Enumerable.Range(1, count).Select(n => $"account-{n:00}").ToList();
        await Task.WhenAll(keys.Select(key => Put("pro", key)));
        await Task.WhenAll(keys.Select(key => Door.Submit(new PinPlanTerms(key, terms, "Agreed for a year.", Owner))));
    }

    private async Task WorkOut(string proposal)
    {
        var impacts = Of<Impacts>();
        Assert.IsType<ProposalOutcome.Started>(await impacts.Start(proposal, 30, Owner));
        while (impacts.Of(Impacts.Proposal(proposal)) is { Stage: ImpactStage.Running })
        {
            await Task.Delay(10);
        }
    }

    private async Task<IRenderedComponent<TermsVersionPage>> Draft()
    {
        await BecomeAdmin();
        await Versions.Draft(TermsKind.Rates, null, Owner);
        Go("/admin/rates/3");
        var page = Render<TermsVersionPage>(p => p.Add(v => v.Number, 3));
        page.WaitForElement(".sheet");
        return page;
    }

    private void Go(string path) => Services.GetRequiredService<NavigationManager>().NavigateTo(path);

    private static AngleSharp.Dom.IElement Cell(IRenderedComponent<TermsVersionPage> page, string label) => page.Find($".sheet input[aria-label='{label}']");

    private async Task BecomeAdmin()
    {
        await using (var db = await Of<IDbContextFactory<PortalDb>>().CreateDbContextAsync())
        {
            db.UserRoles.Add(new IdentityUserRole<string> { UserId = Owner.UserId!, RoleId = await db.Roles.Where(r => r.Name == Roles.Admin).Select(r => r.Id).SingleAsync() });
            (await db.Users.SingleAsync(u => u.Id == Owner.UserId)).TwoFactorEnabled = true;
            (await db.Set<SignInSession>().SingleAsync(s => s.UserId == Owner.UserId)).PassedSecondFactor = true;
            await db.SaveChangesAsync();
        }
        SignIn(Roles.Admin);
    }
}
