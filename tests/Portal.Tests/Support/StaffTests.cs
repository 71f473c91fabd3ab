using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.SignIn;
using Portal.SignIn.Sessions;
using Portal.Support;
using Portal.Tests.Accounts;

namespace Portal.Tests.Support;

/// <summary>Two people of support, and one who is an administrator too, over a door whose corrections only the test carries out.</summary>
public abstract class StaffTests<TDatabase>(DoorOn<TDatabase> portal) : DoorTests<TDatabase>(portal), IAsyncLifetime where TDatabase : TestDatabase, new()
{
    private const string Stamp = "stamp";

    protected const string Reason = "Our mistake in November.";

    protected static Actor Colleague { get; } = Actor.User("support2");

    /// <summary>Of support and an administrator, in one session.</summary>
    protected static Actor Both { get; } = Actor.User("both", session: "both-1");

    /// <summary>The same person in another.</summary>
    protected static Actor BothElsewhere { get; } = Actor.User("both", session: "both-2");

    protected Corrections Corrections => Get<Corrections>();

    protected CorrectionWork Work => Get<CorrectionWork>();

    public new async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Work.StopAsync(default);
        await using var db = Fixture.Database.Open();
        if (await db.Users.AnyAsync(u => u.Id == "support2"))
        {
            return;
        }
        foreach (var (id, roles) in new[] { ("support2", new[] { Roles.Support }), ("both", [Roles.Support, Roles.Admin]) })
        {
            db.Users.Add(new User { Id = id, UserName = id, NormalizedUserName = id.ToUpperInvariant(), TwoFactorEnabled = true, SecurityStamp = Stamp });
            db.UserRoles.AddRange(roles.Select(role => new IdentityUserRole<string> { RoleId = role, UserId = id }));
        }
        db.AddRange(new[] { "both-1", "both-2" }.Select(id => new SignInSession { Id = id, UserId = "both", Stamp = Stamp, PassedSecondFactor = true, LastsUntil = Now.AddYears(1), EndsAt = Now.AddYears(1) }));
        await db.SaveChangesAsync();
    }
}
