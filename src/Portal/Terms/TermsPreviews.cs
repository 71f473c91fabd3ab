using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Terms;

/// <summary>What a change would have met in the last 30 days of real usage.</summary>
public sealed class TermsPreviews(IDbContextFactory<PortalDb> databases, PriceBooks prices)
{
    public static readonly TimeSpan Looked = TimeSpan.FromDays(30);

    public async Task<TermsPreview> Of(TermsChange change, DateTimeOffset now, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        var since = now - Looked;
        await using var db = await databases.CreateDbContextAsync(cancel);
        // By model and instant, which is what the table's index is for.
        var models = (await prices.InForce(db, cancel)).Models.ToArray();
        var charges = db.Set<Charge>().AsNoTracking().Where(c => models.Contains(c.Model) && c.RecordedAt >= since);
        var empty = new TermsPreview(since, now, 0, 0, Money.Zero, Money.Zero, Money.Zero, Money.Zero, 0);
        switch (change)
        {
            case NewPromotion promotion:
                var reduced = await Sum(OfPromotion(db, charges, promotion), empty, cancel);
                return reduced with { Discount = Share(reduced.Extra, promotion.PercentMillionths) };
            case PromotionEnd ends:
                var ending = await Sum(charges.Where(c => c.Promotion == ends.Name), empty, cancel);
                var percent = await db.Set<Promotion>().Where(p => p.Name == ends.Name).Select(p => p.PercentMillionths).SingleOrDefaultAsync(cancel);
                return ending with { Discount = Share(ending.Extra, percent) };
            case NewPhase:
                return await Sum(charges.Where(c => c.Pool == Pool.Programmatic), empty, cancel);
            case NewSurfaceRule surface:
                var waiting = db.Set<ParkedEvent>().Where(p => p.Surface == surface.Surface && db.Set<UsageEventId>().Any(e => e.Key == p.Key && e.Charge == null));
                return await Sum(charges.Where(c => c.Surface == surface.Surface), empty, cancel) with { Parked = await waiting.LongCountAsync(cancel) };
            default:
                throw new InvalidOperationException("There are four kinds of changes.");
        }
    }

    private static IQueryable<Charge> OfPromotion(PortalDb db, IQueryable<Charge> charges, NewPromotion promotion)
    {
        charges = charges.Where(c => c.Extra.Nanos > 0);
        if (promotion.Models.Count > 0)
        {
            charges = charges.Where(c => promotion.Models.Contains(c.Model));
        }
        return promotion.Plans.Count == 0 ? charges
            : charges.Where(c => db.Set<AccountPeriod>().Any(p => p.Account == c.Account && p.Index == c.Period && promotion.Plans.Contains(p.Plan)));
    }

    private static async Task<TermsPreview> Sum(IQueryable<Charge> charges, TermsPreview empty, CancellationToken cancel)
    {
        var sums = await charges.GroupBy(c => c.Account)
            .Select(g => new { Requests = g.LongCount(), List = g.Sum(c => c.List.Nanos), Credit = g.Sum(c => c.Credit.Nanos), Extra = g.Sum(c => c.Extra.Nanos) }).ToListAsync(cancel);
        return empty with
        {
            Requests = sums.Sum(s => s.Requests),
            Accounts = sums.Count,
            List = Money.Sum(sums, s => new Money(s.List)),
            Credit = Money.Sum(sums, s => new Money(s.Credit)),
            Extra = Money.Sum(sums, s => new Money(s.Extra)),
        };
    }

    /// <summary>A figure to judge by; what somebody owes is computed by the Ledger alone.</summary>
    private static Money Share(Money amount, int millionths) => new(Rounding.Down((Int128)amount.Nanos * millionths, 1_000_000));
}
