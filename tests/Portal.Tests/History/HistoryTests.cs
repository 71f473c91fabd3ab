using Bunit;
using Ledger;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.History;
using Portal.Tests.Accounts;
using Portal.Ui;

namespace Portal.Tests.History;

public sealed class HistoryTests : PagesTest
{
    private static readonly HistoryFilter Everything = new();

    [Fact]
    public async Task A_charge_that_spilled_is_one_line_with_both_parts_and_the_running_balance()
    {
        await Claim();
        await TurnOn(5);
        await Use(19);
        await Use(3);
        var page = Render<HistoryPage>();
        page.Shows("tbody tr", "$1.00 credit + $2.00 extra usage");
        page.Shows("tbody tr", "−$3.00 $0.00 $2.00");
        page.Shows("tbody", "Extra usage turned on with a cap of $5.00 by you");
        page.Shows("tbody", "Credit claimed");
    }

    [Fact]
    public async Task Its_end_says_that_what_is_older_is_kept_in_the_archive()
    {
        await Detach();
        var page = Render<HistoryPage>();
        page.Shows("p.small", InTheArchive);
        Assert.Null((await Of<HistoryLines>().Read("anna", Everything with { From = new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero) }, HistoryPosition.Top, 10)).Archived);
    }

    [Fact]
    public async Task A_refusal_explains_itself_with_its_limits_and_the_way_out()
    {
        await Claim();
        await TurnOn(5);
        await Use(22);
        await Refused(4);
        var page = Render<HistoryPage>();
        page.Shows("tbody tr", "Refused: cap reached");
        page.Shows("details.limits", "The request asked for up to $4.00.");
        page.Shows("details.limits", "Cap of the period of $5.00: $2.00 used, $0.00 held, $3.00 left");
        page.Shows("details.limits", "Raise the cap");
    }

    [Fact]
    public async Task A_claim_that_takes_over_extra_shows_the_reallocation()
    {
        await TurnOn(5);
        await Use(3);
        await Claim();
        Render<HistoryPage>().Shows("tbody tr", "Extra usage moved to credit Credit pays first: $3.00");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(50)]
    public async Task Pages_of_any_size_show_each_line_once_and_in_order(int size)
    {
        await Claim();
        await TurnOn(5);
        for (var i = 0; i < 9; i++)
        {
            await Use(1);
            await Refused(100);
        }
        await Use(13);
        var all = await Whole(Everything, 1000);
        Assert.Equal(22, all.Count);
        Assert.Equal(all.OrderByDescending(l => l.At).Select(l => l.At), all.Select(l => l.At));
        Assert.Equal(all.Select(l => l.Key), (await Whole(Everything, size)).Select(l => l.Key));
        Assert.Equal(10, (await Whole(new HistoryFilter(LineKind.Charge), size)).Count);
        Assert.Equal(9, (await Whole(new HistoryFilter(LineKind.Refusal), size)).Count);
    }

    [Fact]
    public async Task Many_refusals_in_one_instant_are_each_shown_once()
    {
        Time.AutoAdvanceAmount = TimeSpan.Zero;
        for (var i = 0; i < 7; i++)
        {
            await Refused(100);
        }
        Assert.Equal(7, (await Whole(new HistoryFilter(LineKind.Refusal), 3)).Select(l => l.Key).Distinct().Count());
    }

    [Fact]
    public async Task Days_are_found_among_the_entries()
    {
        await Claim();
        await Use(1);
        Time.Advance(TimeSpan.FromDays(1));
        await Use(2);
        Time.Advance(TimeSpan.FromDays(1));
        await Use(3);
        var second = new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);
        var line = Assert.Single(await Whole(new HistoryFilter(null, second, second.AddDays(1)), 10));
        Assert.Equal(Money.FromDollars(-2), line.Amount);
    }

    [Fact]
    public void Nothing_yet_but_the_opening_is_shown() => Render<HistoryPage>().Shows("tbody tr", "Account opened on Pro");

    [Fact]
    public async Task Included_use_stands_in_the_list_with_what_it_would_have_cost_and_leads_to_its_charge()
    {
        await Claim();
        await Use(1);
        await Chat(2);
        var page = Render<HistoryPage>();
        page.Shows("tbody tr", "Sonnet 5.5, Chat included in your plan, would have cost $2.00");
        Assert.Equal("/history/anna.c2", page.Find("tbody tr a").GetAttribute("href"));
        Assert.Single(await Whole(new HistoryFilter(LineKind.Included), 10));
        Assert.DoesNotContain(await Whole(new HistoryFilter(LineKind.Charge), 10), l => l.Kind == LineKind.Included);
        Assert.DoesNotContain(await Whole(new HistoryFilter(WithIncluded: true, MovesOnly: true, From: Time.GetUtcNow()), 10), l => l.Kind == LineKind.Included);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public async Task Narrowed_lists_come_whole_and_in_order_however_short_a_page_reaches(int reach)
    {
        await Claim();
        await TurnOn(30);
        for (var i = 0; i < 6; i++)
        {
            await Use(1);
            await Use(3, model: "claude-opus-5-5");
            await Chat(1);
            await Refused(500);
        }
        foreach (var filter in new HistoryFilter[] { new(WithIncluded: true, Model: "claude-opus-5-5"), new(WithIncluded: true, Surface: "chat"), new(LineKind.Charge, Surface: "headless"), new(WithIncluded: true, App: ""), new(Kind: LineKind.Refusal, Model: "claude-sonnet-5-5"), new(App: "zed") })
        {
            var all = await Whole(filter, 100);
            Assert.Equal(all.OrderByDescending(l => l.At).Select(l => l.Key), all.Select(l => l.Key));
            Assert.Equal(all.Select(l => l.Key), (await Whole(filter with { Reach = reach }, 2)).Select(l => l.Key));
        }
        Assert.Equal(6, (await Whole(new HistoryFilter(WithIncluded: true, Model: "claude-opus-5-5"), 100)).Count);
        Assert.Equal(6, (await Whole(new HistoryFilter(WithIncluded: true, Surface: "chat"), 100)).Count);
        Assert.Empty(await Whole(new HistoryFilter(WithIncluded: true, App: "zed"), 100));
    }

    [Fact]
    public async Task A_page_that_could_not_look_everywhere_says_how_far_it_looked()
    {
        await Use(1, model: "claude-opus-5-5");
        await Use(1);
        await Use(1);
        var filter = new HistoryFilter(Model: "claude-opus-5-5") { Reach = 2 };
        var part = await Of<HistoryLines>().Read("anna", filter, HistoryPosition.Top, 10);
        Assert.Empty(part.Lines);
        Assert.NotNull(part.LookedBackTo);
        var next = await Of<HistoryLines>().Read("anna", filter, HistoryPosition.Parse(part.Older)!, 10);
        Assert.Single(next.Lines);
        Assert.Null(next.LookedBackTo);
        Assert.Null(next.Older);
    }

    [Fact]
    public async Task The_list_is_narrowed_by_model_surface_and_app_and_the_address_says_so()
    {
        await Use(1);
        var page = Render<HistoryPage>();
        await page.Field("Model").ChangeAsync(new ChangeEventArgs { Value = "claude-opus-5-5" });
        Assert.EndsWith("/history?model=claude-opus-5-5", Nav.Uri, StringComparison.Ordinal);
        page.Shows(".small", "Only Opus 5.5.");
        page.Shows(".empty", "Nothing of this in these days");
        await page.Field("App").ChangeAsync(new ChangeEventArgs { Value = " zed " });
        Assert.EndsWith("/history?model=claude-opus-5-5&app=zed", Nav.Uri, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("anna.c17", "/history/anna.c17")]
    [InlineData("17", "/history/anna.c17")]
    public async Task A_charge_is_found_by_its_id(string asked, string path)
    {
        var page = Render<HistoryPage>();
        await page.Find("#charge").ChangeAsync(new ChangeEventArgs { Value = asked });
        await page.Find("form:has(#charge)").SubmitAsync();
        Assert.EndsWith(path, Nav.Uri, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "Write the charge's id.")]
    [InlineData("../admin", "That is no charge's id. They look like anna.c17.")]
    [InlineData("0", "That is no charge's id. They look like anna.c17.")]
    public async Task What_is_no_charges_id_is_said_beside_the_field(string asked, string said)
    {
        var page = Render<HistoryPage>();
        await page.Find("#charge").ChangeAsync(new ChangeEventArgs { Value = asked });
        await page.Find("form:has(#charge)").SubmitAsync();
        page.Shows("#charge-error", said);
        Assert.DoesNotContain("history/", Nav.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Days_are_taken_when_they_are_sent_and_not_while_they_are_typed()
    {
        var page = Render<HistoryPage>();
        page.Shows("tbody tr", "Account opened on Pro");
        await page.Field("From").ChangeAsync(new ChangeEventArgs { Value = "0002-11-20" });
        await page.Find("form").SubmitAsync();
        page.Shows(".field-error", "Write the year with four digits, such as 2026.");
        await page.Field("From").ChangeAsync(new ChangeEventArgs { Value = "2026-11-20" });
        await page.Field("To").ChangeAsync(new ChangeEventArgs { Value = "2026-11-19" });
        await page.Find("form").SubmitAsync();
        page.Shows(".field-error", "“To” is a day before “From”.");
        Assert.DoesNotContain("history", Nav.Uri, StringComparison.Ordinal);
        await page.Field("To").ChangeAsync(new ChangeEventArgs { Value = "2026-11-30" });
        await page.Find("form").SubmitAsync();
        Assert.EndsWith("/history?from=2026-11-20&to=2026-11-30", Nav.Uri, StringComparison.Ordinal);
    }

    private NavigationManager Nav => Services.GetRequiredService<NavigationManager>();

    /// <summary>All pages together; only those that could not look everywhere may be empty.</summary>
    private async Task<List<HistoryLine>> Whole(HistoryFilter filter, int size)
    {
        var lines = new List<HistoryLine>();
        var from = HistoryPosition.Top;
        while (true)
        {
            var part = await Of<HistoryLines>().Read("anna", filter, from, size);
            lines.AddRange(part.Lines);
            if (part.Older is null)
            {
                return lines;
            }
            Assert.True(part.Lines.Count > 0 || part.LookedBackTo is not null, "A page with older lines behind it has lines of its own.");
            Assert.NotEqual(from, HistoryPosition.Parse(part.Older));
            from = HistoryPosition.Parse(part.Older)!;
        }
    }
}
