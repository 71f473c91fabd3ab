using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Terms;

namespace Portal.Accounts;

/// <summary>
/// An account's history, newest first: entries, changes of settings and refusals as one list. Each source is read below its own
/// position by its own key, so a page costs the same after ten lines and after ten million.
/// </summary>
public sealed class HistoryLines(IDbContextFactory<PortalDb> databases, PriceBooks prices)
{
    /// <summary>At most this many parts of a charge are expected to stand together; more still show, over two pages.</summary>
    private const int PartsPerLine = 3;

    /// <summary>A page of the history.</summary>
    public async Task<HistoryPart> Read(string account, HistoryFilter filter, HistoryPosition from, int size, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(from);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var owner = await db.Set<Account>().Where(a => a.Key == account).Select(a => a.Owner).SingleAsync(cancel);
        return await Read(db, account, owner, await prices.InForce(db, cancel), filter, from, size, cancel);
    }

    /// <summary>The same in the caller's <see cref="Moment"/>.</summary>
    internal static async Task<HistoryPart> Read(
        PortalDb db, string account, string owner, PriceBook book, HistoryFilter filter, HistoryPosition from, int size, CancellationToken cancel)
    {
        var grants = await db.Set<Grant>().Where(g => g.Account == account).ToDictionaryAsync(g => g.Number, g => g.Kind, cancel);
        var words = new HistoryWords(book, Actor.User(owner).Id, grants) { ForStaff = filter.ForStaff };
        Source[] sources =
        [
            await Entries(db, account, filter, from, size, words, cancel),
            await Changes(db, account, filter, from, size, words, cancel),
            await Refusals(db, account, filter, from, size, words, cancel),
        ];
        return Merge(sources, from, size);
    }

    private static HistoryPart Merge(Source[] sources, HistoryPosition from, int size)
    {
        var lines = new List<HistoryLine>(size);
        var position = from;
        while (lines.Count < size && !sources.Any(s => s.Lines.Count == 0 && s.HasMore))
        {
            var newest = sources.Where(s => s.Lines.Count > 0).OrderByDescending(s => s.Lines.Peek().Line.At).FirstOrDefault();
            if (newest is null)
            {
                return new HistoryPart(lines, null);
            }
            var (line, after) = newest.Lines.Dequeue();
            lines.Add(line);
            position = after(position);
        }
        return new HistoryPart(lines, sources.Any(s => s.Lines.Count > 0 || s.HasMore) ? position.ToString() : null);
    }

    private static async Task<Source> Entries(PortalDb db, string account, HistoryFilter filter, HistoryPosition from, int size, HistoryWords words, CancellationToken cancel)
    {
        if (filter.Kind is LineKind.Refusal or LineKind.Setting)
        {
            return Source.None;
        }
        var entries = db.Set<Entry>().AsNoTracking().Where(e => e.Account == account);
        var top = from.Entry;
        if (filter.Before is { } before)
        {
            top = Math.Min(top, await EntrySearch.FirstSince(db, account, before, cancel));
        }
        var first = filter.From is { } since ? await EntrySearch.FirstSince(db, account, since, cancel) : 1;
        var chosen = entries.Where(e => e.Seq < top && e.Seq >= first);
        chosen = filter.Kind switch
        {
            LineKind.Charge => chosen.Where(e => e.Kind == EntryKind.Charge),
            LineKind.Credit => chosen.OtherThanCharges(),
            _ => filter.WithoutCharges ? chosen.OtherThanCharges() : chosen,
        };
        var most = size * PartsPerLine + 1;
        var read = await chosen.OrderByDescending(e => e.Seq).Take(most).ToListAsync(cancel);
        var groups = Together(read);
        var hasMore = read.Count == most;
        if (hasMore && groups.Count > 1)
        {
            // The last one may have parts that were not read.
            groups.RemoveAt(groups.Count - 1);
        }
        var refunded = await Refunded(db, account, read, cancel);
        var disputed = await Disputed(db, account, read, cancel);
        return new Source(groups.Select(parts => (
            Line(parts, refunded, disputed, words),
            (Func<HistoryPosition, HistoryPosition>)(p => p with { Entry = parts[^1].Seq }))), hasMore);
    }

    private static HistoryLine Line(List<Entry> parts, HashSet<long> refunded, HashSet<long> disputed, HistoryWords words) => parts[0].Kind switch
    {
        EntryKind.Charge => words.Charge(parts, disputed.Contains(parts[0].Charge!.Value)),
        EntryKind.Reversal => words.Reversal(parts, refunded),
        _ => words.Entry(parts[0]),
    };

