using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.SignIn;
using Portal.SignIn.Sessions;

namespace Portal.Admin.People;

/// <summary>A session of somebody of staff.</summary>
public sealed record StaffSession(string Id, string Device, string Method, DateTimeOffset SignedInAt, DateTimeOffset LastSeenAt, bool PassedSecondFactor);

/// <summary>Somebody with a role of staff.</summary>
/// <param name="Id">The user's id.</param>
/// <param name="Email">Their address.</param>
/// <param name="Roles">Their staff roles.</param>
/// <param name="HasAccepted">Whether they have set a password, or else can sign in.</param>
/// <param name="HasApp">Whether an authenticator app is set up.</param>
/// <param name="Passkeys">How many passkeys they have.</param>
/// <param name="Counts">Whether their roles count now: they have a second factor, or may do without.</param>
/// <param name="LockedUntil">Until when their sign-in is locked, if it is.</param>
/// <param name="LastSignIn">When they last signed in, if ever.</param>
/// <param name="Sessions">Where they are signed in now.</param>
public sealed record StaffMember(
    string Id, string Email, IReadOnlyList<string> Roles, bool HasAccepted, bool HasApp, int Passkeys, bool Counts, DateTimeOffset? LockedUntil, DateTimeOffset? LastSignIn,
    IReadOnlyList<StaffSession> Sessions);

/// <summary>What the page of the people shows.</summary>
public sealed record PeopleFigures(DateTimeOffset AsOf, IReadOnlyList<StaffMember> Staff);

/// <summary>Reads who is staff. Nothing secret is in it: not a password, not even its hash.</summary>
public sealed class PeopleReader(IDbContextFactory<PortalDb> databases, StaffDuty duty, Clock clock)
{
    public async Task<PeopleFigures> Read(CancellationToken cancel = default)
    {
        var now = clock.Now;
        await using var db = await databases.CreateDbContextAsync(cancel);
        var held = await (from has in db.UserRoles
                          join role in db.Roles on has.RoleId equals role.Id
                          where StaffDuty.StaffRoles.Contains(role.Name!)
                          select new { has.UserId, Role = role.Name! }).ToListAsync(cancel);
        var ids = held.Select(h => h.UserId).Distinct().ToArray();
        var users = await db.Users.AsNoTracking().Where(u => ids.Contains(u.Id))
            .Select(u => new
            {
                u.Id,
                u.Email,
                u.TwoFactorEnabled,
                u.LockoutEnd,
                HasPassword = u.PasswordHash != null,
                Passkeys = db.UserPasskeys.Count(p => p.UserId == u.Id),
                LastSignIn = db.Set<SignInSession>().Where(s => s.UserId == u.Id).Max(s => (DateTimeOffset?)s.SignedInAt),
            }).ToListAsync(cancel);
        var counting = (await duty.CountingRoles(db).Where(r => ids.Contains(r.User) && StaffDuty.StaffRoles.Contains(r.Name)).Select(r => r.User).ToListAsync(cancel)).ToHashSet();
        var sessions = (await db.SessionsThatCount(now).AsNoTracking().Where(s => ids.Contains(s.UserId)).OrderByDescending(s => s.LastSeenAt).ToListAsync(cancel)).ToLookup(s => s.UserId);
        return new PeopleFigures(now,
        [
            .. users.OrderBy(u => u.Email, StringComparer.OrdinalIgnoreCase).Select(u => new StaffMember(
                u.Id, u.Email ?? "", [.. held.Where(h => h.UserId == u.Id).Select(h => h.Role).Order(StringComparer.Ordinal)], u.HasPassword || u.Passkeys > 0, u.TwoFactorEnabled, u.Passkeys,
                counting.Contains(u.Id), u.LockoutEnd > now ? u.LockoutEnd : null, u.LastSignIn,
                [.. sessions[u.Id].Select(s => new StaffSession(s.Id, s.Device, s.Method, s.SignedInAt, s.LastSeenAt, s.PassedSecondFactor))])),
        ]);
    }
}
