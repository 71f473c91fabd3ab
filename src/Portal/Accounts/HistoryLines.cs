using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Terms;

namespace Portal.Accounts;

/// <summary>
/// An account's history, newest first: entries, included charges, changes of settings and refusals as one list. Each source is read below
/// its own position by its own key, so a page costs the same after ten lines and after ten million. Lines of one model, surface or app have
/// no key: for those a page looks through so many rows at most, says how far it looked, and the next one goes on from there.
/// </summary>
public sealed partial class HistoryLines(IDbContextFactory<PortalDb> databases, PriceBooks prices)
{
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
        var words = new HistoryWords(book, Actor.User(owner).Id) { ForStaff = filter.ForStaff };
        Source[] sources =
        [
            await Entries(db, account, filter, from, size, words, cancel),
            await Included(db, account, filter, from, size, words, cancel),
            await Changes(db, account, filter, from, size, words, cancel),
            await Refusals(db, account, filter, from, size, words, cancel),
        ];
        var part = Merge(sources, from, size);
        return part.Older is null ? part with { Archived = await Openings.Archived(db, account, filter.From ?? DateTimeOffset.MinValue, cancel) } : part;
    }

    private static HistoryPart Merge(Source[] sources, HistoryPosition from, int size)
    {
        var lines = new List<HistoryLine>(size);
        var position = from;
        while (lines.Count < size && sources.Where(s => s.Lines.Count > 0).OrderByDescending(s => s.Lines.Peek().Line.At).FirstOrDefault() is { } newest
            && !sources.Any(s => s.Lines.Count == 0 && s.Unread is { } unread && unread.At > newest.Lines.Peek().Line.At))
        {
            var (line, after) = newest.Lines.Dequeue();
            lines.Add(line);
            position = after(position);
        }
        var ended = sources.Where(s => s.Lines.Count == 0).Select(s => s.Unread).OfType<Unread>().ToList();
        position = ended.Aggregate(position, (p, unread) => unread.From(p));
        return new HistoryPart(
            lines, sources.Any(s => s.Lines.Count > 0 || s.Unread is not null) ? position.ToString() : null,
            lines.Count < size ? ended.Where(u => u.IsOutOfReach).Max(u => (DateTimeOffset?)u.At) : null);
    }

    private static async Task<Source> Included(PortalDb db, string account, HistoryFilter filter, HistoryPosition from, int size, HistoryWords words, CancellationToken cancel)
    {
        if (filter.Kind is not LineKind.Included && !(filter.Kind is null && filter.WithIncluded))
        {
            return Source.None;
        }
        var top = from.Included;
        if (filter.Before is { } before)
        {
            top = Math.Min(top, await EntrySearch.FirstChargeSince(db, account, before, cancel));
        }
        var first = filter.From is { } since ? await EntrySearch.FirstChargeSince(db, account, since, cancel) : 1;
        var charges = db.Set<Charge>().AsNoTracking().Where(c => c.Account == account && c.IsIncluded && c.Number < top && c.Number >= first).OrderByDescending(c => c.Number);
        var floor = filter.IsNarrow ? await charges.Skip(filter.Reach).Select(c => new { c.Number, c.RecordedAt }).FirstOrDefaultAsync(cancel) : null;
        var low = floor?.Number ?? 0;
        var chosen = charges.Where(c => c.Number > low);
        chosen = filter.Model is { } model ? chosen.Where(c => c.Model == model) : chosen;
        chosen = filter.Surface is { } surface ? chosen.Where(c => c.Surface == surface) : chosen;
        chosen = filter.App is { } app ? chosen.Where(c => (c.App ?? "") == app) : chosen;
        var read = await chosen.Take(size + 1).ToListAsync(cancel);
        var unread = read.Count > size ? new Unread(read[^1].RecordedAt, p => p)
            : floor is null ? null : new Unread(floor.RecordedAt, p => p with { Included = low + 1 }, IsOutOfReach: true);
        return new Source(read.Take(size).Select(c => (words.Included(c), (Func<HistoryPosition, HistoryPosition>)(p => p with { Included = c.Number }))), unread);
    }

    private static async Task<Source> Changes(PortalDb db, string account, HistoryFilter filter, HistoryPosition from, int size, HistoryWords words, CancellationToken cancel)
    {
        if (filter.Kind is not (null or LineKind.Setting) || filter.Surface is not null || filter.App is not null)
        {
            return Source.None;
        }
        var changes = db.Set<AccountChange>().AsNoTracking().Where(c => c.Account == account && c.Number < from.Change);
        changes = filter.Before is { } before ? changes.Where(c => c.At < before) : changes;
        changes = filter.From is { } since ? changes.Where(c => c.At >= since) : changes;
        changes = filter.Model is { } model ? changes.Where(c => c.Model == model) : changes;
        var read = await changes.OrderByDescending(c => c.Number).Take(size + 1).ToListAsync(cancel);
        return new Source(
            read.Take(size).Select(c => (words.Change(c), (Func<HistoryPosition, HistoryPosition>)(p => p with { Change = c.Number }))),
            read.Count > size ? new Unread(read[^1].At, p => p) : null);
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
        var floor = filter.IsNarrow ? await refusals.OrderByDescending(r => r.At).Skip(filter.Reach).Select(r => (DateTimeOffset?)r.At).FirstOrDefaultAsync(cancel) : null;
        refusals = floor is { } low ? refusals.Where(r => r.At > low) : refusals;
        refusals = filter.Model is { } model ? refusals.Where(r => r.Model == model) : refusals;
        refusals = filter.Surface is { } surface ? refusals.Where(r => r.Surface == surface) : refusals;
        refusals = filter.App is { } app ? refusals.Where(r => (r.App ?? "") == app) : refusals;
        var most = size + 1 + from.RefusalsSeen;
        var read = await refusals.OrderByDescending(r => r.At).ThenBy(r => r.Id).Take(most).ToListAsync(cancel);
        var unread = read.Count == most ? new Unread(read[^1].At, p => p)
            : floor is { } end ? new Unread(end, p => p with { RefusedAt = end, RefusalsSeen = 0 }, IsOutOfReach: true) : null;
        return new Source(read.Skip(from.RefusalsSeen).Take(size).Select(r => (words.Refused(r), (Func<HistoryPosition, HistoryPosition>)(p =>
            p with { RefusedAt = r.At, RefusalsSeen = p.RefusedAt == r.At ? p.RefusalsSeen + 1 : 1 }))), unread);
    }

    /// <summary>What a source did not read.</summary>
    /// <param name="At">None of it is later.</param>
    /// <param name="From">Where the next page goes on, if all that was read stands on this one.</param>
    /// <param name="IsOutOfReach">Whether looking further would have taken too long.</param>
    private sealed record Unread(DateTimeOffset At, Func<HistoryPosition, HistoryPosition> From, bool IsOutOfReach = false);

    private sealed class Source(IEnumerable<(HistoryLine, Func<HistoryPosition, HistoryPosition>)> lines, Unread? unread)
    {
        public static Source None => new([], null);

        public Queue<(HistoryLine Line, Func<HistoryPosition, HistoryPosition> After)> Lines { get; } = new(lines);

        /// <summary>The older ones, if there may be any.</summary>
        public Unread? Unread => unread;
    }
}
