using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.Settings;
using Portal.SignIn;
using Portal.Terms;

namespace Portal.Support;

/// <summary>
/// What people do about corrections: ask for one, approve, reject, take back. It moves no money; that is the door's, charge by charge (see <see cref="CorrectionWork"/>).
/// Each in one transaction, with role and session looked up in it, and an audit record. Who decides first decides: the state is changed only from "waiting".
/// </summary>
public sealed class Corrections(IDbContextFactory<PortalDb> databases, StaffDesk desk, PriceBooks prices, CorrectionWork carrying, PortalSettings settings)
{
    /// <summary>The most charges of one correction.</summary>
    public const int MostCharges = 20_000;

    private readonly Money limit = Money.Parse(settings.Support.CorrectionsWithoutApproval);

    /// <summary>What a filter finds now; of more than one correction may have, only that they are more.</summary>
    public async Task<CorrectionSum> Preview(CorrectionFilter filter, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return CorrectionSets.Sum(await CorrectionSets.Find(db, await prices.InForce(db, cancel), filter, cancel));
    }

    /// <summary>Writes down which charges are to be reversed. Up to the limit that is all that it needs, and it is begun at once.</summary>
    /// <exception cref="NotAllowedException">The actor is not of support, or no longer.</exception>
    /// <exception cref="DoorBusyException">The database did not answer.</exception>
    public async Task<CorrectionOutcome> Request(CorrectionRequest request, Actor by)
    {
        ArgumentNullException.ThrowIfNull(request);
        var outcome = await Write(by, "RequestCorrection", request.Id, request.Reason, (db, now) => WriteDown(db, request, by, now));
        if (outcome is CorrectionOutcome.Approved)
        {
            carrying.Begin();
        }
        return outcome;
    }

    /// <summary>A second person agrees: it is begun at once. By their ids: another role or session makes nobody another person.</summary>
    public async Task<CorrectionOutcome> Approve(Guid id, Actor by)
    {
        var outcome = await Write(by, "ApproveCorrection", id, null, (db, now) => Decide(db, id, CorrectionState.Approved, by, now, null));
        if (outcome is CorrectionOutcome.Approved)
        {
            carrying.Begin();
        }
        return outcome;
    }

    /// <summary>A second person says no, and why.</summary>
    public Task<CorrectionOutcome> Reject(Guid id, string reason, Actor by) =>
        Write(by, "RejectCorrection", id, reason, (db, now) => Decide(db, id, CorrectionState.Rejected, by, now, reason));

    /// <summary>Whoever asked takes it back while it waits.</summary>
    public Task<CorrectionOutcome> Withdraw(Guid id, Actor by) =>
        Write(by, "WithdrawCorrection", id, null, (db, now) => Decide(db, id, CorrectionState.Withdrawn, by, now, null));

    private async Task<CorrectionOutcome> WriteDown(PortalDb db, CorrectionRequest request, Actor by, DateTimeOffset now)
    {
        if (await db.Set<Correction>().AsNoTracking().SingleOrDefaultAsync(c => c.Id == request.Id) is { } before)
        {
            return new CorrectionOutcome.Already(before.State);
        }
        if (!StaffTexts.IsReadable(request.Reason, StaffTexts.LongestReason) || !StaffTexts.IsReadable(request.Ticket, StaffTexts.LongestTicket))
        {
            return new CorrectionOutcome.WrongText();
        }
        if (request.GoodwillUntil <= now)
        {
            return new CorrectionOutcome.ExpiryHasPassed();
        }
        var found = await CorrectionSets.Find(db, await prices.InForce(db, CancellationToken.None), request.Filter);
        if (found.Count > MostCharges)
        {
            return new CorrectionOutcome.TooMany(MostCharges);
        }
        if (found.Count == 0)
        {
            return new CorrectionOutcome.Empty();
        }
        var sum = CorrectionSets.Sum(found);
        if (sum != request.Shown)
        {
            return new CorrectionOutcome.NotAsShown(sum);
        }
        var own = await db.Set<Account>().Where(a => a.Owner == by.UserId).Select(a => a.Key).ToListAsync();
        if (found.Exists(c => own.Contains(c.Account)))
        {
            return new CorrectionOutcome.OwnAccount();
        }
        await CorrectionSets.WriteDown(db, request.Id, found);
        var alone = sum.List + await ReversedAlone(db, by, now) <= limit;
        db.Add(new Correction
        {
            Id = request.Id,
            Filter = request.Filter,
            Sum = sum,
            List = sum.List,
            Reason = request.Reason.Trim(),
            Ticket = request.Ticket.Trim(),
            GoodwillUntil = Period.ToMicrosecond(request.GoodwillUntil),
            RequestedBy = by.Id,
            RequestedAt = now,
            State = alone ? CorrectionState.Approved : CorrectionState.Waiting,
            DecidedAt = alone ? now : null,
        });
        return alone ? new CorrectionOutcome.Approved(request.Id) : new CorrectionOutcome.Waiting(request.Id, limit);
    }

