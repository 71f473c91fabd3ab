using Bunit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Admin.Gateways;
using Portal.Admin.Health;
using Portal.Admin.Operations;
using Portal.Admin.Programme;
using Portal.Api.Keys;
using Portal.Data;
using Portal.Mail;
using Portal.SignIn;
using Portal.SignIn.Sessions;
using Portal.Terms;
using Portal.Tests.Accounts;

namespace Portal.Tests.Admin;

/// <summary>An administrator's page over a real door and a real SQLite file; there are two of them, since one alone changes no terms.</summary>
public abstract class OperationsPagesTest : PagesTest
{
    protected const string First = "admin-1";
    protected const string Second = "admin-2";

    protected TermsChanges Changes => Of<TermsChanges>();

    protected override void AddRooms(WebApplicationBuilder builder)
    {
        builder.AddMail();
        builder.Services.AddSingleton<KeyRing>().AddSingleton<TermsReader>().AddSingleton<OperationsReader>().AddSingleton<ParkedReplay>();
        builder.Services.AddSingleton<GatewayDesk>().AddSingleton<HealthReader>().AddSingleton<MailRetry>();
    }

    protected override void LendServices()
    {
        base.LendServices();
        Services.AddSingleton<TimeProvider>(_ => Time);
        Services.AddSingleton(_ => Of<TermsReader>());
        Services.AddSingleton(_ => Of<TermsChanges>());
        Services.AddSingleton(_ => Of<Impacts>());
        Services.AddSingleton(_ => Of<OperationsReader>());
        Services.AddSingleton(_ => Of<ParkedReplay>());
        Services.AddSingleton(_ => Of<GatewayDesk>());
        Services.AddSingleton(_ => Of<HealthReader>());
        Services.AddSingleton(_ => Of<MailRetry>());
    }

    /// <summary>A page as one of the administrators sees it.</summary>
    protected async Task<IRenderedComponent<TPage>> As<TPage>(string admin = First) where TPage : IComponent
    {
        await using (var db = await Of<IDbContextFactory<PortalDb>>().CreateDbContextAsync())
        {
            if (!await db.Users.AnyAsync(u => u.Id == First))
            {
                var role = await db.Roles.SingleAsync(r => r.Name == Roles.Admin);
                foreach (var id in new[] { First, Second })
                {
                    db.Users.Add(new User { Id = id, UserName = $"{id}@example.org", Email = $"{id}@example.org", SecurityStamp = "stamp", TwoFactorEnabled = true });
                    db.UserRoles.Add(new IdentityUserRole<string> { RoleId = role.Id, UserId = id });
                    db.Add(new SignInSession { Id = $"session-{id}", UserId = id, Stamp = "stamp", PassedSecondFactor = true, LastsUntil = Time.Start.AddYears(1), EndsAt = Time.Start.AddYears(1) });
                }
                await db.SaveChangesAsync();
            }
        }
        Person.SetAuthorized($"{admin}@example.org").SetRoles(Roles.Admin);
        var claims = new ClaimsIdentityOptions();
        Person.SetClaims(new(claims.UserIdClaimType, admin), new(claims.SecurityStampClaimType, "stamp"), new(SignInSession.Claim, $"session-{admin}"));
        var page = Render<TPage>();
        page.WaitForElement("h1");
        return page;
    }
}
