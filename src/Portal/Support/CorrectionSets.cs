using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;

namespace Portal.Support;

/// <summary>A charge that can be reversed.</summary>
internal readonly record struct FoundCharge(string Account, long Number, long List, long Credit, long Extra, long Uncollected);

/// <summary>Which charges a filter finds that can be reversed. No more are read than one correction may have, and one that says that there are more.</summary>
internal static class CorrectionSets
{
    /// <summary>How many are written at once.</summary>
    private const int AtOnce = 1_000;

    /// <summary>
    /// Charges that somebody paid or owes, and that were not reversed. Of one account they are found by its numbers; of all, by their models and instants, which is what the table's
    /// index is for: without a model in the filter all are asked for that ever had a price.
    /// </summary>
    public static async Task<List<FoundCharge>> Find(PortalDb db, PriceBook book, CorrectionFilter filter, CancellationToken cancel = default)
    {
        var charges = (await Those(db, book, filter, cancel)).Where(c => !c.IsIncluded && c.List.Nanos > 0 && !db.Set<ReversedCharge>().Any(r => r.Account == c.Account && r.Charge == c.Number));
        charges = filter is { Charge: null, Model: { } model } ? charges.Where(c => c.Model == model) : charges;
        charges = filter is { Charge: null, Surface: { } surface } ? charges.Where(c => c.Surface == surface) : charges;
        charges = filter is { Charge: null, App: { } app } ? charges.Where(c => c.App == app) : charges;
        return await charges.Take(Corrections.MostCharges + 1)
            .Select(c => new FoundCharge(c.Account, c.Number, c.List.Nanos, c.Credit.Nanos, c.Extra.Nanos, c.Uncollected.Nanos)).ToListAsync(cancel);
    }

    /// <summary>What they come to.</summary>
    public static CorrectionSum Sum(IReadOnlyCollection<FoundCharge> found) => new(
        found.Count, found.Select(c => c.Account).Distinct().LongCount(),
        Money.Sum(found, c => new Money(c.List)), Money.Sum(found, c => new Money(c.Credit)), Money.Sum(found, c => new Money(c.Extra)), Money.Sum(found, c => new Money(c.Uncollected)));

    /// <summary>Writes the set down.</summary>
    public static async Task WriteDown(PortalDb db, Guid id, IEnumerable<FoundCharge> found)
    {
        foreach (var some in found.Chunk(AtOnce))
        {
            db.AddRange(some.Select(c => new CorrectionItem { Correction = id, Account = c.Account, Charge = c.Number, List = new Money(c.List) }));
            await db.SaveChangesAsync();
            db.ChangeTracker.Clear();
        }
    }

    private static async Task<IQueryable<Charge>> Those(PortalDb db, PriceBook book, CorrectionFilter filter, CancellationToken cancel)
    {
        var charges = db.Set<Charge>().AsNoTracking();
        if (filter is { Account: { } of, Charge: { } number })
        {
            return charges.Where(c => c.Account == of && c.Number == number).OrderBy(c => c.Number);
        }
        if (filter.Account is { } account)
        {
            var first = await EntrySearch.FirstChargeSince(db, account, filter.From, cancel);
            var end = await EntrySearch.FirstChargeSince(db, account, filter.To, cancel);
            return charges.Where(c => c.Account == account && c.Number >= first && c.Number < end).OrderBy(c => c.Number);
        }
        string[] models = filter.Model is { } model ? [model] : [.. book.Models];
        return charges.Where(c => models.Contains(c.Model) && c.RecordedAt >= filter.From && c.RecordedAt < filter.To).OrderBy(c => c.Model).ThenBy(c => c.RecordedAt);
    }
}
