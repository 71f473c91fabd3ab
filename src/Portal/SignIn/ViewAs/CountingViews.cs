using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.SignIn.Sessions;

namespace Portal.SignIn.ViewAs;

/// <summary>The one place that says which view-as counts. Pages, the door and every other write ask here, each time anew.</summary>
public static class CountingViews
{
    /// <summary>
    /// Those whose time is not over and that nobody ended, in sessions that count and passed a second factor, of people in the role Support, of accounts whose owner is
    /// the one that it began with, is not staff, and has not forbidden it.
    /// </summary>
    public static IQueryable<ViewAsSession> ViewsThatCount(this PortalDb db, StaffDuty duty, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(duty);
        var roles = duty.CountingRoles(db);
        var staff = db.Staff();
        return from view in db.Set<ViewAsSession>()
               join session in db.SessionsThatCount(now) on view.Session equals session.Id
               join account in db.Set<Ledger.Account>() on view.Account equals account.Key
               where view.EndedAt == null && view.EndsAt > now
                   && session.UserId == view.Staff && session.PassedSecondFactor
                   && roles.Any(role => role.User == view.Staff && role.Name == Roles.Support)
                   && account.Owner == view.Owner && !account.ForbidsSupport && !staff.Contains(view.Owner)
               select view;
    }

    /// <summary>The ids of everybody who has a staff role, whether or not it counts.</summary>
    public static IQueryable<string> Staff(this PortalDb db)
    {
        ArgumentNullException.ThrowIfNull(db);
        return from has in db.UserRoles
               join role in db.Roles on has.RoleId equals role.Id
               where StaffDuty.StaffRoles.Contains(role.Name!)
               select has.UserId;
    }

    /// <summary>Refuses whatever a person wants to write in a session that views as. The door asks the same of every command.</summary>
    /// <exception cref="NotAllowedException">Their session views as.</exception>
    public static async Task DemandNoViewAs(this PortalDb db, StaffDuty duty, Actor by, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(by);
        if (by.Session is { } session && await db.ViewsThatCount(duty, now).AnyAsync(view => view.Session == session))
        {
            throw new NotAllowedException(NotAllowedException.WhileViewing);
        }
    }
}
