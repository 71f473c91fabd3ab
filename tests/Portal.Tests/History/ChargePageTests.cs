using Bunit;
using Ledger;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.History;
using Portal.Tests.Accounts;
using Portal.Ui;

namespace Portal.Tests.History;

/// <summary>One charge: what it was made of, who paid it, and what became of it when it was disputed or reversed.</summary>
public sealed class ChargePageTests : PagesTest
{
    [Fact]
    public async Task A_charge_opens_to_tokens_times_rate_and_who_paid()
    {
        await Claim();
        await TurnOn(5);
        await Use(19);
        var charge = await Use(3);
        var page = Render<ChargePage>(p => p.Add(c => c.Id, PublicIds.Charge("anna", charge.Number)));
        page.Shows("table", "Output tokens 300,000 $10.00 per million none $3.00");
        page.Shows("table", "Price at API rates $3.00");
        var text = page.Markup;
        Assert.Contains("Credit always pays first and covered $1.00.", text, StringComparison.Ordinal);
        Assert.Contains("Monthly credit", text, StringComparison.Ordinal);
        Assert.Contains("Extra usage", text, StringComparison.Ordinal);
        Assert.Contains("Rate card version", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reversal_is_one_line_that_says_where_each_part_went_and_the_charges_page_says_when_and_why()
    {
        await Claim();
        await TurnOn(5);
        await Use(19);
        var charge = await Use(7);
        var page = Render<ChargePage>(p => p.Add(c => c.Id, PublicIds.Charge("anna", charge.Number)));
        Assert.DoesNotContain("reversed", page.Markup, StringComparison.OrdinalIgnoreCase);

        await Reverse(charge);

        page.Shows(".notice", "This charge was reversed. The gateway counted twice. What it took came back.");
        page.Shows(".notice", "Reversed ");
        Render<HistoryPage>().Shows("tbody", "Charge reversed: Sonnet 5.5, Headless command $1.00 back to credit + $5.00 off extra usage + $1.00 that was uncollected. The gateway counted twice. +$7.00 $1.00 $0.00");
    }

    [Fact]
    public async Task A_reversal_after_the_periods_end_shows_its_refund_and_the_goodwill_for_what_was_over()
    {
        await Claim();
        await TurnOn(5);
        var charge = await Use(23);
        Time.Advance(TimeSpan.FromDays(31));
        await Reverse(charge);
        var page = Render<HistoryPage>();
        page.Shows("tbody", "$20.00 back to credit + $3.00 of extra usage refunded on the statement. The gateway counted twice. +$23.00");
        page.Shows("tbody", "Credit came back too late Its time had passed before the charge was reversed. Goodwill credit stands for it. −$20.00");
        page.Shows("tbody", "Goodwill credit The gateway counted twice. +$20.00");
    }

    [Fact]
    public async Task A_charge_of_a_month_that_left_is_said_to_be_in_the_archive()
    {
        await Claim();
        await Use(3);
        await using (var db = await Of<IDbContextFactory<PortalDb>>().CreateDbContextAsync())
        {
            db.Add(new Opening("anna", new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero), 40, 17, new OpeningState(default, Money.Zero, [], [], [], [])));
            await db.SaveChangesAsync();
        }
        var page = Render<ChargePage>(p => p.Add(c => c.Id, PublicIds.Charge("anna", 17)));
        Assert.Contains("kept in the archive", page.Markup, StringComparison.Ordinal);
        Assert.Contains("1 November 2026", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("kept in the archive", Render<ChargePage>(p => p.Add(c => c.Id, PublicIds.Charge("anna", 1))).Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_charge_is_disputed_on_its_page_which_shows_every_step()
    {
        await Claim();
        var charge = await Use(3);
        var page = Render<ChargePage>(p => p.Add(c => c.Id, PublicIds.Charge("anna", charge.Number)));
        await page.Button("Dispute this charge").ClickAsync(new());
        await page.Field("What is wrong with it?").InputAsync(new ChangeEventArgs { Value = "too short" });
        await page.Button("Dispute $3.00").ClickAsync(new());
        page.Shows("#dispute-error", "Say at least 10 characters about it");
        await page.Field("What is wrong with it?").InputAsync(new ChangeEventArgs { Value = "Nobody of us was at work that night." });
        await page.Button("Dispute $3.00").ClickAsync(new());
        page.Shows("[role=status]", "Support has your dispute.");
        page.Shows("[aria-labelledby=dispute]", "Waiting for support,");
        page.Shows("[aria-labelledby=dispute]", "Nobody of us was at work that night.");

        await page.Button("Withdraw the dispute").ClickAsync(new());
        page.Shows("[role=status]", "You took the dispute back.");
        await page.Button("Dispute it again").ClickAsync(new());
        await page.Button("Dispute $3.00").ClickAsync(new());
        page.Shows("[role=status]", "Support has your dispute.");

        await Reverse(charge);
        Time.Advance(Following.Pause);
        page.Shows("[aria-labelledby=dispute]", "Corrected: the charge was reversed,");
        Assert.DoesNotContain(page.FindAll("button"), b => b.TextContent.Contains("ispute", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_line_whose_charge_is_disputed_says_so()
    {
        await Claim();
        var charge = await Use(3);
        await Door.Submit(new DisputeCharge("anna", charge.Number, "That was not my request.", Owner));
        Render<HistoryPage>().Shows("tbody tr", "paid by credit, disputed");
    }

    [Theory]
    [InlineData("other.c1")]
    [InlineData("anna.c99")]
    [InlineData("anna.c0")]
    [InlineData("anna.c01")]
    [InlineData("anna")]
    [InlineData("anna.c1; drop table charges")]
    public async Task Another_s_charge_and_one_that_does_not_exist_are_alike_not_found(string id)
    {
        await Put("pro", "other");
        await Use(1, "other");
        Assert.Null(await Of<ChargeReader>().Read("anna", id));
    }

    private async Task Reverse(Charge charge) =>
        Assert.IsType<ReversalOutcome.Reversed>(await Door.Submit(new ReverseCharge("anna", charge.Number, "The gateway counted twice.", Time.GetUtcNow().AddDays(20), await Staff())));
}
