using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.SignIn;

namespace Portal.Terms;

/// <summary>
/// What administrators do with versions of the rate card and of the plans. One at a time (the row that counts changes of terms is locked), each in one transaction with its audit record, and each
/// for the revision that was looked at: whoever is second is refused, and nothing of anybody's is lost.
/// </summary>
public sealed class TermsVersions(StaffDesk desk, Clock clock)
{
    /// <summary>
    /// How far ahead an instant must be that terms are approved or withdrawn for: the transaction has long ended by then, so no charge is decided without what was approved, or with what was withdrawn.
    /// </summary>
    public static readonly TimeSpan Lead = TimeSpan.FromMinutes(1);

    public const int LongestReason = 500;

    /// <summary>How far back use of a model counts as use.</summary>
    internal static readonly TimeSpan InUse = TimeSpan.FromDays(35);

    /// <summary>A new draft: what will be in force in two weeks, as a day to begin with; or the terms of another version, to bring them back.</summary>
    /// <exception cref="NotAllowedException">The actor is no administrator, or no longer.</exception>
    /// <exception cref="DoorBusyException">The database did not answer.</exception>
    public Task<TermsOutcome> Draft(TermsKind kind, int? copyOf, Actor by) => Do(by, kind, copyOf, "DraftTerms", null, async (work, copied) =>
    {
        if (copyOf is not null && copied is null)
        {
            return (new TermsOutcome.Unknown(), null);
        }
        var number = await NextNumber(work.Db, kind);
        var reason = copied is null ? "" : $"Back to the terms of version {copied.Number}.";
        var from = Midnight(work.Now.AddDays(14));
        var sheet = copied?.Sheet ?? (await TermsBasis.Of(work.Db, kind, from, work.Now)).Sheet;
        var version = TermsVersion.Drafted(kind, number, new TermsDraft(sheet, from, null, reason, []), by, work.Now);
        work.Db.Add(version);
        return (new TermsOutcome.Drafted(number), version);
    });

