using Bunit;
using Ledger;
using Microsoft.AspNetCore.Components;
using Portal.Accounts;
using Portal.Credit;
using Portal.Tests.Accounts;
using Portal.Ui;

namespace Portal.Tests.Credit;

public sealed class CreditTests : PagesTest
{
    [Fact]
    public async Task A_claim_becomes_the_day_on_which_it_was_claimed()
    {
        var page = Render<CreditPage>();
        page.Shows(".pagehead-sentence", "$20.00 waits for you to claim it.");
        await page.Button("Claim $20.00").ClickAsync(new());
        page.Shows(".claimed", "Claimed Nov 23 CET by you: $20.00, usable until Dec 23, ");
        Render<CreditPage>().Shows(".claimed", "Claimed Nov 23 CET by you: $20.00, usable until Dec 23, ");
        page.Shows("table", "Monthly");
    }

    [Theory]
    [InlineData(ProgrammeStatus.Announced)]
    [InlineData(ProgrammeStatus.Paused)]
    [InlineData(ProgrammeStatus.Ended)]
    public async Task While_the_programme_is_not_active_it_says_why_nothing_can_be_claimed_and_from_when(ProgrammeStatus status)
    {
        await AddPhase(-1, status);
        await AddPhase(9, ProgrammeStatus.Active);
        var page = Render<CreditPage>();
        var word = status.ToString().ToLowerInvariant();
        page.Shows(".form .notice", $"There is nothing to claim now. The credit programme is {word}. Credit can be claimed from Dec 2, 13:00 CET on.");
        page.Shows(".notice-warning", $"The credit programme is {word}. Until it is active, programmatic requests are refused. It becomes active on Dec 2, 13:00 CET.");
        Assert.DoesNotContain(page.FindAll("button"), button => button.TextContent.Contains("Claim $", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_period_is_ticked_and_cleared_at_once()
    {
        var page = Render<CreditPage>();
        page.Shows(".check", "Claim for me every period");
        await page.Find("input[type=checkbox]").ChangeAsync(new ChangeEventArgs { Value = true });
        page.Shows("[role=status]", "From the next period on, your credit is claimed for you.");
        Assert.True(page.Find("input[type=checkbox]").HasAttribute("checked"));
        await page.Find("input[type=checkbox]").ChangeAsync(new ChangeEventArgs { Value = false });
        page.Shows("[role=status]", "From the next period on, you claim your credit yourself.");
        Assert.False(page.Find("input[type=checkbox]").HasAttribute("checked"));
    }

    [Fact]
    public async Task While_a_tick_saves_it_keeps_the_focus_and_cannot_be_pressed()
    {
        var saved = new TaskCompletionSource<NoticeText>();
        var tick = Render<EveryPeriod>(p => p.Add(c => c.Ticked, false).Add(c => c.Save, _ => saved.Task));
        var press = tick.Find("input").ChangeAsync(new ChangeEventArgs { Value = true });
        Assert.Equal((false, "true"), (tick.Find("input").HasAttribute("disabled"), tick.Find("input").GetAttribute("aria-disabled")));
        saved.SetResult(new NoticeText(NoticeKind.Done, "So."));
        await press;
        Assert.False(tick.Find("input").HasAttribute("aria-disabled"));
    }

    [Fact]
    public async Task What_was_claimed_for_them_says_so_before_and_after_anything_wrote_it()
    {
        await Door.Submit(new ClaimEveryPeriod("anna", true, Owner));
        Time.Advance(TimeSpan.FromDays(31));
        Render<CreditPage>().Shows(".claimed", "Claimed Dec 23 CET by itself, as the rules say: $20.00");
        await Door.Submit(new Wake("anna"));
        Render<CreditPage>().Shows(".claimed", "Claimed Dec 23 CET by itself, as the rules say: $20.00");
    }

    [Fact]
    public async Task Past_periods_say_what_was_granted_used_and_lost()
    {
        await Claim();
        await Use(8);
        Time.Advance(TimeSpan.FromDays(31));
        await Door.Submit(new Wake("anna"));
        Render<CreditPage>().Shows("tbody tr", "Nov 23 to Dec 23 $20.00 $8.00 $12.00");
    }

    [Fact]
    public async Task A_period_that_nobody_claimed_says_so()
    {
        Time.Advance(TimeSpan.FromDays(31));
        await Door.Submit(new Wake("anna"));
        Render<CreditPage>().Shows("tbody tr", "not claimed; $20.00 could have been");
    }

    [Fact]
    public async Task A_plan_without_credit_says_why_there_is_nothing_to_claim()
    {
        await Put("enterprise-standard", "anna");
        Time.Advance(TimeSpan.FromDays(31));
        await Door.Submit(new Wake("anna"));
        Render<CreditPage>().Shows(".notice", "has no credit.");
    }

    [Fact]
    public void Nothing_past_says_what_will_stand_there() => Render<CreditPage>().Shows(".empty", "Your past periods will stand here");
}
