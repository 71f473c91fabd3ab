using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.SignIn.Sessions;
using Portal.SignIn.ViewAs;

namespace Portal.SignIn;

/// <summary>
/// Where staff do what changes no account, and so does not go through the door: prices, the programme, keys, people. The role and the session
/// are asked in the transaction that does it, and the audit record stands in the same one: neither is there without the other.
/// </summary>
public sealed class StaffDesk(IDbContextFactory<PortalDb> databases, StaffDuty duty, Clock clock)
{
    /// <summary>Does some work of a staff member in one transaction.</summary>
    /// <exception cref="NotAllowedException">The actor does not have the role, or no longer.</exception>
    /// <exception cref="DoorBusyException">The database did not answer.</exception>
    /// <param name="by">Who works.</param>
    /// <param name="role">The role that the work needs.</param>
    /// <param name="work">The work.</param>
    /// <param name="first">Locks what has to be locked before any person's row.</param>
    public async Task<TOutcome> Do<TOutcome>(Actor by, string role, Func<StaffWork, Task<TOutcome>> work, Func<PortalDb, Task>? first = null)
    {
        ArgumentNullException.ThrowIfNull(by);
        ArgumentNullException.ThrowIfNull(work);
        try
        {
            await using var db = await databases.CreateDbContextAsync();
            await using var transaction = await db.Database.BeginTransactionAsync();
            var now = clock.Now;
            if (first is not null)
            {
                await first(db);
            }
            await Demand(db, by, role, now);
            await db.DemandNoViewAs(duty, by, now);
            var outcome = await work(new StaffWork(db, by, now));
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
            return outcome;
        }
        catch (Exception away) when (away.IsDatabaseAway())
        {
            throw new DoorBusyException("The database is not available.", away);
        }
    }

    /// <summary>The same as the door asks of staff: a role that counts, of somebody who is not locked out, in a session that counts.</summary>
    private async Task Demand(PortalDb db, Actor by, string role, DateTimeOffset now)
    {
        if (by.UserId is not { } user || !await IsThere(db, user)
            || !await duty.CountingRoles(db).AnyAsync(r => r.User == user && r.Name == role && (r.LockedUntil == null || r.LockedUntil <= now))
            || (by.Session is { } id && !(await db.SessionsThatCount(now).AsNoTracking().SingleOrDefaultAsync(s => s.Id == id && s.UserId == user) is { } session
                && StaffDuty.In(session, [role]).Any())))
        {
            throw new NotAllowedException($"Only somebody with the role {role} may do this. Nothing was changed.");
        }
    }

    /// <summary>Whoever takes a role away changes the person's row, so that waits for this work, or this work finds the role gone. SQLite's transaction has the whole database for itself already.</summary>
    private static async Task<bool> IsThere(PortalDb db, string user) =>
        db is not PostgresPortalDb || (await db.Database.SqlQuery<string>($"SELECT id AS \"Value\" FROM users WHERE id = {user} FOR SHARE").ToListAsync()).Count == 1;
}

/// <summary>A transaction of a staff member whose role was just found to count.</summary>
/// <param name="Db">The database, in that transaction; it is saved and committed after the work.</param>
/// <param name="By">Who works.</param>
/// <param name="Now">The instant at which all of it happens.</param>
public sealed record StaffWork(PortalDb Db, Actor By, DateTimeOffset Now)
{
    /// <summary>Says in the audit what was done, or refused. Ids only: no address, no secret.</summary>
    public void Audit(string action, string subject, string outcome, object? before = null, object? after = null, string? reason = null) => Db.Add(new AuditRecord
    {
        At = Now,
        Actor = By.Id,
        Subject = subject,
        Action = action,
        Before = Told(before),
        After = Told(after),
        Outcome = outcome,
        Reason = reason,
        RequestId = By.RequestId,
    });

    /// <summary>With read-only properties: figures may be of a type without a name.</summary>
    private static readonly JsonSerializerOptions Json = new(LedgerJson.Options) { IgnoreReadOnlyProperties = false };

    private static string? Told(object? figures) => figures is null ? null : JsonSerializer.Serialize(figures, figures.GetType(), Json);
}