    private static async Task<CorrectionOutcome> Decide(PortalDb db, Guid id, CorrectionState state, Actor by, DateTimeOffset now, string? reason)
    {
        if (await db.Set<Correction>().AsNoTracking().SingleOrDefaultAsync(c => c.Id == id) is not { } correction)
        {
            return new CorrectionOutcome.Unknown();
        }
        if (correction.State != CorrectionState.Waiting)
        {
            return new CorrectionOutcome.Already(correction.State);
        }
        var isTheirs = correction.RequestedBy == by.Id;
        if (state == CorrectionState.Withdrawn ? !isTheirs : isTheirs)
        {
            return state == CorrectionState.Withdrawn ? new CorrectionOutcome.NotTheirs() : new CorrectionOutcome.SamePerson();
        }
        if (state == CorrectionState.Rejected && !StaffTexts.IsReadable(reason, StaffTexts.LongestReason))
        {
            return new CorrectionOutcome.WrongText();
        }
        if (state == CorrectionState.Approved && correction.GoodwillUntil <= now)
        {
            return new CorrectionOutcome.ExpiryHasPassed();
        }
        if (state == CorrectionState.Approved && await IsOfOwnAccount(db, id, by))
        {
            return new CorrectionOutcome.OwnAccount();
        }
        var (who, why) = (by.Id, reason?.Trim());
        var decided = await db.Set<Correction>().Where(c => c.Id == id && c.State == CorrectionState.Waiting).ExecuteUpdateAsync(set => set
            .SetProperty(c => c.State, state).SetProperty(c => c.DecidedBy, who).SetProperty(c => c.DecidedAt, now).SetProperty(c => c.DecisionReason, why));
        return decided == 0 ? new CorrectionOutcome.Already(await db.Set<Correction>().Where(c => c.Id == id).Select(c => c.State).SingleAsync())
            : state switch
            {
                CorrectionState.Approved => new CorrectionOutcome.Approved(id),
                CorrectionState.Rejected => new CorrectionOutcome.Rejected(),
                _ => new CorrectionOutcome.Withdrawn(),
            };
    }

    private static Task<bool> IsOfOwnAccount(PortalDb db, Guid id, Actor by)
    {
        var user = by.UserId;
        return db.Set<CorrectionItem>().AnyAsync(i => i.Correction == id && db.Set<Account>().Any(a => a.Key == i.Account && a.Owner == user));
    }

    /// <summary>What a person had reversed within the last day without a second one: many small corrections are no way around the limit.</summary>
    private static async Task<Money> ReversedAlone(PortalDb db, Actor by, DateTimeOffset now)
    {
        var (who, since) = (by.Id, now - StaffBatch.Together);
        var lists = await db.Set<Correction>().Where(c => c.RequestedBy == who && c.RequestedAt > since && c.DecidedBy == null && (c.State == CorrectionState.Approved || c.State == CorrectionState.Done))
            .Select(c => c.List).ToListAsync();
        return Money.Sum(lists, list => list);
    }

    private Task<CorrectionOutcome> Write(Actor by, string action, Guid id, string? reason, Func<PortalDb, DateTimeOffset, Task<CorrectionOutcome>> write) => desk.Do(by, Roles.Support, async work =>
    {
        await Alone(work.Db, by);
        var outcome = await write(work.Db, work.Now);
        var after = outcome is CorrectionOutcome.Approved or CorrectionOutcome.Waiting ? await Said(work.Db, id) : null;
        work.Audit(action, $"correction:{id}", outcome.GetType().Name, after: after, reason: reason?.Trim());
        return outcome;
    });

    /// <summary>Two requests of one person wait for each other, or both would find room below the limit. SQLite's transaction has the whole database for itself already.</summary>
    private static async Task Alone(PortalDb db, Actor by)
    {
        if (db is PostgresPortalDb)
        {
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtext({by.Id}))");
        }
    }

    private static async Task<object> Said(PortalDb db, Guid id)
    {
        var correction = db.ChangeTracker.Entries<Correction>().Select(e => e.Entity).SingleOrDefault(c => c.Id == id) ?? await db.Set<Correction>().AsNoTracking().SingleAsync(c => c.Id == id);
        return new { correction.Filter, correction.Sum, correction.Ticket, correction.GoodwillUntil, State = correction.State.ToString() };
    }
}
