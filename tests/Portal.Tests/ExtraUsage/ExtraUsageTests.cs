using Bunit;
using Ledger;
using Microsoft.EntityFrameworkCore;
using MudBlazor;
using Portal.Accounts;
using Portal.Data;
using Portal.ExtraUsage;
using Portal.Tests.Accounts;

namespace Portal.Tests.ExtraUsage;

public sealed class ExtraUsageTests : PagesTest
{
    [Fact]
    public async Task It_is_turned_on_with_a_cap_and_the_consent_that_was_shown()
    {
        var stage = Render<MudDialogProvider>();
        var page = Render<ExtraUsagePage>();
        page.Shows(".pagehead-sentence", "Extra usage is off. Requests are refused until you claim your credit.");
        await page.Button("Turn on extra usage").ClickAsync(new());
        stage.Shows(".consent", "at most $25.00 in each billing period");
        var shown = stage.Text(".consent");
        await stage.Button("Turn on with $25.00 cap").ClickAsync(new());
        page.Shows("[role=status]", "Extra usage is on with a cap of $25.00.");
        await using var db = await Of<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        var change = await db.Set<AccountChange>().SingleAsync(c => c.Kind == AccountChangeKind.ExtraUsageOn);
        Assert.Equal((shown, Money.FromDollars(25)), (change.Consent, change.After.Cap));
    }

    [Fact]
    public async Task Off_is_one_click_and_names_what_is_already_authorized()
    {
        await TurnOn(25);
        await Hold(3);
        var page = Render<ExtraUsagePage>();
        page.Shows(".rule ~ .form-actions", "hold $3.00 and may still use it");
        await page.Button("Turn off extra usage").ClickAsync(new());
        page.Shows("[role=status]", "Extra usage is off.");
        page.Shows("[role=status]", "hold $3.00 of extra usage and may still use it");
        page.Shows(".pagehead-sentence", "Extra usage is off. Requests without credit are refused. Running ones may still use $3.00");
    }

    [Fact]
    public async Task A_higher_cap_shows_old_new_and_the_worst_case()
    {
        await TurnOn(25);
        var page = Render<ExtraUsagePage>();
        page.WaitForElement("input");
        await page.Type("Cap of each period", "40");
        Assert.Contains("$25.00 → $40.00. The worst case this period: $40.00 of extra usage.", page.Text(".card"), StringComparison.Ordinal);
        await page.Button("Set cap to $40.00").ClickAsync(new());
        page.Shows("[role=status]", "Your cap is $40.00.");
    }

    [Fact]
    public async Task The_answer_stands_at_the_field_until_something_else_is_typed()
    {
        await TurnOn(25);
        var page = Render<ExtraUsagePage>();
        page.WaitForElement("input");
        await page.Type("Cap of each period", "40");
        await page.Button("Set cap to $40.00").ClickAsync(new());
        page.Shows("form [role=status]", "Your cap is $40.00.");
        await page.Type("Cap of each period", "30");
        Assert.Empty(page.FindAll("[role=status]"));
    }

    [Fact]
    public async Task Enter_in_the_field_presses_the_button_on_the_page_and_in_the_dialog()
    {
        var stage = Render<MudDialogProvider>();
        var page = Render<ExtraUsagePage>();
        await page.Button("Turn on extra usage").ClickAsync(new());
        stage.Shows(".consent", "at most $25.00");
        Assert.Equal(stage.Field("Cap of each period").Closest("form")!.Id, stage.Find("button[type=submit]").GetAttribute("form"));
        await stage.Find("button[type=submit]").ClickAsync(new());
        page.Shows("[role=status]", "Extra usage is on");
        Assert.All(["Cap of each period", "Daily cap", "Cap for the model"], label => Assert.NotNull(page.Field(label).Closest("form")!.QuerySelector("button[type=submit]")));
    }

    [Fact]
    public async Task A_cap_below_what_is_spent_warns_before_it_is_saved()
    {
        await TurnOn(50);
        await Use(31);
        var page = Render<ExtraUsagePage>();
        page.WaitForElement("input");
        await page.Type("Cap of each period", "10");
        page.Shows(".notice-warning", "You have spent $31.00. Requests stop as soon as you save.");
        await page.Button("Set cap to $10.00").ClickAsync(new());
        page.Shows(".pagehead-sentence", "Your $10.00 cap is reached");
    }

