using Bunit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Admin.Audit;
using Portal.Admin.People;
using Portal.Data;
using Portal.Mail;
using Portal.Settings;
using Portal.SignIn;
using Portal.SignIn.Sessions;
using Portal.Tests.Accounts;

namespace Portal.Tests.Admin;

/// <summary>The pages of the people and of the audit in their states, as Anna sees them, who is an administrator here.</summary>
public sealed class AdminPagesTests : PagesTest
{
    [Fact]
    public async Task The_people_say_who_has_no_second_factor_and_what_that_means()
    {
        await BecomeAdmin();
        await Add("bob-id", "bob@example.org", Roles.Support, hasFactor: false);
        var page = Render<PeoplePage>();
        page.Shows(".pagehead-sentence", "2 people have a role of staff; one has no second factor yet, so their role does not count.");
        page.Shows(".staff", "anna@example.org Admin (you)");
        page.Shows(".staff", "Second factor: none, so no role counts.");
        page.Shows(".notice-info", "Staff need a second factor.");
        Assert.DoesNotContain("assword set", page.Markup, StringComparison.Ordinal);
        // Oneself: nothing is given, and the last one's role can be asked for but not taken.
        Assert.Equal(["Take Admin away (anna@example.org)", "Give Admin (bob@example.org)", "Take Support away (bob@example.org)"],
            page.FindAll(".staff-acts button").Select(b => b.TextContent.Trim()));
    }

    [Fact]
    public async Task A_role_is_taken_with_a_reason_and_the_page_says_so()
    {
        await BecomeAdmin();
        await Add("bob-id", "bob@example.org", Roles.Support, hasFactor: true);
        var page = Render<PeoplePage>();
        var dialogs = Render<MudBlazor.MudDialogProvider>();
        page.WaitForElement(".staff-acts");
        await page.Button("Take Support away (bob@example.org)").ClickAsync(new());
        dialogs.WaitForAssertion(() => Assert.Contains("It counts at their next command.", dialogs.Markup, StringComparison.Ordinal));

        await Press(dialogs, "Take Support away");
        dialogs.WaitForAssertion(() => Assert.Contains("A reason has 15 to 500 characters.", dialogs.Markup, StringComparison.Ordinal));
        await dialogs.Find("textarea").InputAsync(new() { Value = "Moved to another team this week." });
        await Press(dialogs, "Take Support away");

        page.Shows("[role=status]", "bob@example.org is no longer Support.");
        page.WaitForAssertion(() => Assert.DoesNotContain("bob@example.org", page.Find(".staff").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public void Who_is_no_longer_administrator_sees_nothing_of_it()
    {
        SignIn(Roles.Admin);
        var page = Render<PeoplePage>();
        page.Shows("h1", "Not yours to open");
        Render<AuditPage>().Shows("h1", "Not yours to open");
    }

    [Fact]
    public async Task The_audit_lists_records_and_says_that_the_chain_was_not_verified_yet()
    {
        await BecomeAdmin();
        await Claim();
        var page = Render<AuditPage>();
        page.Shows("tbody", "anna@example.org");
        page.Shows("tbody", "ClaimCredit");
        page.Shows("[aria-labelledby=chain]", "Not verified yet since this instance started.");
        Assert.EndsWith("/admin/audit/export.csv", page.FindAll("a[download]")[0].GetAttribute("href"), StringComparison.Ordinal);

        var record = Render<RecordPage>(p => p.Add(r => r.Id, 1));
        record.Shows("h1", "Record 1");
        record.Shows(".audit-facts", "Who anna@example.org user:anna-id");
    }

    [Fact]
    public async Task A_filter_that_finds_nothing_says_so_and_leads_back()
    {
        await BecomeAdmin();
        await Claim();
        Services.GetRequiredService<Microsoft.AspNetCore.Components.NavigationManager>().NavigateTo("/admin/audit?action=Nothing");
        var page = Render<AuditPage>();
        page.Shows(".empty", "No record is like this");
        Assert.Equal("/admin/audit", page.Find(".empty a").GetAttribute("href"));
    }

    protected override void AddRooms(WebApplicationBuilder builder)
    {
        builder.AddMail();
        builder.Services.AddSingleton<Links>().AddSingleton<SecurityMail>().AddSingleton<PeopleReader>().AddSingleton<StaffChanges>().AddSingleton<AuditReader>().AddSingleton<AuditWatch>();
    }

    protected override void LendServices()
    {
        base.LendServices();
        Services.AddSingleton(_ => Of<PeopleReader>()).AddSingleton(_ => Of<StaffChanges>()).AddSingleton(_ => Of<AuditReader>()).AddSingleton(_ => Of<AuditWatch>());
        Services.AddSingleton<TimeProvider>(Time);
    }

    private async Task BecomeAdmin()
    {
        await using var db = await Of<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        var anna = await db.Users.SingleAsync(u => u.Id == "anna-id");
        (anna.TwoFactorEnabled, anna.Email, anna.NormalizedEmail) = (true, "anna@example.org", "ANNA@EXAMPLE.ORG");
        db.UserRoles.Add(new IdentityUserRole<string> { UserId = "anna-id", RoleId = Roles.Admin });
        (await db.Set<SignInSession>().SingleAsync(s => s.Id == "annas-session")).PassedSecondFactor = true;
        await db.SaveChangesAsync();
        SignIn(Roles.Admin);
    }

    private async Task Add(string id, string email, string role, bool hasFactor)
    {
        await using var db = await Of<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        db.Users.Add(new User { Id = id, UserName = email, Email = email, NormalizedEmail = email.ToUpperInvariant(), TwoFactorEnabled = hasFactor });
        db.UserRoles.Add(new IdentityUserRole<string> { UserId = id, RoleId = role });
        await db.SaveChangesAsync();
    }

    private static Task Press(IRenderedComponent<MudBlazor.MudDialogProvider> dialogs, string name) =>
        dialogs.FindAll("button").Single(b => b.TextContent.Trim() == name).ClickAsync(new());
}
