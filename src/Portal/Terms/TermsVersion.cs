using Portal.Accounts;

namespace Portal.Terms;

/// <summary>Where a version stands with people. What time makes of an approved one is its <see cref="TermsState"/>.</summary>
public enum TermsStage
{
    /// <summary>It is written.</summary>
    Draft,

    /// <summary>It waits for a second administrator.</summary>
    Waiting,

    /// <summary>It counts from its instant on.</summary>
    Approved,

    /// <summary>It was given up before it counted.</summary>
    Withdrawn,
}

/// <summary>What a version is at an instant.</summary>
public enum TermsState
{
    /// <summary>It is written.</summary>
    Draft,

    /// <summary>It waits for a second administrator.</summary>
    Waiting,

    /// <summary>It is approved and will count by itself.</summary>
    Scheduled,

    /// <summary>It counts.</summary>
    Active,

    /// <summary>It counted, and a later one does.</summary>
    Past,

    /// <summary>It was given up before it counted.</summary>
    Withdrawn,
}

/// <summary>What an administrator writes of a version.</summary>
/// <param name="Sheet">The terms.</param>
/// <param name="EffectiveFrom">From when they shall count.</param>
/// <param name="KeepUntil">Of plans: until when subscribers keep what they have; <c>null</c>: to their next period.</param>
/// <param name="Reason">Why.</param>
/// <param name="Ticked">What looks wrong and is meant so, see <see cref="CellIssue.Confirm"/>.</param>
public sealed record TermsDraft(TermsSheet Sheet, DateTimeOffset EffectiveFrom, DateTimeOffset? KeepUntil, string Reason, IReadOnlyList<string> Ticked);

/// <summary>
/// A version of the rate card or of the plans, from its draft on. Its rows in the tables that price (see <see cref="PriceBooks"/>) are made when it is approved and not before, so nothing
/// counts that was not approved. Every change counts up its revision, and what is sent, looked at and approved is a revision.
/// </summary>
public sealed class TermsVersion
{
    private TermsVersion() { }

    public TermsKind Kind { get; private set; }

    public int Number { get; private set; }

    public TermsStage Stage { get; private set; }

    public int Revision { get; private set; } = 1;

    public TermsSheet Sheet { get; private set; } = null!;

    public DateTimeOffset EffectiveFrom { get; private set; }

    public DateTimeOffset? KeepUntil { get; private set; }

    public string Reason { get; private set; } = "";

    public IReadOnlyList<string> Ticked { get; private set; } = [];

    public string Author { get; private set; } = "";

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Who wrote it last, and so cannot approve it.</summary>
    public string EditedBy { get; private set; } = "";

    public DateTimeOffset EditedAt { get; private set; }

    /// <summary>Who sent it, and so cannot approve it.</summary>
    public string? SentBy { get; private set; }

    public DateTimeOffset? SentAt { get; private set; }

    public string? ApprovedBy { get; private set; }

    public DateTimeOffset? ApprovedAt { get; private set; }

    /// <summary>Who gave it up, or sent it back, and why.</summary>
    public string? EndedBy { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }

    public string? EndReason { get; private set; }

    /// <summary>What it would have done to real usage, of the revision that the impact names.</summary>
    public Impact? Impact { get; private set; }

    /// <summary>What an administrator wrote of it.</summary>
    public TermsDraft Written => new(Sheet, EffectiveFrom, KeepUntil, Reason, Ticked);

    /// <summary>What it is at an instant, given from when the version counts that counts then.</summary>
    public TermsState StateAt(DateTimeOffset now, DateTimeOffset? inForce) => Stage switch
    {
        TermsStage.Draft => TermsState.Draft,
        TermsStage.Waiting => TermsState.Waiting,
        TermsStage.Withdrawn => TermsState.Withdrawn,
        _ => EffectiveFrom > now ? TermsState.Scheduled : EffectiveFrom == inForce ? TermsState.Active : TermsState.Past,
    };

    internal static TermsVersion Drafted(TermsKind kind, int number, TermsDraft draft, Actor by, DateTimeOffset now)
    {
        var version = new TermsVersion { Kind = kind, Number = number, Author = by.Id, CreatedAt = now, Revision = 0 };
        version.Edit(draft, by, now);
        return version;
    }

    /// <summary>Terms that came from files: they counted when they were loaded.</summary>
    internal static TermsVersion Loaded(TermsKind kind, int number, TermsSheet sheet, DateTimeOffset from, DateTimeOffset? keepUntil, DateTimeOffset now)
    {
        var version = Drafted(kind, number, new TermsDraft(sheet, from, keepUntil, "Loaded from files.", []), Actor.Portal, now);
        version.Send(Actor.Portal, now);
        version.Approve(Actor.Portal, now);
        return version;
    }

    /// <summary>Whatever it waited for, it waits for no more: who would approve it has not seen this.</summary>
    internal void Edit(TermsDraft draft, Actor by, DateTimeOffset now)
    {
        (Sheet, EffectiveFrom, KeepUntil, Reason, Ticked) = (draft.Sheet, draft.EffectiveFrom, draft.KeepUntil, draft.Reason, draft.Ticked);
        (EditedBy, EditedAt, Revision) = (by.Id, now, Revision + 1);
        BackToDraft();
    }

    internal void Send(Actor by, DateTimeOffset now) => (Stage, SentBy, SentAt) = (TermsStage.Waiting, by.Id, now);

    internal void SendBack(Actor by, DateTimeOffset now, string reason)
    {
        BackToDraft();
        (EndedBy, EndedAt, EndReason) = (by.Id, now, reason);
    }

    internal void Approve(Actor by, DateTimeOffset now) => (Stage, ApprovedBy, ApprovedAt) = (TermsStage.Approved, by.Id, now);

    internal void Withdraw(Actor by, DateTimeOffset now, string reason) => (Stage, EndedBy, EndedAt, EndReason) = (TermsStage.Withdrawn, by.Id, now, reason);

    internal void Keep(Impact impact) => Impact = impact;

    private void BackToDraft() => (Stage, SentBy, SentAt, EndedBy, EndedAt, EndReason) = (TermsStage.Draft, null, null, null, null, null);
}
