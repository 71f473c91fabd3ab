using Bunit;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Data;
using Portal.SignIn;
using Portal.SignIn.ViewAs;
using Portal.SupportAccess;
using Portal.Tests.Accounts;

namespace Portal.Tests.SupportAccess;

/// <summary>What the subscriber sees of support's looks, in its states.</summary>
public sealed class SupportAccessPageTests : PagesTest
{
    [Fact]
    public void Without_a_look_it_says_what_will_stand_there()
    {
        var page = Render<SupportAccessPage>();
        page.Shows(".empty", "Looks will stand here");
        page.Shows(".pagehead-sentence", "They can change nothing");
    }

    [Fact]
    public async Task A_look_stands_there_while_it_happens_and_how_it_ended_after()
    {
        var page = Render<SupportAccessPage>();
        page.Shows(".empty", "Looks will stand here");
        var now = Of<Clock>().Now;
        await Add(new ViewAsSession { Id = "a-look", Staff = "3f2a91c0-and-more", Session = "s", Account = "anna", Owner = "anna-id", Reason = "She asks why it stopped.", Ticket = "T-7", StartedAt = now, EndsAt = now.AddMinutes(30) });
        await Add(new ViewAsPage { ViewAs = "a-look", At = now, Path = "/credit" });
        await Add(new ViewAsPage { ViewAs = "a-look", At = now, Path = "/history/anna.c7" });

        Of<AccountFeed>().Changed(["anna"]);

        page.Shows(".pagehead-sentence", "Support 3f2a91c0 is looking at your account now");
        page.Shows(".looks", "T-7: She asks why it stopped.");
        page.Shows(".looks", "2 pages");
        Assert.Equal(["Credit", "A charge: anna.c7"], page.FindAll(".looks-pages li").Select(li => li.TextContent.Split("CET")[^1].Trim()));
        Assert.True(page.Find("details").HasAttribute("open"));

        Time.Advance(TimeSpan.FromMinutes(31));
        Of<AccountFeed>().Changed(["anna"]);
        page.Shows(".looks", "for 30 minutes; its time was over.");
    }

    [Fact]
    public async Task Forbidding_is_one_press_and_so_is_allowing()
    {
        var page = Render<SupportAccessPage>();
        page.WaitForElement("button");
        await page.Button("Forbid support to look").ClickAsync(new());
        page.Shows("[role=status]", "Support may not look at your pages any more.");
        page.Shows("h2", "Forbidden");
        Assert.True(await Forbids());

        await page.Button("Allow support to look").ClickAsync(new());
        page.Shows("[role=status]", "Support may look at your pages.");
        Assert.False(await Forbids());
    }

    protected override void AddRooms(WebApplicationBuilder builder) => builder.AddSupportAccess();

    protected override void LendServices()
    {
        base.LendServices();
        Services.AddSingleton(_ => Of<SupportAccessReader>());
    }

    private async Task Add<T>(T row) where T : class
    {
        await using var db = await Of<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        db.Add(row);
        await db.SaveChangesAsync();
    }

    private async Task<bool> Forbids()
    {
        await using var db = await Of<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        return await db.Set<Ledger.Account>().Where(a => a.Key == "anna").Select(a => a.ForbidsSupport).SingleAsync();
    }
}
