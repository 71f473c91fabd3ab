using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Admin.Programme;
using Portal.Data;
using Portal.Terms;

namespace Portal.Admin.Prices;

/// <summary>Reads versions of the rate card and of the plans for the administrators' pages.</summary>
public sealed class PriceReader(IDbContextFactory<PortalDb> databases, TermsReader changes, Clock clock)
{
    private const int MostPinned = 50;
    private const string UserPrefix = "user:";

    /// <summary>All versions of a kind, those that count last first.</summary>
    public async Task<TermsListFigures> List(TermsKind kind, string? pinned = null, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var now = clock.Now;
        var versions = await db.Set<TermsVersion>().AsNoTracking().Where(v => v.Kind == kind).ToListAsync(cancel);
        var lines = await Lines(db, versions, now, cancel);
        var accounts = kind == TermsKind.Plans ? await AllPinned(db, versions, pinned?.Trim() ?? "", cancel) : PinnedAccounts.None;
        return new TermsListFigures(
            kind, now, [.. lines.OrderBy(l => l.State is TermsState.Past or TermsState.Withdrawn).ThenByDescending(l => l.EffectiveFrom).ThenByDescending(l => l.Number)], accounts);
    }

    /// <summary>What waits for a second administrator, what counts soonest first.</summary>
    public async Task<ApprovalsFigures> Waiting(CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var now = clock.Now;
        var versions = await db.Set<TermsVersion>().AsNoTracking().Where(v => v.Stage == TermsStage.Waiting).ToListAsync(cancel);
        return new ApprovalsFigures(now, [.. (await Lines(db, versions, now, cancel)).OrderBy(l => l.EffectiveFrom)], await changes.Waiting(cancel));
    }

    /// <summary>The version itself; <c>null</c> if there is none.</summary>
    public async Task<TermsVersion?> Version(TermsKind kind, int number, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<TermsVersion>().AsNoTracking().SingleOrDefaultAsync(v => v.Kind == kind && v.Number == number, cancel);
    }

    /// <summary>A version with all that its page shows; <c>null</c> if there is none.</summary>
    public async Task<TermsVersionFigures?> Read(TermsKind kind, int number, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var moment = await Moment.Of(db, cancel);
        var now = clock.Now;
        if (await db.Set<TermsVersion>().AsNoTracking().SingleOrDefaultAsync(v => v.Kind == kind && v.Number == number, cancel) is not { } version)
        {
            return null;
        }
        var basis = await TermsBasis.Of(db, kind, version.EffectiveFrom, now, cancel);
        var isOpen = version.Stage is TermsStage.Draft or TermsStage.Waiting;
        var before = isOpen ? basis.Sheet : await Previous(db, version, cancel);
        var names = await Names(db, [version.Author, version.EditedBy, version.SentBy, version.ApprovedBy, version.EndedBy], cancel);
        var inUse = isOpen ? await TermsBasis.InUse(db, basis, version.Sheet, now, cancel) : [];
        var isOfThis = !isOpen || (version.Impact?.Revision == version.Revision && version.Impact.Replaces == basis.Hash);
        return new TermsVersionFigures(
            kind, number, now, version.StateAt(now, await InForce(db, kind, now, cancel)), version.Revision, version.Written, before, basis.Hash, [.. inUse], isOfThis ? version.Impact : null,
            names[version.Author], names[version.EditedBy], version.EditedAt, Name(version.SentBy), Name(version.ApprovedBy), version.ApprovedAt,
            version is { EndedBy: { } by, EndedAt: { } at } ? new TermsEnd(names[by], at, version.EndReason ?? "") : null,
            [.. new[] { version.EditedBy, version.SentBy }.OfType<string>().Distinct()], kind == TermsKind.Plans ? await PinnedTo(db, version, cancel) : PinnedAccounts.None);

        string? Name(string? actor) => actor is null ? null : names[actor];
    }

