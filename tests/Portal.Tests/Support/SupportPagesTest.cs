using Bunit;
using Ledger;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Data;
using Portal.SignIn;
using Portal.SignIn.Sessions;
using Portal.Support;
using Portal.Tests.Accounts;

namespace Portal.Tests.Support;

/// <summary>A page of support over a real door and a real SQLite file: Sam looks at Anna's account; Robin is a colleague.</summary>
public abstract class SupportPagesTest : PagesTest
{
    protected static Actor Sam { get; } = Actor.User("support-id");

    protected static Actor Robin { get; } = Actor.User("robin-id");

    protected override void AddRooms(WebApplicationBuilder builder) => builder.AddSupport();

    protected override void LendServices()
    {
        base.LendServices();
        Services.AddSingleton<TimeProvider>(_ => Time);
        Services.AddSingleton(_ => Of<SupportAccountReader>());
        Services.AddSingleton(_ => Of<RefusalReader>());
        Services.AddSingleton(_ => Of<CompareReader>());
        Services.AddSingleton(_ => Of<ApprovalsReader>());
        Services.AddSingleton(_ => Of<CorrectionReader>());
        Services.AddSingleton(_ => Of<Corrections>());
        Services.AddSingleton(_ => Of<CorrectionWork>());
        Services.AddSingleton(_ => Of<DisputesReader>());
    }

    /// <summary>Sam signs in; Robin is there too.</summary>
    protected async Task SignInAsSupport()
    {
        await Staff();
        await using (var db = await Of<IDbContextFactory<PortalDb>>().CreateDbContextAsync())
        {
            db.Users.Add(new User { Id = "robin-id", UserName = "robin@example.org", SecurityStamp = "stamp", TwoFactorEnabled = true });
            db.UserRoles.Add(new IdentityUserRole<string> { RoleId = Roles.Support, UserId = "robin-id" });
            db.Add(new SignInSession { Id = "sams-session", UserId = "support-id", Stamp = "stamp", PassedSecondFactor = true, LastsUntil = Time.Start.AddYears(1), EndsAt = Time.Start.AddYears(1) });
            await db.SaveChangesAsync();
        }
        Person.SetAuthorized("support@example.org");
        Person.SetRoles(Roles.Support);
        var claims = new ClaimsIdentityOptions();
        Person.SetClaims(new(claims.UserIdClaimType, "support-id"), new(claims.SecurityStampClaimType, "stamp"), new(SignInSession.Claim, "sams-session"));
    }

    protected Task<GoodwillOutcome> Ask(long dollars, Actor by) =>
        Door.Submit(new GrantGoodwill("anna", Guid.CreateVersion7(), Money.FromDollars(dollars), Time.GetUtcNow().AddDays(30), "The outage of Monday.", "T-7", by));

    protected async Task<List<T>> Rows<T>(System.Linq.Expressions.Expression<Func<T, bool>> which) where T : class
    {
        await using var db = await Of<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        return await db.Set<T>().AsNoTracking().Where(which).ToListAsync();
    }

    /// <summary>Types into a field that follows every key.</summary>
    protected static Task Fill<TPage>(IRenderedComponent<TPage> page, string label, string text) where TPage : IComponent =>
        page.Field(label).InputAsync(new ChangeEventArgs { Value = text });

    protected IRenderedComponent<SupportAccountPage> Account() => Render<SupportAccountPage>(p => p.Add(c => c.Key, "anna"));

    protected IRenderedComponent<TPage> At<TPage>(string address) where TPage : IComponent
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        return Render<TPage>(p => p.TryAdd("Key", "anna"));
    }
}
