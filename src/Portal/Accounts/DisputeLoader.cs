using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Accounts;

/// <summary>What a dispute has to know of its charge.</summary>
internal sealed record DisputedCharge(Money List, bool IsIncluded, bool IsReversed);

/// <summary>Loads disputes, and the charges that are to be disputed. Only commands by people need them; batches of usage ask nothing.</summary>
internal static class DisputeLoader
{
    public static async Task Load(PortalDb db, Needs needs, Batch batch)
    {
        // A correction ends the dispute of its charge.
        foreach (var (key, number) in needs.Disputes.Union(needs.Corrections))
        {
            if (await db.Set<Dispute>().AsNoTracking().SingleOrDefaultAsync(d => d.Account == key && d.Charge == number) is { } dispute)
            {
                batch.Disputes[(key, number)] = dispute;
            }
        }
        foreach (var (key, number) in needs.Disputes)
        {
            var reversed = await db.Set<ReversedCharge>().AnyAsync(r => r.Account == key && r.Charge == number);
            if (await db.Set<Charge>().Where(c => c.Account == key && c.Number == number).Select(c => new { c.List.Nanos, c.IsIncluded }).SingleOrDefaultAsync() is { } charge)
            {
                batch.DisputedCharges[(key, number)] = new DisputedCharge(new Money(charge.Nanos), charge.IsIncluded, reversed);
            }
        }
    }
}
