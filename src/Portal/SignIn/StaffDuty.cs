using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Demo;
using Portal.SignIn.Sessions;

namespace Portal.SignIn;

/// <summary>A role that someone holds and that counts, and until when their sign-in is locked.</summary>
public sealed class CountingRole
{
    public string User { get; init; } = "";

    public string Name { get; init; } = "";

    public DateTimeOffset? LockedUntil { get; init; }
}

/// <summary>
/// Staff see what is other people's, so a password alone does not make anyone staff: the roles Support and Admin count only for who has
/// an authenticator app or a passkey, and in sessions that passed it. Whoever asks for roles (pages, the door, policies) asks here.
/// The demo's staff may do without, in Development, which is where the demo may exist.
/// </summary>
public sealed class StaffDuty(IHostEnvironment environment, IDbContextFactory<PortalDb> databases)
{
    public static IReadOnlyList<string> StaffRoles { get; } = [Roles.Support, Roles.Admin];

    private readonly string[] _mayDoWithout =
        environment.IsDevelopment() ? [.. DemoAccounts.All.Where(person => StaffRoles.Contains(person.Role)).Select(person => person.Email.ToUpperInvariant())] : [];

    /// <summary>The roles that count as far as the person goes: the session is the caller's to ask.</summary>
    public IQueryable<CountingRole> CountingRoles(PortalDb db) =>
        from has in db.UserRoles
        join role in db.Roles on has.RoleId equals role.Id
        join user in db.Users on has.UserId equals user.Id
        where !StaffRoles.Contains(role.Name!)
            || user.TwoFactorEnabled || db.UserPasskeys.Any(passkey => passkey.UserId == user.Id) || _mayDoWithout.Contains(user.NormalizedEmail!)
        select new CountingRole { User = user.Id, Name = role.Name!, LockedUntil = user.LockoutEnd };

    /// <summary>Of roles that count, those that do so in this session.</summary>
    public static IEnumerable<string> In(SignInSession session, IEnumerable<string> roles) =>
        session.PassedSecondFactor ? roles : roles.Where(role => !StaffRoles.Contains(role));

    /// <summary>The staff roles of this person that do not count for want of a second factor.</summary>
    public async Task<IReadOnlyList<string>> Owed(string userId)
    {
        await using var db = await databases.CreateDbContextAsync();
        var held = db.UserRoles.Where(has => has.UserId == userId).Join(db.Roles, has => has.RoleId, role => role.Id, (_, role) => role.Name!);
        var counting = CountingRoles(db).Where(role => role.User == userId).Select(role => role.Name);
        return await held.Except(counting).OrderBy(name => name).ToListAsync();
    }

    /// <summary>Whether these roles make somebody staff who may not be without a second factor.</summary>
    public bool Binds(User user, IEnumerable<string> roles) => !MayDoWithout(user) && roles.Any(StaffRoles.Contains);

    /// <summary>Whether this is one of the demo's staff, in Development.</summary>
    public bool MayDoWithout(User user) => _mayDoWithout.Contains(user.NormalizedEmail);
}
