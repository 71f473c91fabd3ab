using Bunit;
using Ledger;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Admin.Gateways;
using Portal.Admin.Health;
using Portal.Admin.Operations;
using Portal.Admin.Programme;
using Portal.Data;
using Portal.Terms;
using Portal.Tests.Accounts;

namespace Portal.Tests.Admin;

/// <summary>The administrators' pages of operations in their states.</summary>
public sealed class OperationsPagesTests : OperationsPagesTest
{
    [Fact]
    public async Task The_programme_is_paused_by_two_and_only_after_a_look_at_real_usage()
    {
        await Claim();
        await Use(3);
        var page = await As<ProgrammePage>();
        page.Shows(".pagehead-sentence", "The credit programme is active since Jun 15, 2026");
        Assert.True(page.Button("Send for approval").HasAttribute("disabled"));

        await page.Button("Preview on the last 30 days").ClickAsync(new());
        page.Shows(".notice-info", "Programmatic use of the last 30 days came to 1 charge of 1 account, $3.00 at API rates. Requests like these would be refused");
        await page.Button("Send for approval").ClickAsync(new());
        page.Shows("[role=alert]", "Say why");
        await page.Type("Reason", "A fault at the gateway.");
        await page.Button("Send for approval").ClickAsync(new());
        page.Shows("[role=status]", "It waits for another administrator.");
        Assert.DoesNotContain(page.FindAll("button"), b => b.TextContent.Trim() == "Approve");

        var other = await As<ProgrammePage>(Second);
        other.Shows(".proposal", "Proposed by admin-1@example.org");
        other.Shows(".proposal", "Of 1 account 0 would have paid more");
        await other.Button("Approve").ClickAsync(new());
        other.Shows("[role=status]", "It is approved, and counts from");
        Time.Advance(TermsChanges.Notice);
        (await As<ProgrammePage>(Second)).Shows(".pagehead-sentence", "The credit programme is paused");
    }

    [Fact]
    public async Task A_change_of_the_fields_asks_for_another_look()
    {
        var page = await As<ProgrammePage>();
        await page.Button("Preview on the last 30 days").ClickAsync(new());
        page.WaitForAssertion(() => Assert.False(page.Button("Send for approval").HasAttribute("disabled")));
        await page.Field("The programme is").ChangeAsync(new ChangeEventArgs { Value = "Ended" });
        Assert.True(page.Button("Send for approval").HasAttribute("disabled"));
    }

    [Fact]
    public async Task A_promotion_is_proposed_and_its_wrong_fields_are_named()
    {
        var page = await As<PromotionsPage>();
        page.Shows("tbody", "November: 20 % off Sonnet");
        await page.Button("Preview on the last 30 days").ClickAsync(new());
        page.Shows("[role=alert]", "Give it a name.");
        await page.Type("Name", "Winter");
        await page.Type("Percent off extra usage", "12.5");
        await page.Field("Until, in UTC").ChangeAsync(new ChangeEventArgs { Value = "2027-01-31T00:00" });
        await page.Button("Preview on the last 30 days").ClickAsync(new());
        page.Shows(".notice-info", "12.5 % off extra usage: “Winter”, for every model, on every plan");
        await page.Type("Reason", "For the winter.");
        await page.Button("Send for approval").ClickAsync(new());
        page.Shows(".proposal h2", "“Winter”");
    }

    [Fact]
    public async Task A_surface_that_events_wait_for_is_named_and_added()
    {
        await Park("claude-sonnet-5-5", "robot");
        var page = await As<SurfacesPage>();
        page.Shows(".notice-warning", "Events wait for robot.");
        await page.Type("Surface", "robot");
        await page.Button("Preview on the last 30 days").ClickAsync(new());
        page.Shows(".notice-info", "1 event waits for it.");
    }

    [Fact]
    public async Task Parked_events_say_what_they_wait_for_and_are_replayed_once_it_is_there()
    {
        (await As<IncomingPage>()).Shows(".pagehead-sentence", "No event waits.");
        await Park("claude-unheard-of", "headless");
        var page = await As<IncomingPage>();
        page.Shows("tbody", "The model has no price.");
        Assert.True(page.Button("Replay 1").HasAttribute("disabled"));

        await Price("claude-unheard-of");
        page = await As<IncomingPage>();
        page.Shows("tbody", "Nothing is missing any more.");
        await page.Button("Replay 1").ClickAsync(new());
        page.Shows("[role=status]", "1 event charged");
        page.Shows(".empty", "Events without a price will stand here");
    }

