using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.SignIn.Sessions;
using Portal.SignIn.ViewAs;

namespace Portal.SignIn;

/// <summary>
/// Changes of a person's sign-in, each in one SaveChanges with what follows from it: the sessions that end, and the audit record. A new
/// security stamp ends every session anyway (see <see cref="SignInSession.Stamp"/>); the rows learn why. Whoever views as changes nothing here but
/// that they sign out.
/// </summary>
public sealed class SignInChanges(PortalDb db, UserManager<User> users, StaffDuty duty, Clock clock)
{
    /// <summary>
    /// Does a change by one of Identity's calls, which stores it together with the rest. What Identity refuses changes nothing.
    /// </summary>
    /// <param name="ends">What it tells the sessions that it ends; null if it ends none.</param>
    /// <param name="but">The session that goes on.</param>
    public async Task<IdentityResult> Save(
        User user, string action, Actor by, Func<Task<IdentityResult>> change, SessionEnd? ends = null, string? but = null, object? after = null)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(change);
        var now = clock.Now;
        await db.DemandNoViewAs(duty, by, now);
        db.Add(SignInAudit.Record(action, user.Id, now, by, after: after));
        if (ends is { } why)
        {
            foreach (var session in await Open(user.Id).Where(s => s.Id != but).ToListAsync())
            {
                session.End(why, now);
            }
        }

        var result = await change();
        if (!result.Succeeded)
        {
            db.ChangeTracker.Clear();
        }

        return result;
    }

    /// <summary>Ends one session of the person's; whose it is not, ends nothing.</summary>
    public async Task<bool> EndSession(User user, string sessionId, SessionEnd why, Actor by)
    {
        ArgumentNullException.ThrowIfNull(user);
        if (why != SessionEnd.SignedOut)
        {
            await db.DemandNoViewAs(duty, by, clock.Now);
        }

        if (await Open(user.Id).SingleOrDefaultAsync(s => s.Id == sessionId) is not { } session)
        {
            return false;
        }

        session.End(why, clock.Now);
        var action = why == SessionEnd.SignedOut ? "SignOut" : "EndSession";
        db.Add(SignInAudit.Record(action, user.Id, clock.Now, by, after: new { session = session.Id }));
        await db.SaveChangesAsync();
        return true;
    }

    /// <summary>Ends every session, this one too; links and codes that were on their way count no more.</summary>
    public Task<IdentityResult> SignOutEverywhere(User user, Actor by) =>
        Save(user, "SignOutEverywhere", by, () => users.UpdateSecurityStampAsync(user), SessionEnd.Everywhere);

    /// <summary>
    /// Takes a role away. It counts at the next command, which asks for roles where it runs; open pages of the person are closed within a
    /// minute, and they sign in anew as what they now are.
    /// </summary>
    public Task<IdentityResult> RemoveRole(User user, string role, Actor by) =>
        Save(user, "RemoveRole", by, async () =>
        {
            user.SecurityStamp = Guid.NewGuid().ToString();
            return await users.RemoveFromRoleAsync(user, role);
        }, SessionEnd.Role, after: new { role });

    private IQueryable<SignInSession> Open(string userId) => db.Set<SignInSession>().Where(s => s.UserId == userId && s.EndedAt == null);
}
