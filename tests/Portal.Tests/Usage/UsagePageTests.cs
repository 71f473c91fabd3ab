using System.Buffers;
using Bunit;
using Ledger;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Data;
using Portal.Terms;
using Portal.Tests.Accounts;
using Portal.UsagePages;

namespace Portal.Tests.UsagePages;

/// <summary>The usage page in its states; the address is all that it remembers.</summary>
public sealed class UsagePageTests : PagesTest
{
    private readonly Outage outage = new();
    private int chats;

    [Fact]
    public void Before_any_use_it_says_what_will_stand_there()
    {
        var page = Draw();
        page.Shows(".empty", "Your use will stand here");
        page.Shows(".pagehead-sentence", "$0.00 was paid.");
        Assert.Empty(page.FindAll("figure, table"));
    }

    [Fact]
    public async Task It_says_that_days_of_before_are_kept_in_the_archive()
    {
        await Detach();
        Draw().Shows(".notice", InTheArchive);
    }

    [Fact]
    public async Task It_says_who_paid_and_what_included_use_would_have_cost()
    {
        await Claim();
        await TurnOn(5);
        await Use(19);
        await Use(3);
        await Chat(7);
        var page = Draw();
        page.Shows(".pagehead-sentence", "$22.00 was paid at API rates: $20.00 by credit, $2.00 as extra usage. Included use would have cost $7.00.");
        page.Shows(".shares", "Credit: $20.00, 69 %");
        page.Shows(".shares", "Extra usage: $2.00, 7 %");
        page.Shows(".shares", "Included: $7.00, 24 %");
        Assert.Equal(
            "1 day, Nov 23 to Nov 23: $20.00 credit, $2.00 extra usage, $0.00 uncollected, $7.00 included. Most on Nov 23: $29.00. The table has each day.",
            page.Find("[role=img]").GetAttribute("aria-label"));
        page.Shows("table.usage tfoot", "Total $29.00 $20.00 $2.00 $0.00 $7.00 3 0 0 0 0 2,900,000 0");
        Assert.Equal("/history?from=2026-11-23&to=2026-11-23&zone=utc", page.Find("table.usage tbody a").GetAttribute("href"));
    }

    [Fact]
    public async Task By_model_each_has_its_name_its_share_its_colour_and_a_way_to_see_it_alone()
    {
        await Claim();
        await Use(3);
        await Chat(1, "claude-haiku-5-5");
        var page = Draw("by=model");
        page.Shows(".shares", "Sonnet 5.5: $3.00, 75 %");
        Assert.Equal(["Sonnet 5.5", "Haiku 5.5"], page.FindAll(".legend li").Take(2).Select(li => li.TextContent.Trim()));
        Assert.Equal("/usage?by=model&model=claude-haiku-5-5", page.FindAll(".shares a")[1].GetAttribute("href"));
        Assert.Equal("Model", page.Find("nav[aria-label='Group by'] [aria-current]").TextContent);
        Assert.Empty(page.FindAll(".daybars-cap"));
    }

    [Fact]
    public async Task A_filter_that_is_chosen_is_an_address_and_the_address_is_what_is_shown()
    {
        await Claim();
        await Use(3);
        await Chat(1);
        var page = Draw();
        await page.Field("Pool").ChangeAsync(new ChangeEventArgs { Value = "included" });
        Assert.EndsWith("/usage?paid=included", Nav.Uri, StringComparison.Ordinal);
        page.Shows("table.usage tfoot", "Total $1.00 $0.00 $0.00 $0.00 $1.00");
        await page.Field("Surface").ChangeAsync(new ChangeEventArgs { Value = "0" });
        Assert.EndsWith("/usage?surface=chat&paid=included", Nav.Uri, StringComparison.Ordinal);
        await page.Field("App").ChangeAsync(new ChangeEventArgs { Value = "0" });
        Assert.EndsWith("/usage?surface=chat&app=&paid=included", Nav.Uri, StringComparison.Ordinal);
        page.Shows(".pagehead-sentence", "Of what you chose, $0.00 was paid.");
        await page.Field("From (UTC)").ChangeAsync(new ChangeEventArgs { Value = "2026-11-01" });
        Assert.DoesNotContain("from=", Nav.Uri, StringComparison.Ordinal);
        await page.Find("form").SubmitAsync();
        Assert.EndsWith("/usage?from=2026-11-01&to=2026-11-23&surface=chat&app=&paid=included", Nav.Uri, StringComparison.Ordinal);
        page.Shows("figcaption", "Nov 1 to Nov 23, by who paid");
        Nav.NavigateTo("/usage");
        page.Shows("table.usage tfoot", "Total $4.00");
    }

