using System.Data.Common;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.Settings;
using Portal.SignIn.Sessions;

namespace Portal.SignIn.ViewAs;

/// <summary>
/// Begins and ends view-as, and writes down what was looked at. Whatever it is asked is decided against the database in the transaction that writes, and is in the audit:
/// the start, each page and the end. The subscriber is told by mail of the start, and their open pages of all of it.
/// </summary>
public sealed partial class ViewAsBook(
    IDbContextFactory<PortalDb> databases, StaffDuty duty, AccountFeed feed, ViewAsMail mail, Clock clock, PortalSettings settings)
{
    /// <summary>What of the feed tells the open pages of a session that it views as, or no longer.</summary>
    public static string FeedKey(string session) => $"session:{session}";

    /// <summary>The view-as of this session that counts now.</summary>
    public async Task<ViewAsSession?> Of(string? session, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.ViewsThatCount(duty, clock.Now).AsNoTracking().SingleOrDefaultAsync(v => v.Session == session, cancel);
    }

    /// <summary>The last one of this session, whether or not it counts.</summary>
    public async Task<ViewAsSession?> LastOf(string? session)
    {
        await using var db = await databases.CreateDbContextAsync();
        return await db.Set<ViewAsSession>().AsNoTracking().Where(v => v.Session == session).OrderByDescending(v => v.StartedAt).FirstOrDefaultAsync();
    }

    /// <summary>Begins to look at an account, in the actor's session.</summary>
    /// <exception cref="NotAllowedException">The actor is not support, or their session has ended.</exception>
    /// <exception cref="DoorBusyException">The database did not answer.</exception>
    public async Task<StartOutcome> Start(string account, string reason, string ticket, Actor by)
    {
        ArgumentNullException.ThrowIfNull(by);
        (reason, ticket) = ((reason ?? "").Trim(), (ticket ?? "").Trim());
        string? address = null;
        StartOutcome outcome;
        try
        {
            await using var db = await databases.CreateDbContextAsync();
            await using var transaction = await db.Database.BeginTransactionAsync();
            var now = clock.Now;
            await DemandSupport(db, by, now);
            // One whose time is over holds the session's place until somebody writes that down.
            await EndWhatIsOver(db, db.Set<ViewAsSession>().Where(v => v.Session == by.Session), now);
            outcome = await Decide(db, account, reason, ticket, by, now);
            if (outcome is StartOutcome.Started(var begun))
            {
                db.Add(begun);
                address = await db.Users.Where(u => u.Id == begun.Owner).Select(u => u.Email).SingleOrDefaultAsync();
            }
            // Of an account that does not exist there is nothing to record about anybody.
            if (outcome is not StartOutcome.UnknownAccount)
            {
                db.Add(ViewAsAudit.Start(account, reason, ticket, outcome, by, now));
            }
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
        }
        catch (DbUpdateException taken) when (taken.InnerException is DbException { SqlState: "23505" } or Microsoft.Data.Sqlite.SqliteException { SqliteErrorCode: 19 })
        {
            // Of two starts at once in one session the other came first.
            return new StartOutcome.AlreadyViewing();
        }
        catch (Exception away) when (away.IsDatabaseAway())
        {
            throw new DoorBusyException("The database is not available.", away);
        }
        if (outcome is StartOutcome.Started(var view))
        {
            feed.Changed([account, FeedKey(view.Session)]);
            mail.Started(address, view);
        }
        return outcome;
    }

    /// <summary>Ends what the actor's session looks at; whether there was something to end.</summary>
    public async Task<bool> End(Actor by)
    {
        ArgumentNullException.ThrowIfNull(by);
        await using var db = await databases.CreateDbContextAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var now = clock.Now;
        var open = db.Set<ViewAsSession>().Where(v => v.Session == by.Session && v.Staff == by.UserId);
        List<ViewAsSession> ended = [.. await EndWhatIsOver(db, open, now)];
        if (await db.ViewsThatCount(duty, now).AsNoTracking().SingleOrDefaultAsync(v => v.Session == by.Session && v.Staff == by.UserId) is { } view
            && await End(db, view, ViewAsEnd.Staff, now, now, by))
        {
            ended.Add(view);
        }
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
        Tell(ended);
        return ended.Count > 0;
    }

    /// <summary>Writes down that a page is looked at; <c>false</c> if the view-as counts no longer, and so nothing may be shown.</summary>
    public async Task<bool> Visit(string viewAs, string path)
    {
        path = path.Length > ViewAsPage.LongestPath ? path[..ViewAsPage.LongestPath] : path;
        await using var db = await databases.CreateDbContextAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var now = clock.Now;
        if (await db.ViewsThatCount(duty, now).AsNoTracking().SingleOrDefaultAsync(v => v.Id == viewAs) is not { } view)
        {
            return false;
        }
        if (await db.Set<ViewAsPage>().Where(p => p.ViewAs == viewAs).OrderByDescending(p => p.Id).Select(p => p.Path).FirstOrDefaultAsync() == path)
        {
            return true;
        }
        db.Add(new ViewAsPage { ViewAs = viewAs, At = now, Path = path });
        db.Add(ViewAsAudit.Page(view, path, now));
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
        feed.Changed([view.Account]);
        return true;
    }

    /// <summary>Writes down the end of all that counts no longer, and why; returns how many. Nothing waits for it: what is over counts no longer before it is written.</summary>
    public async Task<int> EndWhatIsOver(CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var now = clock.Now;
        if (!await Over(db, db.Set<ViewAsSession>(), now).AnyAsync(cancel))
        {
            return 0;
        }
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var ended = await EndWhatIsOver(db, db.Set<ViewAsSession>(), now);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        Tell(ended);
        return ended.Count;
    }

    /// <summary>Why nobody, or not this actor, may look at an account, whatever they give as a reason; <c>null</c> if they may. For a page to say: what counts is what <see cref="Start"/> finds.</summary>
    public async Task<StartOutcome?> WhyNot(string account, Actor by)
    {
        ArgumentNullException.ThrowIfNull(by);
        await using var db = await databases.CreateDbContextAsync();
        return (await Subject(db, account, by)).Refused;
    }

    private static async Task<(StartOutcome? Refused, string Owner)> Subject(PortalDb db, string account, Actor by)
    {
        if (await db.Set<Ledger.Account>().Where(a => a.Key == account).Select(a => new { a.Owner, a.ForbidsSupport }).SingleOrDefaultAsync() is not { } subject)
        {
            return (new StartOutcome.UnknownAccount(), "");
        }
        StartOutcome? refused = subject.Owner == by.UserId ? new StartOutcome.OwnAccount()
            : await db.Staff().ContainsAsync(subject.Owner) ? new StartOutcome.OfStaff()
            : subject.ForbidsSupport ? new StartOutcome.Forbidden()
            : null;
        return (refused, subject.Owner);
    }

    private async Task<StartOutcome> Decide(PortalDb db, string account, string reason, string ticket, Actor by, DateTimeOffset now)
    {
        var (refused, owner) = await Subject(db, account, by);
        if (refused is not null)
        {
            return refused;
        }
        if (await db.Set<ViewAsSession>().AnyAsync(v => v.Session == by.Session && v.EndedAt == null))
        {
            return new StartOutcome.AlreadyViewing();
        }
        if (reason.Length is < ViewAsSession.ShortestReason or > ViewAsSession.LongestReason || reason.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')))
        {
            return new StartOutcome.WrongReason();
        }
        if (!TicketNumber().IsMatch(ticket))
        {
            return new StartOutcome.WrongTicket();
        }
        return new StartOutcome.Started(new ViewAsSession
        {
            Id = Guid.CreateVersion7(now).ToString(),
            Staff = by.UserId!,
            Session = by.Session!,
            Account = account,
            Owner = owner,
            Reason = reason,
            Ticket = ticket,
            StartedAt = now,
            EndsAt = now.AddMinutes(settings.SignIn.ViewAsMinutes),
        });
    }

    private async Task DemandSupport(PortalDb db, Actor by, DateTimeOffset now)
    {
        if (by is not { UserId: { } user, Session: { } session } || !await db.SessionsThatCount(now).AnyAsync(s => s.Id == session && s.UserId == user && s.PassedSecondFactor)
            || !await duty.CountingRoles(db).AnyAsync(role => role.User == user && role.Name == Roles.Support))
        {
            throw new NotAllowedException("Only support may view as a subscriber. Nothing was changed.");
        }
    }

    private IQueryable<ViewAsSession> Over(PortalDb db, IQueryable<ViewAsSession> among, DateTimeOffset now)
    {
        var counting = db.ViewsThatCount(duty, now).Select(v => v.Id);
        return among.Where(v => v.EndedAt == null && !counting.Contains(v.Id));
    }

    private async Task<IReadOnlyList<ViewAsSession>> EndWhatIsOver(PortalDb db, IQueryable<ViewAsSession> among, DateTimeOffset now)
    {
        List<ViewAsSession> ended = [];
        foreach (var view in await Over(db, among, now).AsNoTracking().ToListAsync())
        {
            var why = await WhyOver(db, view, now);
            if (await End(db, view, why, why == ViewAsEnd.TimeOver ? view.EndsAt : now, now, Actor.Portal))
            {
                ended.Add(view);
            }
        }
        return ended;
    }

    /// <summary>Ends it in the caller's transaction, unless somebody did already; the caller saves the record last of all.</summary>
    private static async Task<bool> End(PortalDb db, ViewAsSession view, ViewAsEnd why, DateTimeOffset at, DateTimeOffset now, Actor by)
    {
        if (await db.Set<ViewAsSession>().Where(v => v.Id == view.Id && v.EndedAt == null).ExecuteUpdateAsync(set => set.SetProperty(v => v.EndedAt, at).SetProperty(v => v.EndedBy, why)) == 0)
        {
            return false;
        }
        db.Add(ViewAsAudit.End(view, why, at, by, now));
        return true;
    }

    private async Task<ViewAsEnd> WhyOver(PortalDb db, ViewAsSession view, DateTimeOffset now)
    {
        var subject = await db.Set<Ledger.Account>().Where(a => a.Key == view.Account).Select(a => new { a.Owner, a.ForbidsSupport }).SingleOrDefaultAsync();
        var session = await db.Set<SignInSession>().AsNoTracking().SingleOrDefaultAsync(s => s.Id == view.Session);
        return view.EndsAt <= now ? ViewAsEnd.TimeOver
            : subject is { ForbidsSupport: true } ? ViewAsEnd.Forbidden
            : !await duty.CountingRoles(db).AnyAsync(role => role.User == view.Staff && role.Name == Roles.Support) || session?.EndedBy == SessionEnd.Role ? ViewAsEnd.Role
            : !await db.SessionsThatCount(now).AnyAsync(s => s.Id == view.Session) ? ViewAsEnd.SignedOut
            : ViewAsEnd.Subject;
    }

    private void Tell(IReadOnlyCollection<ViewAsSession> ended) =>
        feed.Changed(ended.SelectMany(v => new[] { v.Account, FeedKey(v.Session) }).Distinct());

    [GeneratedRegex(@"^[A-Za-z0-9#][A-Za-z0-9#._:/-]{0,63}$")]
    private static partial Regex TicketNumber();
}
