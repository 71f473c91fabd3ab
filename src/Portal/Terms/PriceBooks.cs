using System.Text.Json.Nodes;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Terms;

/// <summary>The price book in force: read once, and again when the terms' revision says that something changed.</summary>
public sealed class PriceBooks(IDbContextFactory<PortalDb> databases)
{
    private readonly Lock _reading = new();
    private volatile Snapshot? _last;

    /// <summary>The price book, for looking.</summary>
    public async Task<PriceBook> InForce(CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await InForce(db, cancel);
    }

    /// <summary>The price book as the caller's transaction sees it.</summary>
    public async Task<PriceBook> InForce(PortalDb db, CancellationToken cancel) =>
        await Of(await db.Set<TermsRevision>().Select(r => (long?)r.Revision).SingleOrDefaultAsync(cancel), db, cancel);

    /// <summary>The same for the door, which asks with every batch, beside what else it asks; to be called once it has asked.</summary>
    internal Func<Task<PriceBook>> AskInForce(PortalDb db, BulkReads reads)
    {
        var revision = reads.All("SELECT revision FROM terms_revision", row => row.Number(0));
        return () => Of(revision.SingleOrDefault(), db, default);
    }

    private async Task<PriceBook> Of(long? revision, PortalDb db, CancellationToken cancel)
    {
        if (_last is { } last && last.Revision == (revision ?? 0))
        {
            return last.Book;
        }
        var read = new Snapshot(revision ?? 0, await Read(db, cancel));
        lock (_reading)
        {
            // Two that read at once go on with one book: whoever holds the other would believe that terms had changed.
            _last = _last is { } known && known.Revision == read.Revision ? known : read;
            return _last.Book;
        }
    }

    /// <summary>The price book as it is stored, remembered by nobody: for whoever is changing terms in this very transaction.</summary>
    internal static async Task<PriceBook> Read(PortalDb db, CancellationToken cancel)
    {
        var revision = await db.Set<TermsRevision>().AsNoTracking().SingleOrDefaultAsync(cancel);
        var cards = await db.Set<RateCardDocument>().AsNoTracking().ToListAsync(cancel);
        return new PriceBook(
            cards.Select(c => TermsFormat.RateCard(JsonNode.Parse(c.Json)!)),
            await db.Set<PlanTerms>().AsNoTracking().ToListAsync(cancel),
            await db.Set<ProgrammePhase>().AsNoTracking().ToListAsync(cancel),
            await db.Set<SurfaceRule>().AsNoTracking().ToListAsync(cancel),
            await db.Set<Promotion>().AsNoTracking().ToListAsync(cancel),
            revision?.PlansChangedAt);
    }

    private sealed record Snapshot(long Revision, PriceBook Book);
}

/// <summary>Puts terms into the database: a provider's first ones by the command `load-terms`, the demo's own ones in Development.</summary>
public sealed class TermsLoader(IDbContextFactory<PortalDb> databases, Clock clock)
{
    /// <summary>
    /// Adds what plans.json, rate-card.json and programme.json in a folder say, to a database that has no terms yet. Later ones are approved by a second administrator, and this is no way around that:
    /// files that say more than what is there are refused.
    /// </summary>
    /// <exception cref="TermsFormatException">A file is wrong, or there are terms already, and the files say others.</exception>
    public async Task Load(string folder, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await Load(db, folder, clock.Now, cancel);
    }

    /// <summary>The same, as part of the caller's transaction.</summary>
    public static async Task Load(PortalDb db, string folder, DateTimeOffset now, CancellationToken cancel = default)
    {
        var isFirst = !await db.Set<PlanTerms>().AnyAsync(cancel) && !await db.Set<RateCardDocument>().AnyAsync(cancel) && !await db.Set<ProgrammePhase>().AnyAsync(cancel);
        await Add(db, Read("plans.json", TermsFormat.Plans), p => (p.Plan, p.EffectiveFrom), cancel);
        await Add(db, Read("rate-card.json", TermsFormat.RateCards), c => c.Version, cancel);
        await Add(db, Read("programme.json", TermsFormat.Programme), p => p.From, cancel);
        await Add(db, Read("programme.json", TermsFormat.Surfaces), s => (s.Surface, s.From), cancel);
        await Add(db, Read("programme.json", TermsFormat.Promotions), p => p.Name, cancel);
        if (!isFirst && db.ChangeTracker.Entries().Any(e => e.State == EntityState.Added))
        {
            throw new TermsFormatException("This database has terms already, and the files say others. Only a provider's first terms are loaded; what comes later is drafted on /admin/plans, /admin/rates, /admin/programme, /admin/surfaces and /admin/promotions, and approved there by a second administrator.");
        }
        await AddVersions(db, now, cancel);
        var revision = await db.Set<TermsRevision>().SingleOrDefaultAsync(cancel) ?? db.Add(new TermsRevision()).Entity;
        revision.Revision++;
        await db.SaveChangesAsync(cancel);

        T Read<T>(string name, Func<JsonNode, T> read)
        {
            var path = Path.Combine(folder, name);
            if (!File.Exists(path))
            {
                throw new TermsFormatException($"There is no {name} in {folder}.");
            }
            using var stream = File.OpenRead(path);
            return TermsFormat.Read(name, stream, read);
        }
    }

    /// <summary>What is loaded stands in the list of versions too.</summary>
    private static async Task AddVersions(PortalDb db, DateTimeOffset now, CancellationToken cancel)
    {
        foreach (var card in db.ChangeTracker.Entries<RateCardDocument>().Where(e => e.State == EntityState.Added).Select(e => e.Entity).ToList())
        {
            db.Add(TermsVersion.Loaded(TermsKind.Rates, card.Version, TermsSheets.Of(TermsFormat.RateCard(JsonNode.Parse(card.Json)!)), card.EffectiveFrom, null, now));
        }
        var number = await db.Set<TermsVersion>().Where(v => v.Kind == TermsKind.Plans).MaxAsync(v => (int?)v.Number, cancel) ?? 0;
        var plans = db.ChangeTracker.Entries<PlanTerms>().Where(e => e.State == EntityState.Added).Select(e => e.Entity).GroupBy(p => p.EffectiveFrom).OrderBy(g => g.Key);
        foreach (var version in plans.ToList())
        {
            db.Add(TermsVersion.Loaded(TermsKind.Plans, ++number, TermsSheets.Of(version), version.Key, version.First().KeepUntil, now));
        }
    }

    private static async Task Add<T, TKey>(PortalDb db, IReadOnlyList<T> rows, Func<T, TKey> key, CancellationToken cancel) where T : class
    {
        var known = (await db.Set<T>().AsNoTracking().ToListAsync(cancel)).Select(key).ToHashSet();
        db.AddRange(rows.Where(row => !known.Contains(key(row))));
        if (typeof(T) == typeof(RateCardDocument))
        {
            foreach (var card in rows.OfType<RateCardDocument>())
            {
                // Refuses a card that Ledger would refuse, before it is stored.
                _ = TermsFormat.RateCard(JsonNode.Parse(card.Json)!);
            }
        }
    }
}