    [Fact]
    public async Task Going_back_and_forward_moves_the_fields_too()
    {
        await Claim();
        await Use(3);
        await Chat(1);
        var page = Draw();
        await page.Field("Surface").ChangeAsync(new ChangeEventArgs { Value = "0" });
        Nav.NavigateTo("/usage");
        page.WaitForAssertion(() => Assert.Equal("All surfaces", Chosen(page, "Surface")));
        Nav.NavigateTo("/usage?surface=chat&paid=included");
        page.WaitForAssertion(() => Assert.Equal(("Chat", "Included"), (Chosen(page, "Surface"), Chosen(page, "Pool"))));
    }

    [Fact]
    public async Task A_model_that_was_not_used_is_named_and_all_use_is_one_click_away()
    {
        await Claim();
        await Use(3);
        var page = Draw("range=30d&by=model&model=claude-nothing");
        page.Shows(".empty", "No use of claude-nothing in these days");
        Assert.Equal("/usage?range=30d&by=model", page.Find(".empty a").GetAttribute("href"));
        Assert.Equal("claude-nothing", Chosen(page, "Model"));
    }

    [Fact]
    public async Task What_of_the_address_is_not_understood_is_said_and_left_out()
    {
        await Claim();
        await Use(3);
        var page = Draw("from=yesterday&by=colour&range=last-period");
        page.Shows(".notice-warning", "A part of the address was not understood and is left out.");
        page.Shows(".notice-warning", "“from” is a day such as 2026-11-01. “by” is one of model, surface, app. There is no last period: the account's first one runs.");
        page.Shows("table.usage tfoot", "Total $3.00");
    }

