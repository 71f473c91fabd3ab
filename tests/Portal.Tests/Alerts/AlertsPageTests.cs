using Bunit;
using Ledger;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Alerts;
using Portal.Data;
using Portal.Mail;
using Portal.Settings;
using Portal.SignIn;
using Portal.Tests.Accounts;
using Portal.Ui;

namespace Portal.Tests.Alerts;

/// <summary>The page of alerts in its states, and the bell above every page.</summary>
public sealed class AlertsPageTests : PagesTest
{
    [Fact]
    public void Without_alerts_it_says_what_will_stand_there()
    {
        var page = Render<AlertsPage>();
        page.Shows(".pagehead-sentence", "An alert is a message and stops nothing; what stops extra usage is your cap.");
        page.Shows(".empty", "Your alerts will stand here");
        Assert.Equal("50, 75, 90, 100", page.Field("Percentages of your credit").GetAttribute("value"));
    }

    [Fact]
    public async Task The_newest_stands_first_with_amounts_what_to_do_and_its_mail_and_all_are_read()
    {
        await Claim();
        await Use(15);
        await TurnOn(10);
        await Use(5);
        await Use(5);
        await Refused(30);

        var page = Render<AlertsPage>();

        page.Shows("ul.alerts li", "A request was refused: cap reached New");
        var titles = page.FindAll("ul.alerts .activity-title strong").Select(t => t.TextContent).ToList();
        Assert.Equal(
            ["A request was refused: cap reached", "Extra usage has begun", "50 % of your cap is used", "Your credit is used up", "Extra usage was turned on", "75 % of your credit is used"], titles);
        var lines = page.FindAll("ul.alerts li");
        Assert.Contains("$5.00 of extra usage, of your cap of $10.00. The period ends Dec 23, 13:00 CET.", lines[2].TextContent, StringComparison.Ordinal);
        Assert.Contains("Of the cap of $10.00, $5.00 is used; $5.00 remains.", lines[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("With a cap of $10.00, by you.", lines[4].TextContent, StringComparison.Ordinal);
        Assert.Contains("e-mail on its way", lines[5].TextContent, StringComparison.Ordinal);
        Assert.Equal(["/extra-usage", "/extra-usage", "/extra-usage", "/extra-usage", "/extra-usage", "/"], page.FindAll("ul.alerts a").Select(a => a.GetAttribute("href")));
        await AllAreRead();
        // They were new when the page was opened, and stay marked so until it is left.
        Assert.Equal(6, page.FindAll(".alert-badge").Count);
        var again = Render<AlertsPage>();
        again.Shows("ul.alerts li", "A request was refused");
        Assert.Empty(again.FindAll(".alert-badge"));
    }

    [Fact]
    public async Task What_arrives_while_the_page_is_open_appears_and_counts_as_read()
    {
        await Claim();
        var page = Render<AlertsPage>();
        page.Shows(".empty", "Your alerts will stand here");
        await Use(10);
        page.Shows("ul.alerts li", "50 % of your credit is used");
        page.Shows("ul.alerts li", "$10.00 of $20.00 is used.");
        await AllAreRead();
    }

    [Fact]
    public async Task Where_a_mail_stands_can_be_seen()
    {
        await TurnOn(10);
        foreach (var cap in new[] { 11, 12, 13, 14 })
        {
            await Door.Submit(new SetCap("anna", Money.FromDollars(cap), Owner));
        }
        await using (var db = await Of<IDbContextFactory<PortalDb>>().CreateDbContextAsync())
        {
            async Task Set(int alert, DeliveryState state, int attempts) => await db.Set<AlertDelivery>().Where(d => d.Alert == alert).ExecuteUpdateAsync(set => set
                .SetProperty(d => d.State, state).SetProperty(d => d.Attempts, attempts).SetProperty(d => d.NextAttemptAt, new DateTimeOffset(2026, 11, 23, 12, 5, 0, TimeSpan.Zero)));
            await Set(1, DeliveryState.Sent, 1);
            await Set(2, DeliveryState.Pending, 2);
            await Set(3, DeliveryState.Failed, 9);
            await Set(4, DeliveryState.NotWanted, 1);
        }

        var page = Render<AlertsPage>();

        page.Shows("ul.alerts", "e-mail on its way");
        page.Shows("ul.alerts", "e-mail sent");
        page.Shows("ul.alerts", "the e-mail could not be delivered; we try again at Nov 23, 13:05 CET");
        page.Shows("ul.alerts", "the e-mail could not be delivered after 9 tries, and is not tried again");
        page.Shows("ul.alerts", "no e-mail: it was turned off, or your address is not confirmed");
    }

    [Theory]
    [InlineData("50, 12.5", "“12.5” is not a whole percentage. Write them like 50, 75, 90.")]
    [InlineData("half", "“half” is not a whole percentage. Write them like 50, 75, 90.")]
    [InlineData("0", "0 % is out of range: from 1 to 100.")]
    [InlineData("50 101", "101 % is out of range: from 1 to 100.")]
    [InlineData("-5", "-5 % is out of range: from 1 to 100.")]
    [InlineData("1,2,3,4,5,6,7,8,9,10,11", "At most 10 percentages; these are 11.")]
    public async Task Wrong_percentages_are_answered_at_the_field_and_change_nothing(string typed, string answer)
    {
        var page = Render<AlertsPage>();
        page.Shows(".empty", "Your alerts");
        await page.Type("Percentages of your cap", typed);
        var field = page.Field("Percentages of your cap");
        Assert.Equal("true", field.GetAttribute("aria-invalid"));
        Assert.Contains(page.FindAll(".field-error"), error => error.TextContent == answer && field.GetAttribute("aria-describedby")!.Contains(error.Id!, StringComparison.Ordinal));
        await page.Button("Save for the cap").ClickAsync(new());
        Assert.Equal([50, 75, 90, 100], (await Of<AlertsReader>().Read("anna"))!.Choices.Cap);
    }

    [Fact]
    public async Task Other_percentages_are_saved_in_order_and_none_is_a_choice_too()
    {
        var page = Render<AlertsPage>();
        page.Shows(".empty", "Your alerts");
        await page.Type("Percentages of your cap", "80 %, 20;80");
        await page.Button("Save for the cap").ClickAsync(new());
        page.Shows("[role=status]", "Alerts come at 20 and 80 % of your cap.");
        await page.Type("Percentages of your credit", "");
        await page.Button("Save for the credit").ClickAsync(new());
        page.Shows("[role=status]", "Alerts come at no share of your credit.");
        var choices = (await Of<AlertsReader>().Read("anna"))!.Choices;
        Assert.Equal(([20, 80], []), (choices.Cap, choices.Credit), ((IReadOnlyList<int> A, IReadOnlyList<int> B) x, (IReadOnlyList<int> A, IReadOnlyList<int> B) y) => x.A.SequenceEqual(y.A) && x.B.SequenceEqual(y.B));
        Assert.Equal("true", page.Button("Save for the cap").GetAttribute("aria-disabled"));
    }

    [Fact]
    public async Task A_tick_turns_a_kind_of_mail_off_and_on()
    {
        var page = Render<AlertsPage>();
        page.Shows("fieldset", "Refused requests");
        await Tick(page, "Refused requests", false);
        page.Shows("[role=status]", "“Refused requests” are not mailed any more.");
        Assert.Equal([AlertKind.Refused], (await Of<AlertsReader>().Read("anna"))!.Choices.NoMail);
        await Tick(page, "Refused requests", true);
        page.Shows("[role=status]", "“Refused requests” are mailed from now on.");
    }

    [Fact]
    public async Task Older_alerts_are_a_page_of_their_own_without_a_gap()
    {
        await TurnOn(10);
        for (var cap = 11; cap < 50; cap++)
        {
            await Door.Submit(new SetCap("anna", Money.FromDollars(cap), Owner));
        }
        var page = Render<AlertsPage>();
        page.Shows("ul.alerts li", "From $48.00 to $49.00, by you.");
        Assert.Equal(30, page.FindAll("ul.alerts li").Count);
        Assert.Equal("/alerts?before=11", page.Find("nav[aria-label=Pages] a").GetAttribute("href"));

        var older = (await Of<AlertsReader>().Read("anna", 11))!;
        Assert.Equal(Enumerable.Range(1, 10).Reverse(), older.Lines.Select(l => l.Number));
        Assert.Equal(0, older.Older);
    }

    [Fact]
    public async Task The_bell_says_how_many_are_unread_and_rises_and_falls_by_itself()
    {
        await Claim();
        var bell = Render<AlertBell>();
        Assert.Equal(("Alerts, none unread", "/alerts"), (bell.Find("a").GetAttribute("aria-label"), bell.Find("a").GetAttribute("href")));
        Assert.Empty(bell.FindAll(".bell-count"));
        await Use(10);
        await Says(bell, "Alerts, 1 unread");
        Assert.Equal("1", bell.Find(".bell-count").TextContent);
        await Door.Submit(new ReadAlerts("anna", 1, Owner));
        await Says(bell, "Alerts, none unread");
    }

    [Fact]
    public void Every_kind_has_words_in_the_choices() =>
        Assert.Equal(Enum.GetValues<AlertKind>(), AlertWords.Kinds.Select(k => k.Kind));

    [Fact]
    public void Until_it_is_known_who_looks_it_shows_its_shape() => ShowsItsShape(typeof(AlertsPage), "Loading your alerts");

    protected override void AddRooms(WebApplicationBuilder builder)
    {
        builder.AddMail();
        builder.Services.AddSingleton<Links>().AddSingleton(new Brand(new BrandSettings()));
        builder.AddAlerts();
    }

    protected override void LendServices()
    {
        base.LendServices();
        Services.AddSingleton(_ => Of<AlertsReader>());
        Services.AddSingleton(_ => Of<AlertCounts>());
    }

    private Task AllAreRead() => Eventually.Holds(async () => (await Of<AlertCounts>().Of("anna")).Count == 0);

    private Task Says(IRenderedComponent<AlertBell> bell, string label) =>
        Advanced(() => bell.Find("a").GetAttribute("aria-label") == label);

    private static Task Tick(IRenderedComponent<AlertsPage> page, string kind, bool on) =>
        page.FindAll("label.check").Single(l => l.TextContent.Contains(kind, StringComparison.Ordinal)).QuerySelector("input")!.ChangeAsync(new ChangeEventArgs { Value = on });
}
