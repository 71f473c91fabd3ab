using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.SignIn;
using Portal.SignIn.Sessions;

namespace Portal.Admin.People;

/// <summary>What a change of somebody's roles or sessions came to.</summary>
public enum StaffOutcome
{
    /// <summary>It is done.</summary>
    Done,

    /// <summary>It was so before.</summary>
    WasSo,

    /// <summary>The reason is too short, or too long.</summary>
    NoReason,

    /// <summary>No mail can be sent to this address.</summary>
    WrongAddress,

    /// <summary>There is no such person.</summary>
    Unknown,

    /// <summary>Nobody gives a role to themselves.</summary>
    Oneself,

    /// <summary>Without them nobody could administer Portal.</summary>
    LastAdmin,
}

/// <summary>
/// Makes somebody staff and ends it. Each change is decided with the role Admin locked, so that two administrators who take the role from each
/// other at once are decided one after the other: the second one finds that they are none any more. Every change has a reason and an audit
/// record, and its subject is told by mail.
/// </summary>
public sealed class StaffChanges(StaffDesk desk, StaffDuty duty, IServiceScopeFactory scopes, SecurityMail mail)
{
    public const int ShortestReason = 15;

    public const int LongestReason = 500;

    /// <summary>Gives a role to whoever has this address; who is not known yet gets an invitation.</summary>
    /// <exception cref="NotAllowedException">The actor is no administrator, or no longer.</exception>
    /// <exception cref="DoorBusyException">Try again.</exception>
    public async Task<StaffOutcome> Invite(string email, string role, string reason, Actor by)
    {
        email = email.Trim();
        if (!Invitations.IsAddress(email))
        {
            return StaffOutcome.WrongAddress;
        }
        var invited = "";
        var outcome = await Change(role, reason, by, async work =>
        {
            var normalized = email.ToUpperInvariant();
            var user = await work.Db.Users.SingleOrDefaultAsync(u => u.NormalizedEmail == normalized);
            if (user is null)
            {
                user = new User
                {
                    UserName = email,
                    NormalizedUserName = normalized,
                    Email = email,
                    NormalizedEmail = normalized,
                    LockoutEnabled = true,
                    SecurityStamp = Guid.NewGuid().ToString(),
                };
                work.Db.Add(user);
            }
            invited = user.Id;
            return await Give(work, user, role, reason);
        });
        if (outcome == StaffOutcome.Done)
        {
            await Tell(invited, role);
        }
        return outcome;
    }

    /// <summary>Takes a role away. It counts at the next command; open pages of the person are closed within a minute.</summary>
    /// <exception cref="NotAllowedException">The actor is no administrator, or no longer.</exception>
    /// <exception cref="DoorBusyException">Try again.</exception>
    public async Task<StaffOutcome> Take(string userId, string role, string reason, Actor by)
    {
        string? email = null;
        var outcome = await Change(role, reason, by, async work =>
        {
            if (await work.Db.Users.FindAsync(userId) is not { } user)
            {
                return StaffOutcome.Unknown;
            }
            var before = await RolesOf(work.Db, userId);
            if (!before.Contains(role))
            {
                return StaffOutcome.WasSo;
            }
            if (role == Roles.Admin && !await IsAnotherAdmin(work, userId))
            {
                work.Audit("RemoveRole", SignInAudit.Subject(userId), nameof(StaffOutcome.LastAdmin), reason: reason);
                return StaffOutcome.LastAdmin;
            }
            work.Db.Remove(await work.Db.UserRoles.SingleAsync(has => has.UserId == userId && has.RoleId == role));
            await EndSessions(work, user, SessionEnd.Role);
            work.Audit("RemoveRole", SignInAudit.Subject(userId), nameof(StaffOutcome.Done), new { roles = before }, new { roles = before.Where(r => r != role) }, reason);
            email = user.Email;
            return StaffOutcome.Done;
        });
        if (outcome == StaffOutcome.Done && email is not null)
        {
            mail.RoleTaken(email, role);
        }
        return outcome;
    }