    [Fact]
    public async Task The_daily_cap_is_a_line_where_extra_usage_lies_at_the_bottom()
    {
        await Claim();
        await TurnOn(5);
        await Door.Submit(new SetDailyCap("anna", Money.FromDollars(4), Owner));
        await Use(21);
        var page = Draw();
        Assert.Equal("bottom:8%", page.Find(".daybars-cap").GetAttribute("style"));
        page.Shows(".legend", "Daily cap for extra usage now, $4.00");
        Assert.Contains("fill-extra", page.Find(".daybars-day").FirstElementChild!.ClassName, StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_use_moves_the_open_page()
    {
        await Claim();
        await Use(3);
        var page = Draw("by=surface");
        page.Shows("table.usage tfoot", "Total $3.00");
        await Use(2);
        page.Shows("table.usage tfoot", "Total $5.00");
        await Chat(1);
        await ShowsAfterThePause(page, ".shares", "Chat: $1.00");
    }

    [Fact]
    public async Task What_a_claim_took_over_and_a_reversal_took_back_is_said_beside_charges_that_never_change()
    {
        await TurnOn(5);
        await Use(3);
        await Claim();
        var charge = await Use(2);
        await Door.Submit(new ReverseCharge("anna", charge.Number, "The gateway counted twice.", Time.GetUtcNow().AddDays(20), await Staff()));
        var page = Draw();
        Assert.Contains("$3.00 of extra usage was moved to credit. $2.00 of charges was reversed.", page.Text("p:has(a[href^='/history?kind=credit'])"), StringComparison.Ordinal);
        page.Shows("table.usage tfoot", "Total $5.00 $2.00 $3.00");
    }

    [Fact]
    public async Task A_long_table_comes_in_pages_whose_sum_stays_the_whole()
    {
        await Claim();
        for (var day = 0; day < 13; day++)
        {
            foreach (var model in (string[])["claude-sonnet-5-5", "claude-haiku-5-5", "claude-opus-5-5", "claude-opus-5"])
            {
                await Chat(1, model);
            }
            Time.Advance(TimeSpan.FromDays(1));
        }
        var page = Draw("range=30d&by=model");
        page.Shows(".usage-pages", "1 to 50 of 52 rows");
        Assert.Equal(50, page.FindAll("table.usage tbody tr").Count);
        Nav.NavigateTo(page.FindAll(".usage-pages a").Single(a => a.TextContent == "More rows").GetAttribute("href")!);
        page.Shows(".usage-pages", "51 to 52 of 52 rows");
        page.Shows("table.usage tfoot", " 52 ");
    }

    [Fact]
    public async Task When_the_database_is_away_the_figures_stand_still_and_say_so()
    {
        await Claim();
        await Use(3);
        var page = Draw();
        page.Shows("table.usage tfoot", "Total $3.00");
        outage.IsOn = true;
        await Use(2);
        page.Shows(".notice-failed", "The figures below stand still.");
        page.Shows("table.usage tfoot", "Total $3.00");
        outage.IsOn = false;
        await Use(1);
        await ShowsAfterThePause(page, "table.usage tfoot", "Total $6.00");
        Assert.Empty(page.FindAll(".notice-failed"));
    }

    [Fact]
    public async Task A_closed_account_still_shows_its_use()
    {
        await Claim();
        await Use(3);
        await Put("pro", "anna", AccountStatus.Closed);
        Draw().Shows("table.usage tfoot", "Total $3.00");
        Draw("from=2026-01-01&to=2026-01-02").Shows(".empty", "Nothing was used in these days, and the account is closed.");
    }

    [Fact]
    public async Task What_was_prerendered_reaches_the_circuit_within_a_message_or_not_at_all()
    {
        await Claim();
        for (var i = 0; i < 60; i++)
        {
            await Chat(1 + i % 7, i % 2 == 0 ? "claude-sonnet-5-5" : "claude-opus-5-5", $"app {i % 30}");
        }
        var figures = await Of<UsageReader>().Figures("anna", UsageQuery.Read(part => part switch { "from" => "2025-12-01", "to" => "2026-11-30", "by" => "app", _ => null }));
        var restored = new UsageState().Restore(Persisted(figures!));
        Assert.Equal(figures!.Rows, restored.Rows);
        Assert.Equal(figures.Bars.SelectMany(b => b.Parts), restored.Bars.SelectMany(b => b.Parts));
        Assert.Equal((figures.Totals, figures.Range, figures.Through, figures.Later), (restored.Totals, restored.Range, restored.Through, restored.Later));

        var random = new Random(7);
        var names = new byte[200][];
        foreach (ref var name in names.AsSpan())
        {
            random.NextBytes(name = new byte[150]);
        }
        var tooMuch = Persisted(figures with { Apps = [.. names.Select((name, i) => new UsageChoice($"{i}", Convert.ToBase64String(name)))] });
        Assert.Equal(1, tooMuch.Length);
        Assert.Null(new UsageState().Restore(tooMuch));

        static ReadOnlySequence<byte> Persisted(UsageFigures figures)
        {
            var written = new ArrayBufferWriter<byte>();
            new UsageState().Persist(figures, written);
            Assert.InRange(written.WrittenCount, 1, 16 * 1024);
            return new ReadOnlySequence<byte>(written.WrittenMemory);
        }
    }

    [Fact]
    public void Whoever_has_no_account_reads_why_there_is_nothing()
    {
        Person.SetAuthorized("nobody@example.org");
        Person.SetClaims();
        Draw().Shows(".empty", "the provider has not opened an account");
    }

    [Fact]
    public void Until_it_is_known_who_looks_it_shows_its_shape() => ShowsItsShape(typeof(UsagePage), "Loading your usage");

    protected override void AddRooms(WebApplicationBuilder builder) => builder.AddUsage();

    protected override void LendServices()
    {
        base.LendServices();
        Services.AddSingleton(_ => new UsageReader(new Breakable(Of<IDbContextFactory<PortalDb>>(), outage), Of<Balances>(), Of<PriceBooks>(), Of<UsageMemory>(), Of<Clock>()));
    }

    private NavigationManager Nav => Services.GetRequiredService<NavigationManager>();

    private IRenderedComponent<UsagePage> Draw(string address = "")
    {
        Nav.NavigateTo($"/usage?{address}");
        return Render<UsagePage>();
    }

    private async Task ShowsAfterThePause(IRenderedComponent<UsagePage> page, string selector, string text)
    {
        await Advanced(() => page.Text(selector).Contains(text, StringComparison.Ordinal));
        page.Shows(selector, text);
    }

    /// <summary>Included use that would have cost so many dollars: output at the model's rate.</summary>
    private async Task Chat(long dollars, string model = "claude-sonnet-5-5", string? app = null)
    {
        var rate = (await Of<PriceBooks>().InForce()).RateCardAt(Time.GetUtcNow())!.Models[model].Tiers[0].Output;
        var usage = new Usage { OutputTokens = dollars * 1_000_000 * Money.NanosPerDollar / rate.Nanos };
        Assert.IsType<EventAnswer.Recorded>(await Door.Submit(new RecordUsage("anna", "chat", $"{++chats}", null, model, "chat", app, usage, null, Actor.Portal)));
    }

    private static string Chosen(IRenderedComponent<UsagePage> page, string label)
    {
        var field = page.Field(label);
        return field.QuerySelectorAll("option").Single(option => option.GetAttribute("value") == field.GetAttribute("value")).TextContent;
    }
}
