using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.SignIn;

namespace Portal.Terms;

/// <summary>What a step of a proposal came to. A closed set: switch over all of them.</summary>
public abstract record ProposalOutcome
{
    private ProposalOutcome() { }

    /// <summary>It waits for another administrator.</summary>
    public sealed record Proposed(string Id) : ProposalOutcome;

    /// <summary>Its impact is being worked out now.</summary>
    public sealed record Started : ProposalOutcome;

    /// <summary>Somebody has its impact worked out already.</summary>
    public sealed record Running : ProposalOutcome;

    /// <summary>Its impact is not worked out, or was for other terms than it would replace now.</summary>
    public sealed record NoImpact : ProposalOutcome;

    /// <summary>It cannot be so.</summary>
    public sealed record Wrong(string Why) : ProposalOutcome;

    /// <summary>It counts from an instant on.</summary>
    public sealed record Approved(DateTimeOffset From) : ProposalOutcome;

    /// <summary>Whoever proposed it cannot approve it.</summary>
    public sealed record OwnProposal : ProposalOutcome;

    /// <summary>Somebody decided it before, or there is none.</summary>
    public sealed record NotWaiting : ProposalOutcome;

    /// <summary>It is taken back; it never counted.</summary>
    public sealed record Withdrawn : ProposalOutcome;

    /// <summary>It counts already, or so soon that it cannot be taken back.</summary>
    public sealed record HasBegun : ProposalOutcome;
}

/// <summary>
/// Changes of the programme, of surfaces and of promotions, by two administrators: one proposes, another approves, and then it counts by its date alone.
/// Its impact on real usage is worked out in between, and without it nobody approves. One change of terms is decided at a time, whoever decides: the row that counts their revisions is locked first.
/// </summary>
public sealed class TermsChanges(StaffDesk desk, IDbContextFactory<PortalDb> databases, PriceBooks prices, TermsPreviews previews, Clock clock)
{
    public const int ShortestReason = 5;
    public const int LongestReason = 500;

    /// <summary>
    /// How far ahead an instant must be that terms are approved or withdrawn for: the approval is stored, and known to every instance, before anything is decided by it. Shorter than
    /// <see cref="TermsVersions.Lead"/>, because a pause of the programme is for a fault that goes on.
    /// </summary>
    public static readonly TimeSpan Notice = TimeSpan.FromSeconds(5);

    /// <summary>The proposals that wait and those whose terms are still to come, the latest first.</summary>
    public async Task<IReadOnlyList<TermsProposal>> Open(CancellationToken cancel = default)
    {
        var now = clock.Now;
        await using var db = await databases.CreateDbContextAsync(cancel);
        var waiting = await db.Set<TermsProposal>().AsNoTracking()
            .Where(p => p.State == ProposalState.Waiting || (p.State == ProposalState.Approved && p.EffectiveFrom > now)).ToListAsync(cancel);
        return [.. waiting.OrderByDescending(p => p.ProposedAt)];
    }

    /// <summary>What a change would have met in the last days; a sentence if it cannot be so.</summary>
    public async Task<(TermsPreview? Preview, string? Wrong)> Preview(TermsChange change, CancellationToken cancel = default)
    {
        var now = clock.Now;
        await using var db = await databases.CreateDbContextAsync(cancel);
        return Wrong(change, await prices.InForce(db, cancel), now) is { } why ? (null, why) : (await previews.Of(change, now, cancel), null);
    }

    /// <summary>Proposes a change. What it would have met is stored with it.</summary>
    /// <exception cref="NotAllowedException">The actor is no administrator.</exception>
    public async Task<ProposalOutcome> Propose(TermsChange change, string reason, Actor by)
    {
        ArgumentNullException.ThrowIfNull(change);
        reason = reason.Trim();
        if (reason.Length is < ShortestReason or > LongestReason)
        {
            return new ProposalOutcome.Wrong($"A reason has {ShortestReason} to {LongestReason} characters.");
        }
        var preview = await previews.Of(change, clock.Now);
        return await desk.Do<ProposalOutcome>(by, Roles.Admin, async work =>
        {
            if (Wrong(change, await prices.InForce(work.Db, default), work.Now) is { } why)
            {
                return new ProposalOutcome.Wrong(why);
            }
            var id = Guid.CreateVersion7(work.Now).ToString();
            work.Db.Add(new TermsProposal { Id = id, Change = change, Preview = preview, Reason = reason, Author = by.UserId!, ProposedAt = work.Now });
            work.Audit("ProposeTerms", change.Subject, nameof(ProposalOutcome.Proposed), after: Said(change), reason: reason);
            return new ProposalOutcome.Proposed(id);
        });
    }

