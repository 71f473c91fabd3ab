using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Accounts;

/// <summary>
/// Loads what corrections have to see and other commands do not: the charge with its entries, whether it was reversed, the final periods since its own,
/// and the grants that are over and that it or its period's reallocations used. The accounts are loaded and locked before.
/// </summary>
internal static class CorrectionLoader
{
    public static async Task Load(PortalDb db, Needs needs, Batch batch)
    {
        foreach (var (key, number) in needs.Corrections)
        {
            // An account that is not there, or a charge that another command of this batch makes: then there is nothing to load.
            if (batch.Accounts.TryGetValue(key, out var account)
                && await db.Set<Charge>().AsNoTracking().SingleOrDefaultAsync(c => c.Account == key && c.Number == number) is { } charge)
            {
                batch.Charges[(key, number)] = charge;
                await Load(db, account, charge, batch);
            }
        }
    }

    private static async Task Load(PortalDb db, Account account, Charge charge, Batch batch)
    {
        var id = (charge.Account, charge.Number);
        var parts = await EntrySearch.PartsOf(db, charge);
        batch.Parts[id] = parts;
        if (await db.Set<ReversedCharge>().AsNoTracking().SingleOrDefaultAsync(r => r.Account == charge.Account && r.Charge == charge.Number) is { } earlier)
        {
            batch.Reversed[id] = earlier;
        }
        var known = account.Past.Select(p => p.Index).ToHashSet();
        var final = await db.Set<AccountPeriod>().AsNoTracking()
            .Where(p => p.Account == charge.Account && p.Index >= charge.Period && p.HasEnded && p.OpenHolds == 0).ToListAsync();
        account.Past.AddRange(final.Where(p => !known.Contains(p.Index)));
        var movedTo = account.Past.Concat(account.Periods).Single(p => p.Index == charge.Period).MovedToCredit.Select(m => m.Grant);
        var missing = parts.Select(p => p.Grant).OfType<int>().Concat(movedTo).Except(account.Grants.Select(g => g.Number)).ToArray();
        if (missing.Length > 0)
        {
            account.Grants.AddRange(await db.Set<Grant>().AsNoTracking().Where(g => g.Account == charge.Account && missing.Contains(g.Number)).ToListAsync());
        }
    }
}
