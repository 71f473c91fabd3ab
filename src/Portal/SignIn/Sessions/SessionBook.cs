using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Settings;

namespace Portal.SignIn.Sessions;

/// <summary>Opens sessions, keeps those that are used, and answers whether one counts and if not why.</summary>
public sealed class SessionBook(IDbContextFactory<PortalDb> databases, Clock clock, PortalSettings settings)
{
    /// <summary>A use within this time of the last one is not written down.</summary>
    private static readonly TimeSpan Exactness = TimeSpan.FromMinutes(1);

    /// <summary>How long the row of an ended session stays.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>How long a session lasts without use.</summary>
    public TimeSpan Idle(bool remembered) =>
        remembered ? TimeSpan.FromDays(settings.SignIn.RememberedDays) : TimeSpan.FromHours(settings.SignIn.SessionHours);

    /// <summary>How long it lasts at the most.</summary>
    private TimeSpan Longest(bool remembered) =>
        remembered ? TimeSpan.FromDays(settings.SignIn.LongestRememberedDays) : TimeSpan.FromHours(settings.SignIn.LongestSessionHours);

    /// <summary>A new session, for the caller to store; what is long over of the same person's goes.</summary>
    public async Task<SignInSession> Open(PortalDb db, User user, bool remembered, string method, string userAgent)
    {
        var now = clock.Now;
        var longAgo = now - Kept;
        await db.Set<SignInSession>().Where(s => s.UserId == user.Id && (s.EndedAt < longAgo || s.LastsUntil < longAgo || s.EndsAt < longAgo)).ExecuteDeleteAsync();
        var session = new SignInSession
        {
            Id = Guid.CreateVersion7(now).ToString(),
            UserId = user.Id,
            SignedInAt = now,
            LastSeenAt = now,
            LastsUntil = now + Idle(remembered),
            EndsAt = now + Longest(remembered),
            Remembered = remembered,
            Method = method,
            Device = Device.Of(userAgent),
            Stamp = user.SecurityStamp ?? "",
        };
        db.Add(session);
        return session;
    }

    /// <summary>The session, if it counts; being asked for is a use.</summary>
    public async Task<SignInSession?> Use(string id, CancellationToken cancellation = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var now = clock.Now;
        var session = await db.SessionsThatCount(now).AsNoTracking().SingleOrDefaultAsync(s => s.Id == id, cancellation);
        if (session is not null && now - session.LastSeenAt >= Exactness)
        {
            var until = now + Idle(session.Remembered);
            await db.Set<SignInSession>().Where(s => s.Id == id).ExecuteUpdateAsync(
                set => set.SetProperty(s => s.LastSeenAt, now).SetProperty(s => s.LastsUntil, until), cancellation);
        }

        return session;
    }

    /// <summary>Whether it counts; looking is no use of it.</summary>
    public async Task<bool> Counts(string? id, CancellationToken cancellation = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.SessionsThatCount(clock.Now).AnyAsync(s => s.Id == id, cancellation);
    }

    /// <summary>The person's sessions that count, the latest used first.</summary>
    public async Task<IReadOnlyList<SignInSession>> Of(string userId)
    {
        await using var db = await databases.CreateDbContextAsync();
        return await db.SessionsThatCount(clock.Now).AsNoTracking().Where(s => s.UserId == userId)
            .OrderByDescending(s => s.LastSeenAt).ThenByDescending(s => s.Id).ToListAsync();
    }

    /// <summary>Why a session no longer counts; null if nobody knows it any more.</summary>
    public async Task<SessionEnd?> WhyOver(string id)
    {
        await using var db = await databases.CreateDbContextAsync();
        var now = clock.Now;
        var found = await (from session in db.Set<SignInSession>().AsNoTracking()
                           join user in db.Users on session.UserId equals user.Id
                           where session.Id == id
                           select new { session, user.LockoutEnd }).SingleOrDefaultAsync();
        return found switch
        {
            null => null,
            { session.EndedBy: { } why } => why,
            { LockoutEnd: { } until } when until > now => SessionEnd.Locked,
            { session.EndsAt: var end } when end <= now => SessionEnd.TooOld,
            { session.LastsUntil: var end } when end <= now => SessionEnd.Unused,
            _ => SessionEnd.Changed,
        };
    }
}