    private static async Task<IReadOnlyList<TermsLine>> Lines(PortalDb db, List<TermsVersion> versions, DateTimeOffset now, CancellationToken cancel)
    {
        var names = await Names(db, versions.SelectMany(v => new[] { v.Author, v.EditedBy, v.SentBy, v.ApprovedBy }), cancel);
        var lines = new List<TermsLine>();
        foreach (var kind in versions.GroupBy(v => v.Kind))
        {
            var inForce = await InForce(db, kind.Key, now, cancel);
            foreach (var v in kind)
            {
                var changes = v.Stage == TermsStage.Waiting ? SheetDiff.Of(SheetShape.Of(v.Kind), (await TermsBasis.Of(db, v.Kind, v.EffectiveFrom, now, cancel)).Sheet, v.Sheet).Count : 0;
                lines.Add(new TermsLine(
                    v.Kind, v.Number, v.StateAt(now, inForce), v.EffectiveFrom, v.KeepUntil, v.Reason, names[v.SentBy ?? v.EditedBy], v.ApprovedBy is null ? null : names[v.ApprovedBy], v.EditedAt, changes));
            }
        }
        return lines;
    }

    /// <summary>From when the version counts that counts now.</summary>
    private static Task<DateTimeOffset?> InForce(PortalDb db, TermsKind kind, DateTimeOffset now, CancellationToken cancel) =>
        db.Set<TermsVersion>().Where(v => v.Kind == kind && v.Stage == TermsStage.Approved && v.EffectiveFrom <= now).MaxAsync(v => (DateTimeOffset?)v.EffectiveFrom, cancel);

    /// <summary>The terms that an approved version came after.</summary>
    private static async Task<TermsSheet> Previous(PortalDb db, TermsVersion version, CancellationToken cancel) =>
        (await db.Set<TermsVersion>().AsNoTracking().Where(v => v.Kind == version.Kind && v.Stage == TermsStage.Approved && v.EffectiveFrom < version.EffectiveFrom)
            .OrderByDescending(v => v.EffectiveFrom).FirstOrDefaultAsync(cancel))?.Sheet ?? version.Sheet;

    private static Task<PinnedAccounts> AllPinned(PortalDb db, List<TermsVersion> versions, string key, CancellationToken cancel) =>
        Pinned(db.Set<Account>().Where(a => a.PinnedTo != null && a.Key.StartsWith(key)), to => versions.Find(v => v.Stage == TermsStage.Approved && v.EffectiveFrom == to)?.Number, cancel);

    private static Task<PinnedAccounts> PinnedTo(PortalDb db, TermsVersion version, CancellationToken cancel) =>
        Pinned(db.Set<Account>().Where(a => a.PinnedTo == version.EffectiveFrom), _ => version.Number, cancel);

    private static async Task<PinnedAccounts> Pinned(IQueryable<Account> accounts, Func<DateTimeOffset?, int?> version, CancellationToken cancel)
    {
        var first = await accounts.OrderBy(a => a.Key).Take(MostPinned).Select(a => new { a.Key, a.Plan, a.PinnedTo }).ToListAsync(cancel);
        return new PinnedAccounts(first.ConvertAll(a => new PinnedAccount(a.Key, a.Plan, version(a.PinnedTo))), first.Count < MostPinned ? first.Count : await accounts.CountAsync(cancel));
    }

    /// <summary>Who actors are, by their addresses; who is gone has none.</summary>
    private static async Task<IReadOnlyDictionary<string, string>> Names(PortalDb db, IEnumerable<string?> actors, CancellationToken cancel)
    {
        List<string> all = [.. actors.OfType<string>().Distinct()];
        var ids = all.Where(a => a.StartsWith(UserPrefix, StringComparison.Ordinal)).Select(a => a[UserPrefix.Length..]).ToList();
        var addresses = await db.Users.Where(u => ids.Contains(u.Id)).ToDictionaryAsync(u => UserPrefix + u.Id, u => u.Email ?? u.UserName ?? u.Id, cancel);
        return all.ToDictionary(a => a, a => addresses.GetValueOrDefault(a) ?? (a == Actors.Portal ? "Portal" : "somebody who has left"));
    }
}
