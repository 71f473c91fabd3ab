using Portal.Data;

namespace Portal.SignIn.Sessions;

/// <summary>The one place that says which sessions count. Pages, open pages, the cookie and the door all ask here, each time anew.</summary>
public static class CountingSessions
{
    /// <summary>Those that nobody and nothing has ended, of people who are not locked out.</summary>
    public static IQueryable<SignInSession> SessionsThatCount(this PortalDb db, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(db);
        return from session in db.Set<SignInSession>()
               join user in db.Users on session.UserId equals user.Id
               where session.EndedAt == null && session.LastsUntil > now && session.EndsAt > now
                   && session.Stamp == user.SecurityStamp
                   && (user.LockoutEnd == null || user.LockoutEnd <= now)
               select session;
    }
}