    /// <summary>Approves what another administrator proposed. If its date has passed meanwhile, or it has none, it counts as soon as terms can (<see cref="Notice"/>).</summary>
    /// <exception cref="NotAllowedException">The actor is no administrator.</exception>
    public Task<ProposalOutcome> Approve(string id, Actor by) => desk.Do<ProposalOutcome>(by, Roles.Admin, async work =>
    {
        await NextRevision(work.Db);
        if (await Find(work.Db, id) is not { State: ProposalState.Waiting } proposal)
        {
            return new ProposalOutcome.NotWaiting();
        }
        if (proposal.Author == by.UserId)
        {
            return new ProposalOutcome.OwnProposal();
        }
        var change = proposal.Change;
        // The clock anew: the row may have been waited for.
        var from = Start(change, clock.Now);
        // Not the remembered book: its revision is this transaction's, which may yet fail.
        var book = await PriceBooks.Read(work.Db, default);
        if (change.Wrong(book, from) is { } why)
        {
            return new ProposalOutcome.Wrong(why);
        }
        if (proposal.Impact?.Replaces != change.Replaces(book, from))
        {
            return new ProposalOutcome.NoImpact();
        }
        await change.Apply(work.Db, from);
        Decide(proposal, ProposalState.Approved, work);
        proposal.EffectiveFrom = from;
        work.Audit("ApproveTerms", change.Subject, nameof(ProposalOutcome.Approved), before: new { proposal = id, proposal.Author }, after: Said(change, from), reason: proposal.Reason);
        return new ProposalOutcome.Approved(from);
    });

    /// <summary>Takes a proposal back: one that waits, or one whose terms do not count yet. Then everything stays as it is, so one person is enough.</summary>
    /// <exception cref="NotAllowedException">The actor is no administrator.</exception>
    public Task<ProposalOutcome> Withdraw(string id, Actor by) => desk.Do<ProposalOutcome>(by, Roles.Admin, async work =>
    {
        await NextRevision(work.Db);
        if (await Find(work.Db, id) is not { State: not ProposalState.Withdrawn } proposal)
        {
            return new ProposalOutcome.NotWaiting();
        }
        if (proposal.EffectiveFrom is { } from)
        {
            // The clock anew, as for an approval.
            if (from <= clock.Now + Notice)
            {
                return new ProposalOutcome.HasBegun();
            }
            if (await proposal.Change.TakeBack(work.Db, from) == 0)
            {
                return new ProposalOutcome.Wrong("A later change builds on it: withdraw that one first.");
            }
        }
        work.Audit("WithdrawTerms", proposal.Change.Subject, nameof(ProposalOutcome.Withdrawn), before: new { proposal = id, proposal.Author, state = $"{proposal.State}" }, after: null);
        Decide(proposal, ProposalState.Withdrawn, work);
        return new ProposalOutcome.Withdrawn();
    });

    /// <summary>Whether the actor may have the impact of a proposal worked out now; what is worked out is stored with <see cref="Keep"/>.</summary>
    internal Task<ProposalOutcome> StartImpact(string id, string subject, Guid run, Actor by) => desk.Do<ProposalOutcome>(by, Roles.Admin, async work =>
    {
        await TermsVersions.Lock(work.Db);
        ProposalOutcome outcome = await Find(work.Db, id) is not { State: ProposalState.Waiting } ? new ProposalOutcome.NotWaiting()
            : await ImpactProgress.Claim(work.Db, subject, run, work.Now) ? new ProposalOutcome.Started() : new ProposalOutcome.Running();
        work.Audit("WorkOutImpact", subject, outcome.GetType().Name);
        return outcome;
    });

    /// <summary>The terms without a proposal and with it.</summary>
    internal async Task<ComparedTerms> Compared(string id, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var change = (await db.Set<TermsProposal>().AsNoTracking().SingleAsync(p => p.Id == id, cancel)).Change;
        var (book, from) = (await prices.InForce(db, cancel), Start(change, clock.Now));
        var (before, after) = change.Compared(book, from);
        return new ComparedTerms(before, after, 1, change.Replaces(book, from));
    }

    /// <summary>Stores what was worked out, if the proposal still waits.</summary>
    internal Task<bool> Keep(string id, Impact impact, Actor by) => desk.Do(by, Roles.Admin, async work =>
    {
        await TermsVersions.Lock(work.Db);
        if (await Find(work.Db, id) is not { State: ProposalState.Waiting } proposal)
        {
            return false;
        }
        proposal.Impact = impact;
        work.Audit("KeepImpact", proposal.Change.Subject, "Saved");
        return true;
    });

    private static string? Wrong(TermsChange change, PriceBook book, DateTimeOffset now) =>
        change.From < now ? "Terms never take effect retroactively: choose an instant that is still to come." : change.Wrong(book, Start(change, now));

    private static DateTimeOffset Start(TermsChange change, DateTimeOffset now) => change.From is { } from && from > now + Notice ? from : now + Notice;

    private static Task<TermsProposal?> Find(PortalDb db, string id) => db.Set<TermsProposal>().SingleOrDefaultAsync(p => p.Id == id);

    private static void Decide(TermsProposal proposal, ProposalState state, StaffWork work) => (proposal.State, proposal.DecidedBy, proposal.DecidedAt) = (state, work.By.UserId, work.Now);

    /// <summary>Locks the one row that every change of terms counts up, so that the next one waits, and every instance reads the terms anew.</summary>
    private static async Task NextRevision(PortalDb db)
    {
        if (await db.Set<TermsRevision>().ExecuteUpdateAsync(set => set.SetProperty(r => r.Revision, r => r.Revision + 1)) == 0)
        {
            db.Add(new TermsRevision { Revision = 1 });
            await db.SaveChangesAsync();
        }
    }

    private static object Said(TermsChange change, DateTimeOffset? from = null) => new { from = from ?? change.From, change };
}
