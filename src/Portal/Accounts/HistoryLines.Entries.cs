using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Accounts;

/// <summary>The lines that entries of the ledger make: those of one charge, or of its reversal, are one line.</summary>
public sealed partial class HistoryLines
{
    /// <summary>At most this many parts of a charge are expected to stand together; more still show, over two pages.</summary>
    private const int PartsPerLine = 3;

    private static async Task<Source> Entries(PortalDb db, string account, HistoryFilter filter, HistoryPosition from, int size, HistoryWords words, CancellationToken cancel)
    {
        if (filter.Kind is LineKind.Refusal or LineKind.Setting or LineKind.Included)
        {
            return Source.None;
        }
        var entries = db.Set<Entry>().AsNoTracking().Where(e => e.Account == account);
        var (first, low, top) = await Range(db, account, filter, from, cancel);
        var most = size * PartsPerLine + 1;
        var read = await Chosen(entries.Where(e => e.Seq < top && e.Seq >= low), filter).OrderByDescending(e => e.Seq).Take(most).ToListAsync(cancel);
        var groups = Together(read);
        var unread = read.Count == most ? new Unread(read[^1].At, p => p)
            : low > first ? new Unread(await entries.Where(e => e.Seq == low).Select(e => e.At).SingleAsync(cancel), p => p with { Entry = low }, IsOutOfReach: true)
            : null;
        // The last one may have parts that were not read; it is left to the next page, unless there is nothing else on this one.
        if (unread is not null && groups is [.., var last] && (unread.IsOutOfReach ? last[^1].Seq == low && last[0].Seq + 1 < top : groups.Count > 1))
        {
            groups.RemoveAt(groups.Count - 1);
            unread = unread with { From = p => p with { Entry = last[0].Seq + 1 } };
        }
        var grants = await Granted(db, account, read, cancel);
        var refunded = await Refunded(db, account, read, cancel);
        var disputed = await Disputed(db, account, read, cancel);
        return new Source(groups.Select(parts => (
            Line(parts, grants, refunded, disputed, words),
            (Func<HistoryPosition, HistoryPosition>)(p => p with { Entry = parts[^1].Seq }))), unread);
    }

    /// <summary>The first entry that may be shown, the lowest that this page looks at, and the first that is too new for it.</summary>
    private static async Task<(long First, long Low, long Top)> Range(PortalDb db, string account, HistoryFilter filter, HistoryPosition from, CancellationToken cancel)
    {
        var first = filter.From is { } since ? await EntrySearch.FirstSince(db, account, since, cancel) : 1;
        var top = filter.Before is { } before ? Math.Min(from.Entry, await EntrySearch.FirstSince(db, account, before, cancel)) : from.Entry;
        // What is no charge has an index of its own, and is few.
        if (!filter.IsNarrow || filter.Kind == LineKind.Credit)
        {
            return (first, first, top);
        }
        top = Math.Min(top, 1 + await EntrySearch.Last(db, account, cancel));
        return (first, Math.Max(first, top - filter.Reach), top);
    }

    private static IQueryable<Entry> Chosen(IQueryable<Entry> entries, HistoryFilter filter)
    {
        entries = filter.Kind switch
        {
            LineKind.Charge => entries.Where(e => e.Kind == EntryKind.Charge),
            LineKind.Credit => entries.OtherThanCharges(),
            _ => filter.WithoutCharges ? entries.OtherThanCharges() : entries,
        };
        entries = filter.Model is { } model ? entries.Where(e => e.Model == model) : entries;
        entries = filter.Surface is { } surface ? entries.Where(e => e.Surface == surface) : entries;
        return filter.App is { } app ? entries.Where(e => e.Charge != null && (e.App ?? "") == app) : entries;
    }

    private static HistoryLine Line(List<Entry> parts, Dictionary<int, GrantKind> grants, HashSet<long> refunded, HashSet<long> disputed, HistoryWords words) => parts[0].Kind switch
    {
        EntryKind.Charge => words.Charge(parts, disputed.Contains(parts[0].Charge!.Value)),
        EntryKind.Reversal => words.Reversal(parts, refunded),
        _ => words.Entry(parts[0], grants),
    };

    /// <summary>Of which kind the grants are that the entries make.</summary>
    private static async Task<Dictionary<int, GrantKind>> Granted(PortalDb db, string account, List<Entry> read, CancellationToken cancel)
    {
        var made = read.Where(e => e.Kind == EntryKind.Grant).Select(e => e.Grant!.Value).ToArray();
        return made.Length == 0 ? [] : await db.Set<Grant>().Where(g => g.Account == account && made.Contains(g.Number)).ToDictionaryAsync(g => g.Number, g => g.Kind, cancel);
    }

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
}
