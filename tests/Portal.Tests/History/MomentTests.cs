using Bunit;
using Ledger;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Portal.History;
using Portal.Tests.Accounts;

namespace Portal.Tests.History;

public sealed class MomentTests : PagesTest
{
    [Fact]
    public async Task A_moment_of_a_month_that_left_says_where_its_entries_are()
    {
        await Claim();
        await Detach();
        Render<MomentPage>().Shows(".pagehead-sentence", InTheArchive);
    }

    [Fact]
    public async Task Steps_lead_through_everything_that_moved_the_balance_and_back()
    {
        await Claim();
        await Use(2);
        await TurnOn(5);
        await Refused(100);
        await Use(3);
        var reader = Of<MomentReader>();

        var back = new List<(string Title, Money Left)>();
        var moment = await reader.Read("anna", null);
        while (true)
        {
            back.Add((moment.Causes[0].Title, moment.Balance!.Credit.Remaining));
            if (moment.Earlier is not { } earlier)
            {
                break;
            }
            moment = await reader.Read("anna", earlier);
        }
        Assert.Equal(
            [
                ("Sonnet 5.5, Headless command", Money.FromDollars(15)), ("Extra usage turned on with a cap of $5.00", Money.FromDollars(18)),
                ("Sonnet 5.5, Headless command", Money.FromDollars(18)), ("Credit claimed", Money.FromDollars(20)), ("Account opened on Pro", Money.Zero),
            ], back);

        var forth = 1;
        while (moment.Later is { } later)
        {
            moment = await reader.Read("anna", later);
            forth++;
            Assert.Equal(back[^forth].Left, moment.Balance!.Credit.Remaining);
        }
        Assert.Equal(back.Count, forth);
    }

    [Fact]
    public async Task The_page_shows_what_was_left_why_and_what_a_request_would_have_met()
    {
        var claimed = Time.GetUtcNow();
        await Claim();
        Time.Advance(TimeSpan.FromHours(2));
        await Use(20);
        var page = At(claimed.AddHours(1));
        page.Shows(".meter", "$20.00 left of $20.00");
        page.Shows(".activity", "Credit claimed");
        Assert.Contains("A request would have been allowed then.", page.Markup, StringComparison.Ordinal);
        At(null).Shows("[aria-labelledby=stood]", "A request would have been refused then:");
    }

    [Fact]
    public async Task The_slider_says_where_it_would_go_and_goes_there_when_it_is_let_go()
    {
        await Claim();
        Time.Advance(TimeSpan.FromHours(2.5));
        await Use(1);
        var page = At(null);
        Assert.Equal(("3", "3"), (page.Find("#moment").GetAttribute("max"), page.Find("#moment").GetAttribute("value")));
        Assert.Equal("0", Assert.Single(page.FindAll("#steps option")).GetAttribute("value"));
        await page.Find("#moment").InputAsync(new ChangeEventArgs { Value = "1" });
        page.Shows(".field-help", "Goes to: Nov 23, 2026, 14:00:00 CET");
        Assert.DoesNotContain("at=", Of().Uri, StringComparison.Ordinal);
        await page.Find("#moment").ChangeAsync(new ChangeEventArgs { Value = "1" });
        Assert.Matches(@"/history/balance\?at=2026-11-23T13:00:00(\.\d+)?Z$", Of().Uri);
        Assert.Equal("/history/balance", page.FindAll("nav a").Single(a => a.TextContent == "Now").GetAttribute("href"));
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("2026-13-01T00:00:00Z")]
    [InlineData("2099-01-01T00:00:00Z")]
    public void Nonsense_and_the_future_are_now(string at)
    {
        Of().NavigateTo($"/history/balance?at={at}");
        var page = Render<MomentPage>();
        page.Shows(".pagehead-sentence", "As it stood on Nov 23, 2026");
    }

    [Fact]
    public void Before_the_account_there_was_none() => At(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)).Shows(".pagehead-sentence", "There was no account yet");

    private NavigationManager Of() => Services.GetRequiredService<NavigationManager>();

    private IRenderedComponent<MomentPage> At(DateTimeOffset? instant)
    {
        Of().NavigateTo(instant is { } at ? MomentAddress.Of(at) : "/history/balance");
        return Render<MomentPage>();
    }
}