    [Fact]
    public async Task What_came_in_is_counted_by_surface_and_what_was_late_or_in_conflict_stands_with_what_it_said()
    {
        (await As<IncomingPage>()).Shows(".pagehead-sentence", "0 events charged in the last whole minute, 0 in the last hour.");
        await Claim();
        await Use(1);
        await Chat(1);
        Assert.IsType<EventAnswer.Recorded>(await Door.Submit(Tell("an-hour-old", 2_000) with { Time = Time.GetUtcNow().AddHours(-1) }));
        Assert.IsType<EventAnswer.Conflict>(await Door.Submit(Tell("an-hour-old", 3_000)));
        await Of<EventRates>().Once();
        Time.Advance(TimeSpan.FromMinutes(1));

        var page = await As<IncomingPage>();

        page.Shows(".pagehead-sentence", "3 events charged in the last whole minute, 3 in the last hour.");
        page.Shows("[aria-labelledby=rate] tbody", "Headless command 2 2");
        page.Shows("[aria-labelledby=rate] tbody", "Chat 1 1");
        page.Shows("[aria-labelledby=rate] p", "0 parked and 1 in conflict in the last hour.");
        page.Shows("[aria-labelledby=late] tbody", "anna 3");
        page.Shows("[aria-labelledby=conflicts] tbody", "anna: claude-sonnet-5-5, headless, 0 in, 3000 out anna, charge 3");
    }

    [Fact]
    public async Task A_key_is_made_rotated_and_revoked_and_its_secret_is_shown_once()
    {
        var page = await As<GatewaysPage>();
        page.Shows(".empty", "Gateway keys will stand here");
        await page.Type("Name", "gateway-eu");
        await page.Button("Make key").ClickAsync(new());
        page.Shows("[role=status]", "The key “gateway-eu” is made.");
        var secret = page.Find("#key-secret").TextContent;
        await page.Button("Rotate gateway-eu").ClickAsync(new());
        page.WaitForAssertion(() => Assert.NotEqual(secret, page.Find("#key-secret").TextContent));
        page.Shows("tbody", "takes its place");
        Assert.DoesNotContain(secret, (await As<GatewaysPage>()).Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_says_that_the_ledger_adds_up_or_who_breaks_it()
    {
        await Claim();
        await Use(2);
        (await As<HealthPage>()).Shows(".pagehead-sentence", "The first check of all accounts is under way");
        await Of<LedgerRounds>().Once();
        var page = await As<HealthPage>();
        page.Shows(".pagehead-sentence", "The ledger adds up: every law held for all 1 accounts");
        page.Shows("dl", "SQLite");

        await using (var db = await Of<IDbContextFactory<PortalDb>>().CreateDbContextAsync())
        {
            db.Add(new LedgerFault { Account = "anna", Law = LedgerLaw.Grants, Says = "anna: grant 1 is wrong.", FoundAt = Time.Start, SeenAt = Time.Start });
            db.Add(new AlertDelivery { Account = "anna", Alert = 99, State = DeliveryState.Failed, Attempts = 9, NextAttemptAt = Time.Start, Problem = "550 no such mailbox" });
            await db.SaveChangesAsync();
        }
        page = await As<HealthPage>();
        page.Shows(".pagehead-sentence", "The ledger does not add up: one law is broken.");
        page.Shows(".broken", "Broken by one account");
        page.Shows("[aria-labelledby=deliveries]", "550 no such mailbox");
        await page.Button("Retry all").ClickAsync(new());
        page.Shows("[role=status]", "One mail is tried again.");
    }

    [Fact]
    public async Task Whoever_lost_the_role_in_an_open_page_does_nothing_more()
    {
        var page = await As<GatewaysPage>();
        await using (var db = await Of<IDbContextFactory<PortalDb>>().CreateDbContextAsync())
        {
            await db.UserRoles.Where(has => has.UserId == First).ExecuteDeleteAsync();
        }
        await page.Type("Name", "gateway-eu");
        await page.Button("Make key").ClickAsync(new());
        page.Shows("h1", "Not yours to open");
        await using var after = await Of<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        Assert.False(await after.Set<Portal.Api.Keys.GatewayKey>().AnyAsync());
    }

    private static RecordUsage Tell(string id, long tokens) => new("anna", "test", id, null, "claude-sonnet-5-5", "headless", null, new Usage { OutputTokens = tokens }, null, Actor.Portal);

    private async Task Park(string model, string surface) => Assert.IsType<EventAnswer.Parked>(await Door.Submit(
        new RecordUsage("anna", "test", $"{model}-{surface}", null, model, surface, null, new Usage { OutputTokens = 1_000 }, null, Actor.Portal)));

    /// <summary>A later card that prices one model more.</summary>
    private async Task Price(string model)
    {
        Time.Advance(TimeSpan.FromMinutes(1));
        await using var db = await Of<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        var last = await db.Set<RateCardDocument>().OrderByDescending(c => c.Version).FirstAsync();
        var card = System.Text.Json.Nodes.JsonNode.Parse(last.Json)!.AsObject();
        var another = card["models"]![0]!.DeepClone();
        another["model"] = model;
        card["models"]!.AsArray().Add(another);
        card["version"] = last.Version + 1;
        card["effective_from"] = Of<Clock>().Now.ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        db.Add(new RateCardDocument { Version = last.Version + 1, EffectiveFrom = Of<Clock>().Now, Json = card.ToJsonString() });
        await db.Set<TermsRevision>().ExecuteUpdateAsync(set => set.SetProperty(r => r.Revision, r => r.Revision + 1));
        await db.SaveChangesAsync();
        Time.Advance(TimeSpan.FromMinutes(1));
    }
}