    [Fact]
    public async Task A_dollar_sign_is_taken_and_the_field_says_so_before_anything_is_changed()
    {
        await TurnOn(25);
        var page = Render<ExtraUsagePage>();
        page.WaitForElement("input");
        await page.Type("Cap of each period", "$30.50");
        page.Shows("[aria-live]", "Taken as $30.50.");
        Assert.Equal(Money.FromDollars(25), (await Of<Balances>().Now("anna"))!.ExtraUsage.Cap);
        await page.Button("Set cap to $30.50").ClickAsync(new());
        page.Shows("[role=status]", "Your cap is $30.50.");
    }

    [Fact]
    public async Task Daily_and_model_caps_are_set_shown_and_removed()
    {
        await TurnOn(25);
        var page = Render<ExtraUsagePage>();
        page.WaitForElement("input");
        await page.Type("Daily cap", "5");
        await page.Button("Set daily cap to $5.00").ClickAsync(new());
        page.Shows("[role=status]", "Your daily cap is $5.00.");
        await page.Field("Model").ChangeAsync(new() { Value = "claude-sonnet-5-5" });
        await page.Type("Cap for the model", "2");
        await page.Button("Set Sonnet 5.5 to $2.00").ClickAsync(new());
        page.Shows(".caps", "Sonnet 5.5: $0.00 used and $0.00 held of $2.00");
        await page.Button("Remove the cap for Sonnet 5.5").ClickAsync(new());
        page.Shows("[aria-labelledby=models] [role=status]", "The cap for Sonnet 5.5 is removed.");
        await page.Button("Remove the daily cap").ClickAsync(new());
        page.Shows("[role=status]", "Your daily cap is removed.");
        page.Shows(".activity", "Daily cap removed");
    }

    [Fact]
    public async Task The_sentence_follows_the_credit_the_claim_and_the_daily_cap()
    {
        await TurnOn(25);
        Render<ExtraUsagePage>().Shows(".pagehead-sentence", "Your credit is not claimed. Requests continue up to $25.00 of extra usage, then stop; the claim moves what it has paid to credit.");
        await Claim();
        await Door.Submit(new SetDailyCap("anna", Money.FromDollars(5), Owner));
        Render<ExtraUsagePage>().Shows(".pagehead-sentence", "When your credit of $20.00 runs out, requests continue up to $25.00 of extra usage, at most $5.00 a day, then stop.");
        await Use(25);
        Render<ExtraUsagePage>().Shows(".pagehead-sentence", "Your daily cap of $5.00 is reached: requests without credit are refused until the UTC day ends.");
        await Door.Submit(new TurnOffExtraUsage("anna", Owner));
        Render<ExtraUsagePage>().Shows(".pagehead-sentence", "Your credit is used up. Requests are refused. Nothing is charged beyond your fee.");
    }

    [Fact]
    public async Task A_plan_without_extra_usage_says_so_and_offers_nothing()
    {
        await Put("enterprise-standard", "anna");
        Time.Advance(TimeSpan.FromDays(31));
        await Door.Submit(new Wake("anna"));
        var page = Render<ExtraUsagePage>();
        page.Shows(".notice", "has no extra usage.");
        Assert.Empty(page.FindAll("button"));
    }

    [Fact]
    public async Task A_busy_door_is_answered_with_what_is_true_now()
    {
        await TurnOn(25);
        var page = Render<ExtraUsagePage>();
        page.WaitForElement("input");
        await page.Type("Cap of each period", "40");
        await Door.StopAsync(default);
        await page.Button("Set cap to $40.00").ClickAsync(new());
        page.Shows("[role=alert]", "We couldn't save your cap.");
        page.Shows("[role=alert]", "Your cap is $25.00 now.");
        page.Shows("[role=alert]", "Try again.");
        page.Shows("[role=alert]", "ref");
    }
}
