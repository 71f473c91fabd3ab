using System.Runtime.CompilerServices;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Accounts;

/// <summary>Entries of one period that say the same, and what they come to.</summary>
/// <param name="Kind">Their kind.</param>
/// <param name="Model">The model's name, for charges.</param>
/// <param name="IsLate">Whether they correct a charge of a period that was final.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Credit">The credit that they granted, used and lost.</param>
/// <param name="Extra">What they moved of the period's extra usage; negative where they took some off.</param>
/// <param name="Uncollected">What they moved of what nobody owes.</param>
public sealed record PeriodEntries(EntryKind Kind, string? Model, bool IsLate, long Count, CreditFigures Credit, Money Extra, Money Uncollected);

/// <summary>
/// The entries that count in one period of an account. They lie between its start and the end of its last hold, a day after its end at the most; what is due
/// but not yet written comes after them. Entries are never changed, so what was summed in one moment can be read one by one later.
/// </summary>
internal sealed class PeriodReading
{
    private const int Rows = 1_000;

    /// <summary>Twice what a hold may last, from the period's end on.</summary>
    private static readonly TimeSpan LastHold = TimeSpan.FromSeconds(2 * AuthorizationRequest.LongestTtlSeconds);

    private readonly IDbContextFactory<PortalDb> _databases;
    private readonly string _account;
    private readonly int _period;
    private readonly (long First, long End) _seqs;
    private readonly List<Entry> _due;

    private PeriodReading(IDbContextFactory<PortalDb> databases, Account account, Period period, (long First, long End) seqs)
    {
        (_databases, _account, _period, _seqs) = (databases, account.Key, period.Index, seqs);
        _due = account.Written.Entries.FindAll(e => e.Period == period.Index);
    }

    /// <summary>The entries of a period up to the last one that is written, and those that were found to be due.</summary>
    public static async Task<PeriodReading> Of(IDbContextFactory<PortalDb> databases, PortalDb db, Account account, Period period, long lastSeq, CancellationToken cancel)
    {
        var first = await EntrySearch.FirstSince(db, account.Key, period.Start, cancel);
        var end = await EntrySearch.FirstSince(db, account.Key, period.End + LastHold, cancel);
        return new PeriodReading(databases, account, period, (first, Math.Min(end, lastSeq + 1)));
    }

    /// <summary>Summed: charges by model, everything else by its kind.</summary>
    public async Task<IReadOnlyList<PeriodEntries>> Sums(PortalDb db, PriceBook book, CancellationToken cancel)
    {
        var sums = await Written(db).Where(e => e.Kind != EntryKind.Reversal && (e.Kind != EntryKind.Expiry || e.Charge == null))
            .GroupBy(e => new { e.Kind, e.Pool, e.Model }).Select(g => new { g.Key, Count = g.LongCount(), Nanos = g.Sum(e => e.Amount.Nanos) }).ToListAsync(cancel);
        var corrections = await Written(db).OtherThanCharges().Where(e => e.Kind == EntryKind.Reversal || (e.Kind == EntryKind.Expiry && e.Charge != null))
            // A charge whose month was detached is of a period before.
            .LeftJoin(db.Set<Charge>(), e => new { e.Account, Number = e.Charge!.Value }, c => new { c.Account, c.Number }, (e, c) => new { e.Kind, e.Pool, e.Amount.Nanos, Period = (int?)c!.Period })
            .ToListAsync(cancel);
        return
        [
            .. sums.Select(s => new Part(s.Key.Kind, s.Key.Pool, s.Key.Kind == EntryKind.Charge ? s.Key.Model : null, false, s.Count, new Money(s.Nanos)))
                .Concat(corrections.Select(c => new Part(c.Kind, c.Pool, null, c.Period != _period, 1, new Money(c.Nanos))))
                .Concat(_due.Select(e => new Part(e.Kind, e.Pool, null, false, 1, e.Amount)))
                .GroupBy(p => (p.Kind, p.Model, p.IsLate)).OrderBy(g => g.Key.Kind).ThenBy(g => g.Key.IsLate).ThenBy(g => g.Key.Model, StringComparer.Ordinal)
                .Select(g => Told(g, g.Key.Model is { } model ? book.ModelName(model) : null)),
        ];
    }

    /// <summary>One by one, some at a time, so that no reader, however slow, keeps a query open.</summary>
    public async IAsyncEnumerable<Entry> OneByOne([EnumeratorCancellation] CancellationToken cancel)
    {
        await using var db = await _databases.CreateDbContextAsync(cancel);
        var after = _seqs.First - 1;
        List<Entry> some;
        do
        {
            some = await Written(db).Where(e => e.Seq > after).OrderBy(e => e.Seq).Take(Rows).ToListAsync(cancel);
            foreach (var entry in some)
            {
                yield return entry;
                after = entry.Seq;
            }
        }
        while (some.Count == Rows);
        foreach (var entry in _due)
        {
            yield return entry;
        }
    }

    private IQueryable<Entry> Written(PortalDb db) =>
        db.Set<Entry>().AsNoTracking().Where(e => e.Account == _account && e.Seq >= _seqs.First && e.Seq < _seqs.End && e.Period == _period);

    private static PeriodEntries Told(IGrouping<(EntryKind Kind, string? Model, bool IsLate), Part> parts, string? model)
    {
        var credit = parts.Where(p => p.Pool == EntryPool.Credit).Aggregate(default(CreditFigures), (sum, p) => sum.With(p.Kind, p.Amount, p.IsLate));
        return new PeriodEntries(parts.Key.Kind, model, parts.Key.IsLate, parts.Sum(p => p.Count), credit, Money.Sum(parts, Extra), Money.Sum(parts, Uncollected));
    }

    private static Money Extra(Part part) => (part.Kind, part.Pool) switch
    {
        (EntryKind.Charge, EntryPool.Extra) => part.Amount,
        (EntryKind.Reallocation, _) or (EntryKind.Reversal, EntryPool.Extra) => Money.Zero - part.Amount,
        _ => Money.Zero,
    };

    /// <summary>What a late reversal moves of no pool is refunded, or was uncollected in a period that stays as it is.</summary>
    private static Money Uncollected(Part part) => (part.Kind, part.Pool, part.IsLate) switch
    {
        (EntryKind.Charge, EntryPool.None, _) => part.Amount,
        (EntryKind.Reversal, EntryPool.None, false) => Money.Zero - part.Amount,
        _ => Money.Zero,
    };

    private sealed record Part(EntryKind Kind, EntryPool Pool, string? Model, bool IsLate, long Count, Money Amount);
}
