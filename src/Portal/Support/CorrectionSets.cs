using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;

namespace Portal.Support;

/// <summary>Which charges a filter finds that can be reversed, and what they come to: summed by the database, and read some at a time.</summary>
internal static class CorrectionSets
{
    /// <summary>How many are read at once.</summary>
    private const int AtOnce = 1_000;

    /// <summary>Charges that somebody paid or owes, and that were not reversed. Of one account they are found by its numbers; of all, by reading them through.</summary>
    public static async Task<IQueryable<Charge>> Charges(PortalDb db, CorrectionFilter filter, CancellationToken cancel)
    {
        var charges = db.Set<Charge>().AsNoTracking().Where(c => !c.IsIncluded && c.List.Nanos > 0 && !db.Set<ReversedCharge>().Any(r => r.Account == c.Account && r.Charge == c.Number));
        if (filter is { Account: { } of, Charge: { } number })
        {
            return charges.Where(c => c.Account == of && c.Number == number);
        }
        if (filter.Account is { } account)
        {
            var first = await EntrySearch.FirstChargeSince(db, account, filter.From, cancel);
            var end = await EntrySearch.FirstChargeSince(db, account, filter.To, cancel);
            charges = charges.Where(c => c.Account == account && c.Number >= first && c.Number < end);
        }
        else
        {
            charges = charges.Where(c => c.RecordedAt >= filter.From && c.RecordedAt < filter.To);
        }
        charges = filter.Model is { } model ? charges.Where(c => c.Model == model) : charges;
        charges = filter.Surface is { } surface ? charges.Where(c => c.Surface == surface) : charges;
        return filter.App is { } app ? charges.Where(c => c.App == app) : charges;
    }

    public static async Task<CorrectionSum> Sum(PortalDb db, CorrectionFilter filter, CancellationToken cancel)
    {
        var charges = await Charges(db, filter, cancel);
        var sum = await charges.GroupBy(_ => 1).Select(g => new
        {
            Count = g.LongCount(),
            List = g.Sum(c => c.List.Nanos),
            Credit = g.Sum(c => c.Credit.Nanos),
            Extra = g.Sum(c => c.Extra.Nanos),
            Uncollected = g.Sum(c => c.Uncollected.Nanos),
        }).SingleOrDefaultAsync(cancel);
        var accounts = sum is null ? 0 : await charges.Select(c => c.Account).Distinct().LongCountAsync(cancel);
        return sum is null
            ? new CorrectionSum(0, 0, Money.Zero, Money.Zero, Money.Zero, Money.Zero)
            : new CorrectionSum(sum.Count, accounts, new Money(sum.List), new Money(sum.Credit), new Money(sum.Extra), new Money(sum.Uncollected));
    }

    /// <summary>Writes the set down, and says what it comes to: of what is written, not of what was found before.</summary>
    public static async Task<CorrectionSum> WriteDown(PortalDb db, Guid id, CorrectionFilter filter, CancellationToken cancel)
    {
        var charges = (await Charges(db, filter, cancel)).Select(c => new { c.Account, c.Number, List = c.List.Nanos, Credit = c.Credit.Nanos, Extra = c.Extra.Nanos, Uncollected = c.Uncollected.Nanos });
        var sum = new CorrectionSum(0, 0, Money.Zero, Money.Zero, Money.Zero, Money.Zero);
        var (account, number) = ("", 0L);
        while (await charges.Where(c => c.Account.CompareTo(account) > 0 || (c.Account == account && c.Number > number)).OrderBy(c => c.Account).ThenBy(c => c.Number).Take(AtOnce).ToListAsync(cancel) is { Count: > 0 } some)
        {
            db.AddRange(some.Select(c => new CorrectionItem { Correction = id, Account = c.Account, Charge = c.Number, List = new Money(c.List) }));
            await db.SaveChangesAsync(cancel);
            db.ChangeTracker.Clear();
            sum = new CorrectionSum(
                sum.Charges + some.Count, sum.Accounts + some.Select(c => c.Account).Where(a => a != account).Distinct().Count(),
                sum.List + new Money(some.Sum(c => c.List)), sum.Credit + new Money(some.Sum(c => c.Credit)), sum.Extra + new Money(some.Sum(c => c.Extra)), sum.Uncollected + new Money(some.Sum(c => c.Uncollected)));
            (account, number) = (some[^1].Account, some[^1].Number);
        }
        return sum;
    }
}
