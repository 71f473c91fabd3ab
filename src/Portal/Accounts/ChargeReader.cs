using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Terms;

namespace Portal.Accounts;

/// <summary>Reads one charge and prices it again, line by line, with the rate card version that it names.</summary>
public sealed class ChargeReader(IDbContextFactory<PortalDb> databases, PriceBooks prices, Clock clock)
{
    private const int MillionthsPerPercent = 10_000;

    /// <summary>The charge; <c>null</c> if this account has none with this id.</summary>
    public async Task<ChargeFigures?> Read(string account, string id, CancellationToken cancel = default)
    {
        if (!PublicIds.TryParseCharge(id, out var of, out var number) || of != account)
        {
            return null;
        }
        await using var db = await databases.CreateDbContextAsync(cancel);
        var charge = await db.Set<Charge>().AsNoTracking().SingleOrDefaultAsync(c => c.Account == account && c.Number == number, cancel);
        if (charge is null)
        {
            return null;
        }
        var book = await prices.InForce(db, cancel);
        var card = book.RateCard(charge.RateCardVersion);
        var rates = card.Models[charge.Model];
        var promotion = book.Promotion(charge.Promotion);
        var reversal = await db.Set<ReversedCharge>().AsNoTracking().SingleOrDefaultAsync(r => r.Account == account && r.Charge == number, cancel);
        var dispute = await db.Set<Dispute>().AsNoTracking().SingleOrDefaultAsync(d => d.Account == account && d.Charge == number, cancel);
        return new ChargeFigures(
            account, clock.Now, id, rates.Name, charge.Model, SurfaceNames.Of(charge.Surface), charge.App, charge.Time, charge.RecordedAt,
            charge.Authorization, charge.Source is null ? null : $"{charge.Source} {charge.EventId}",
            Rating.Lines(card, charge.Model, charge.Usage), charge.List, charge.Credit, charge.Extra, charge.Uncollected, charge.IsIncluded, charge.IsLate,
            card.Version, card.EffectiveFrom, rates.TierFor(charge.Usage.PromptTokens).AbovePromptTokens, rates.Tiers.Count > 1, charge.Usage.PromptTokens,
            charge.Promotion, promotion is null ? null : $"{new Factor(promotion.PercentMillionths, MillionthsPerPercent)} %",
            await Parts(db, charge, cancel), ChargeExplanation.Why(charge), reversal is null ? null : new ChargeReversal(reversal.At, reversal.Reason),
            dispute is null ? null : new ChargeDispute(dispute.State, dispute.Text, dispute.OpenedAt, dispute.ChangedAt, dispute.Answer));
    }

    /// <summary>That the charge is kept in the archive, in a sentence; <c>null</c> if it is not.</summary>
    public async Task<string?> Archived(string account, string id, CancellationToken cancel = default)
    {
        if (!PublicIds.TryParseCharge(id, out var of, out var number) || of != account)
        {
            return null;
        }
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await Openings.Archived(db, account, number, cancel);
    }

    private static async Task<IReadOnlyList<ChargePart>> Parts(PortalDb db, Charge charge, CancellationToken cancel)
    {
        if (charge.IsIncluded)
        {
            return [];
        }
        var parts = await EntrySearch.PartsOf(db, charge, cancel);
        var numbers = parts.Select(p => p.Grant).OfType<int>().ToList();
        var grants = await db.Set<Grant>().AsNoTracking().Where(g => g.Account == charge.Account && numbers.Contains(g.Number)).ToDictionaryAsync(g => g.Number, cancel);
        return [.. parts.Select(p =>
        {
            var grant = p.Grant is { } number ? grants[number] : null;
            return new ChargePart(p.Pool, grant?.Kind, grant?.Number, grant?.ExpiresAt, p.Amount, p.Promotion);
        })];
    }
}