    /// <summary>Ends every session of somebody of staff; links and codes that were on their way count no more.</summary>
    /// <exception cref="NotAllowedException">The actor is no administrator, or no longer.</exception>
    /// <exception cref="DoorBusyException">Try again.</exception>
    public Task<StaffOutcome> EndSessions(string userId, string reason, Actor by) => Change(Roles.Admin, reason, by, async work =>
    {
        if (await work.Db.Users.FindAsync(userId) is not { } user || !(await RolesOf(work.Db, userId)).Intersect(StaffDuty.StaffRoles).Any())
        {
            return StaffOutcome.Unknown;
        }
        var ended = await EndSessions(work, user, SessionEnd.ByAdmin);
        work.Audit("EndSessions", SignInAudit.Subject(userId), nameof(StaffOutcome.Done), after: new { sessions = ended }, reason: reason);
        return StaffOutcome.Done;
    });

    private async Task<StaffOutcome> Change(string role, string reason, Actor by, Func<StaffWork, Task<StaffOutcome>> change)
    {
        if (!StaffDuty.StaffRoles.Contains(role))
        {
            throw new NotAllowedException("Only a role of staff is given or taken here. Nothing was changed.");
        }
        return reason.Trim().Length is < ShortestReason or > LongestReason ? StaffOutcome.NoReason : await desk.Do(by, Roles.Admin, change, LockRoles);
    }

    /// <summary>Before any person's row is locked: two that have locked each other's would wait for ever. Others who give roles, such as whoever registers, wait for nothing.</summary>
    private static Task LockRoles(PortalDb db) => db is PostgresPortalDb
        ? db.Database.ExecuteSqlAsync($"SELECT id FROM roles WHERE id = {Roles.Admin} FOR NO KEY UPDATE")
        : Task.CompletedTask;

    private static async Task<StaffOutcome> Give(StaffWork work, User user, string role, string reason)
    {
        var (subject, before) = (SignInAudit.Subject(user.Id), await RolesOf(work.Db, user.Id));
        if (before.Contains(role))
        {
            return StaffOutcome.WasSo;
        }
        if (user.Id == work.By.UserId)
        {
            work.Audit("GiveRole", subject, nameof(StaffOutcome.Oneself), reason: reason);
            return StaffOutcome.Oneself;
        }
        work.Db.Add(new IdentityUserRole<string> { UserId = user.Id, RoleId = role });
        work.Audit("GiveRole", subject, nameof(StaffOutcome.Done), new { roles = before }, new { roles = before.Append(role).Order(StringComparer.Ordinal) }, reason);
        return StaffOutcome.Done;
    }

    /// <summary>Somebody else whose role counts now: one who was invited and never came could not act.</summary>
    private Task<bool> IsAnotherAdmin(StaffWork work, string userId) => duty.CountingRoles(work.Db)
        .AnyAsync(r => r.Name == Roles.Admin && r.User != userId && (r.LockedUntil == null || r.LockedUntil <= work.Now));

    private static async Task<int> EndSessions(StaffWork work, User user, SessionEnd why)
    {
        user.SecurityStamp = Guid.NewGuid().ToString();
        user.ConcurrencyStamp = Guid.NewGuid().ToString();
        var open = await work.Db.Set<SignInSession>().Where(s => s.UserId == user.Id && s.EndedAt == null).ToListAsync();
        open.ForEach(session => session.End(why, work.Now));
        return open.Count;
    }

    private static async Task<List<string>> RolesOf(PortalDb db, string userId) =>
        await db.UserRoles.Where(has => has.UserId == userId).Join(db.Roles, has => has.RoleId, role => role.Id, (_, role) => role.Name!).OrderBy(name => name).ToListAsync();

    /// <summary>Who has no password yet gets the link by which they set one.</summary>
    private async Task Tell(string userId, string role)
    {
        await using var scope = scopes.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<UserManager<User>>().FindByIdAsync(userId) is not { } user)
        {
            return;
        }
        if (user.PasswordHash is null)
        {
            await scope.ServiceProvider.GetRequiredService<Invitations>().Send(user);
        }
        else
        {
            mail.RoleGiven(user.Email!, role);
        }
    }
}
