using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;

namespace Portal.History;

/// <summary>Reads the balance at a past instant, what caused it, and where the steps before and after it are.</summary>
public sealed class MomentReader(IDbContextFactory<PortalDb> databases, PastBalances past, HistoryLines history, Clock clock)
{
    /// <summary>More than ever fall on one instant.</summary>
    private const int LinesPerInstant = 20;

    private const int MostMarks = 100;

    /// <summary>The moment; an instant in the future is now.</summary>
    public async Task<MomentFigures> Read(string account, DateTimeOffset? instant, CancellationToken cancel = default)
    {
        var now = clock.Now;
        var at = Period.ToMicrosecond(instant is { } asked && asked < now ? asked : now);
        var balance = await past.At(account, at, cancel);
        var lines = (await history.Read(account, new HistoryFilter(Before: at.AddMicroseconds(1), MovesOnly: true), HistoryPosition.Top, LinesPerInstant, cancel)).Lines;
        var causes = lines.TakeWhile(line => line.At == lines[0].At).ToList();
        return new MomentFigures(
            account, now, at, balance, balance is null || balance.Period.End > now ? now : balance.Period.End.AddMicroseconds(-1),
            causes, lines.Skip(causes.Count).FirstOrDefault()?.At, await Later(account, at, cancel),
            balance is null ? [] : await Marks(account, balance.Period, cancel))
        {
            Archived = balance is null ? await past.Archived(account, at, cancel) : null,
        };
    }

    private async Task<IReadOnlyList<DateTimeOffset>> Marks(string account, Period period, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var first = await EntrySearch.FirstSince(db, account, period.Start, cancel);
        var end = await EntrySearch.FirstSince(db, account, period.End, cancel);
        return await db.Set<Entry>().Where(e => e.Account == account && e.Seq >= first && e.Seq < end).OtherThanCharges().OrderBy(e => e.Seq).Take(MostMarks).Select(e => e.At).ToListAsync(cancel);
    }

    private async Task<DateTimeOffset?> Later(string account, DateTimeOffset at, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var seq = await EntrySearch.FirstSince(db, account, at.AddMicroseconds(1), cancel);
        var entry = await db.Set<Entry>().Where(e => e.Account == account && e.Seq == seq).Select(e => (DateTimeOffset?)e.At).SingleOrDefaultAsync(cancel);
        var change = await db.Set<AccountChange>().Where(c => c.Account == account && c.At > at).OrderBy(c => c.Number).Select(c => (DateTimeOffset?)c.At).FirstOrDefaultAsync(cancel);
        return entry is null || change < entry ? change : entry;
    }
}