    /// <summary>Of what reversals take back and moves no pool, the extra of a final period; the rest was uncollected.</summary>
    private static async Task<HashSet<long>> Refunded(PortalDb db, string account, List<Entry> read, CancellationToken cancel)
    {
        var taken = read.Where(e => e is { Kind: EntryKind.Reversal, Pool: EntryPool.None }).Select(e => e.Reverses!.Value).Distinct().ToArray();
        return taken.Length == 0 ? [] : [.. await db.Set<Entry>().Where(e => e.Account == account && taken.Contains(e.Seq) && e.Pool == EntryPool.Extra).Select(e => e.Seq).ToListAsync(cancel)];
    }

    /// <summary>Of the charges that are shown, those whose dispute is not decided.</summary>
    private static async Task<HashSet<long>> Disputed(PortalDb db, string account, List<Entry> read, CancellationToken cancel)
    {
        var charges = read.Where(e => e.Kind == EntryKind.Charge).Select(e => e.Charge!.Value).Distinct().ToArray();
        return charges.Length == 0 ? [] : [.. await db.Set<Dispute>()
            .Where(d => d.Account == account && charges.Contains(d.Charge) && (d.State == DisputeState.Open || d.State == DisputeState.Taken)).Select(d => d.Charge).ToListAsync(cancel)];
    }

    /// <summary>Entries of one charge stand together, and so do those of its reversal; every other entry stands alone.</summary>
    private static List<List<Entry>> Together(List<Entry> entries)
    {
        var groups = new List<List<Entry>>();
        foreach (var entry in entries)
        {
            if (entry.Kind is EntryKind.Charge or EntryKind.Reversal && groups.Count > 0 && groups[^1][0] is var first && first.Kind == entry.Kind && first.Charge == entry.Charge)
            {
                groups[^1].Add(entry);
            }
            else
            {
                groups.Add([entry]);
            }
        }
        return groups;
    }

    private static async Task<Source> Changes(PortalDb db, string account, HistoryFilter filter, HistoryPosition from, int size, HistoryWords words, CancellationToken cancel)
    {
        if (filter.Kind is not (null or LineKind.Setting))
        {
            return Source.None;
        }
        var changes = db.Set<AccountChange>().AsNoTracking().Where(c => c.Account == account && c.Number < from.Change);
        changes = filter.Before is { } before ? changes.Where(c => c.At < before) : changes;
        changes = filter.From is { } since ? changes.Where(c => c.At >= since) : changes;
        var read = await changes.OrderByDescending(c => c.Number).Take(size + 1).ToListAsync(cancel);
        return new Source(read.Select(c => (words.Change(c), (Func<HistoryPosition, HistoryPosition>)(p => p with { Change = c.Number }))), read.Count == size + 1);
    }

    private static async Task<Source> Refusals(PortalDb db, string account, HistoryFilter filter, HistoryPosition from, int size, HistoryWords words, CancellationToken cancel)
    {
        if (filter.MovesOnly || filter.Kind is not (null or LineKind.Refusal))
        {
            return Source.None;
        }
        // Many may have been refused in one instant. Of those at the position's instant, the ones seen are counted off.
        var refusals = db.Set<RefusalRecord>().AsNoTracking().Where(r => r.Account == account && r.At <= from.RefusedAt);
        refusals = filter.Before is { } before ? refusals.Where(r => r.At < before) : refusals;
        refusals = filter.From is { } since ? refusals.Where(r => r.At >= since) : refusals;
        var most = size + 1 + from.RefusalsSeen;
        var read = await refusals.OrderByDescending(r => r.At).ThenBy(r => r.Id).Take(most).ToListAsync(cancel);
        return new Source(read.Skip(from.RefusalsSeen).Select(r => (words.Refused(r), (Func<HistoryPosition, HistoryPosition>)(p =>
            p with { RefusedAt = r.At, RefusalsSeen = p.RefusedAt == r.At ? p.RefusalsSeen + 1 : 1 }))), read.Count == most);
    }

    private sealed class Source(IEnumerable<(HistoryLine, Func<HistoryPosition, HistoryPosition>)> lines, bool hasMore)
    {
        public static Source None => new([], false);

        public Queue<(HistoryLine Line, Func<HistoryPosition, HistoryPosition> After)> Lines { get; } = new(lines);

        /// <summary>Whether older ones were not read.</summary>
        public bool HasMore => hasMore;
    }
}