    /// <summary>Saves a draft. One that waits for approval is a draft again.</summary>
    public Task<TermsOutcome> Save(TermsKind kind, int number, int revision, TermsDraft draft, Actor by)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var written = draft with { EffectiveFrom = Period.ToMicrosecond(draft.EffectiveFrom), KeepUntil = draft.KeepUntil is { } until ? Period.ToMicrosecond(until) : null, Reason = draft.Reason.Trim() };
        return OnVersion(by, kind, number, "SaveTerms", null, (_, _, version, now) =>
        {
            TermsOutcome? refused = version.Stage is not (TermsStage.Draft or TermsStage.Waiting) ? new TermsOutcome.NotNow(StateOf(version, now))
                : version.Revision != revision ? new TermsOutcome.ChangedMeanwhile(version.EditedBy, version.EditedAt, version.Revision)
                : null;
            if (refused is null)
            {
                version.Edit(written, by, now);
            }
            return Task.FromResult(refused ?? new TermsOutcome.Saved(version.Revision));
        });
    }

    /// <summary>Asks a second administrator.</summary>
    public Task<TermsOutcome> Send(TermsKind kind, int number, int revision, Actor by) => OnVersion(by, kind, number, "SendTerms", null, async (db, basis, version, now) =>
    {
        var refused = version.Stage != TermsStage.Draft ? new TermsOutcome.NotNow(StateOf(version, now))
            : version.Revision != revision ? new TermsOutcome.ChangedMeanwhile(version.EditedBy, version.EditedAt, version.Revision)
            : await WhyNot(db, basis, version, now);
        if (refused is null)
        {
            version.Send(by, now);
        }
        return refused ?? new TermsOutcome.Sent();
    });

    /// <summary>The second administrator approves the revision that they looked at, beside the terms that they saw it replace.</summary>
    public Task<TermsOutcome> Approve(TermsKind kind, int number, int revision, string replaces, Actor by) => OnVersion(by, kind, number, "ApproveTerms", null, async (db, basis, version, now) =>
    {
        var refused = version.Stage != TermsStage.Waiting ? new TermsOutcome.NotNow(StateOf(version, now))
            : version.Revision != revision ? new TermsOutcome.ChangedMeanwhile(version.EditedBy, version.EditedAt, version.Revision)
            : version.SentBy == by.Id || version.EditedBy == by.Id ? new TermsOutcome.OwnApproval()
            : basis.Hash != replaces ? new TermsOutcome.ReplacesOther()
            : await WhyNot(db, basis, version, now)
            ?? (version.Impact?.Revision == version.Revision && version.Impact.Replaces == basis.Hash ? null : new TermsOutcome.NoImpact());
        if (refused is not null)
        {
            return refused;
        }
        version.Approve(by, now);
        Publish(db, version);
        await Count(db, version.Kind, now);
        return new TermsOutcome.Approved(version.EffectiveFrom);
    });

    /// <summary>Gives a version back to whoever wrote it, with a reason.</summary>
    public Task<TermsOutcome> SendBack(TermsKind kind, int number, string reason, Actor by) => OnVersion(by, kind, number, "SendTermsBack", reason, (_, _, version, now) =>
    {
        TermsOutcome? refused = version.Stage != TermsStage.Waiting ? new TermsOutcome.NotNow(StateOf(version, now)) : IsReason(reason) ? null : new TermsOutcome.NoReason();
        if (refused is null)
        {
            version.SendBack(by, now, reason.Trim());
        }
        return Task.FromResult(refused ?? new TermsOutcome.SentBack());
    });

    /// <summary>Gives a version up before it counts.</summary>
    public Task<TermsOutcome> Withdraw(TermsKind kind, int number, string reason, Actor by) => OnVersion(by, kind, number, "WithdrawTerms", reason, async (db, _, version, now) =>
    {
        var state = StateOf(version, now);
        TermsOutcome? refused = state is TermsState.Active or TermsState.Past or TermsState.Withdrawn ? new TermsOutcome.NotNow(state)
            : state == TermsState.Scheduled && version.EffectiveFrom < now + Lead ? new TermsOutcome.TooLate(version.EffectiveFrom - Lead)
            : IsReason(reason) ? null : new TermsOutcome.NoReason();
        if (refused is not null)
        {
            return refused;
        }
        if (state == TermsState.Scheduled)
        {
            await TakeBack(db, version);
            await Count(db, version.Kind, now);
        }
        version.Withdraw(by, now, reason.Trim());
        return new TermsOutcome.Withdrawn();
    });

    /// <summary>Whether the actor may have the impact of a version worked out now; what is worked out is stored with <see cref="Keep"/>.</summary>
    internal Task<TermsOutcome> StartImpact(TermsKind kind, int number, int revision, string subject, Guid run, Actor by) => OnVersion(by, kind, number, "WorkOutImpact", null, async (db, basis, version, now) =>
        version.Stage is not (TermsStage.Draft or TermsStage.Waiting) ? new TermsOutcome.NotNow(StateOf(version, now))
        : version.Revision != revision ? new TermsOutcome.ChangedMeanwhile(version.EditedBy, version.EditedAt, version.Revision)
        : (await TermsBasis.Issues(db, basis, version, now)).Count(i => i.Confirm is null) is > 0 and var mend ? new TermsOutcome.HasIssues(mend)
        : await ImpactProgress.Claim(db, subject, run, now) ? new TermsOutcome.Started() : new TermsOutcome.Running());

    /// <summary>Stores what was worked out, if the version is still the one that it was worked out for.</summary>
    internal Task<TermsOutcome> Keep(TermsKind kind, int number, Impact impact, Actor by) => OnVersion(by, kind, number, "KeepImpact", null, (_, _, version, now) =>
    {
        TermsOutcome? refused = version.Stage is not (TermsStage.Draft or TermsStage.Waiting) ? new TermsOutcome.NotNow(StateOf(version, now))
            : version.Revision != impact.Revision ? new TermsOutcome.ChangedMeanwhile(version.EditedBy, version.EditedAt, version.Revision)
            : null;
        if (refused is null)
        {
            version.Keep(impact);
        }
        return Task.FromResult(refused ?? new TermsOutcome.Saved(version.Revision));
    });

    /// <summary>What has to be right for sending and for approving, in the order in which it is told.</summary>
    private static async Task<TermsOutcome?> WhyNot(PortalDb db, TermsBasis basis, TermsVersion version, DateTimeOffset now)
    {
        var open = SheetChecks.Open(await TermsBasis.Issues(db, basis, version, now), version.Ticked).Count();
        return open > 0 ? new TermsOutcome.HasIssues(open)
            : !IsReason(version.Reason) ? new TermsOutcome.NoReason()
            : SheetDiff.Of(SheetShape.Of(version.Kind), basis.Sheet, version.Sheet).Count == 0 ? new TermsOutcome.ChangesNothing()
            : version.EffectiveFrom < now + Lead ? new TermsOutcome.TooLate(now + Lead)
            : version.KeepUntil <= version.EffectiveFrom ? new TermsOutcome.KeptTooShort()
            : await db.Set<TermsVersion>().AnyAsync(v => v.Kind == version.Kind && v.Stage == TermsStage.Approved && v.EffectiveFrom == version.EffectiveFrom) ? new TermsOutcome.InstantTaken()
            : null;
    }

    /// <summary>Makes the rows that price: all that the version says, so that it counts as it was approved whatever else is approved for a day before it.</summary>
    internal static void Publish(PortalDb db, TermsVersion version)
    {
        if (version.Kind == TermsKind.Rates)
        {
            db.AddRange(TermsFormat.RateCards(TermsSheets.Document(version.Kind, version.Sheet, version.Number, version.EffectiveFrom, null)));
        }
        else
        {
            db.AddRange(PlansOf(version));
        }
    }

    /// <summary>The plans that a version says, changed or not.</summary>
    internal static IReadOnlyList<PlanTerms> PlansOf(TermsVersion version) =>
        TermsFormat.Plans(TermsSheets.Document(TermsKind.Plans, version.Sheet, version.Number, version.EffectiveFrom, version.KeepUntil));

    /// <summary>Its rows have not priced anything, so nothing names them.</summary>
    private static async Task TakeBack(PortalDb db, TermsVersion version)
    {
        if (version.Kind == TermsKind.Rates)
        {
            await db.Set<RateCardDocument>().Where(c => c.Version == version.Number).ExecuteDeleteAsync();
        }
        else
        {
            await db.Set<PlanTerms>().Where(p => p.EffectiveFrom == version.EffectiveFrom).ExecuteDeleteAsync();
        }
    }

    /// <summary>Tells every instance that terms changed, with its next batch.</summary>
    private static async Task Count(PortalDb db, TermsKind kind, DateTimeOffset now)
    {
        var revision = await db.Set<TermsRevision>().SingleAsync();
        revision.Revision++;
        revision.PlansChangedAt = kind == TermsKind.Plans ? now : revision.PlansChangedAt;
    }

    private Task<TermsOutcome> OnVersion(
        Actor by, TermsKind kind, int number, string action, string? reason, Func<PortalDb, TermsBasis, TermsVersion, DateTimeOffset, Task<TermsOutcome>> act) =>
        Do(by, kind, number, action, reason, async (work, version) =>
        {
            if (version is null)
            {
                return (new TermsOutcome.Unknown(), null);
            }
            // Read once the lock is there: what is asked about instants must be true when it is done.
            var now = clock.Now;
            return (await act(work.Db, await TermsBasis.Of(work.Db, kind, version.EffectiveFrom, now), version, now), version);
        });

    private Task<TermsOutcome> Do(
        Actor by, TermsKind kind, int? number, string action, string? reason, Func<StaffWork, TermsVersion?, Task<(TermsOutcome Outcome, TermsVersion? After)>> act) =>
        desk.Do(by, Roles.Admin, async work =>
        {
            await Lock(work.Db);
            var version = number is null ? null : await work.Db.Set<TermsVersion>().SingleOrDefaultAsync(v => v.Kind == kind && v.Number == number);
            var before = version is null ? null : TermsSaid.Of(version);
            var sheet = version?.Sheet;
            var (outcome, after) = await act(work, version);
            var changes = after is null || ReferenceEquals(after.Sheet, sheet) || sheet is null ? [] : SheetDiff.Of(SheetShape.Of(kind), sheet, after.Sheet);
            work.Audit(action, $"{(kind == TermsKind.Rates ? "rates" : "plans")}:{after?.Number ?? number}", outcome.GetType().Name,
                action == "DraftTerms" ? null : before, after is null ? before : TermsSaid.Of(after) with { Changes = changes.Count == 0 ? null : changes },
                reason is null || !IsReason(reason) ? null : reason.Trim());
            return outcome;
        });

    /// <summary>On SQLite the transaction has the whole database for itself already.</summary>
    internal static async Task Lock(PortalDb db)
    {
        await db.Database.ExecuteSqlRawAsync("INSERT INTO terms_revision (id, revision) VALUES (1, 0) ON CONFLICT DO NOTHING");
        if (db is PostgresPortalDb)
        {
            await db.Database.ExecuteSqlRawAsync("SELECT id FROM terms_revision WHERE id = 1 FOR UPDATE");
        }
    }

    private static async Task<int> NextNumber(PortalDb db, TermsKind kind)
    {
        var last = await db.Set<TermsVersion>().Where(v => v.Kind == kind).MaxAsync(v => (int?)v.Number) ?? 0;
        var priced = kind == TermsKind.Rates ? await db.Set<RateCardDocument>().MaxAsync(c => (int?)c.Version) ?? 0 : 0;
        return Math.Max(last, priced) + 1;
    }

    /// <summary>For an act it does not matter whether an approved version that began is still the last.</summary>
    private static TermsState StateOf(TermsVersion version, DateTimeOffset now) => version.StateAt(now, version.EffectiveFrom);

    private static bool IsReason(string? reason) => reason?.Trim().Length is > 0 and <= LongestReason;

    private static DateTimeOffset Midnight(DateTimeOffset at) => new(at.UtcDateTime.Date, TimeSpan.Zero);
}
