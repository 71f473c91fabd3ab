using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.Terms;

namespace Portal.Support;

/// <summary>A dispute in the queue.</summary>
public sealed record DisputeLine(
    string Account, long Number, string Charge, DisputeState State, string Text, DateTimeOffset OpenedAt, DateTimeOffset ChangedAt, string? TakenBy, string? TakenByName, string? Answer, bool IsOwn,
    DisputedUse? Use, Guid? Correction)
{
    /// <summary>What the charge costs; of one that is kept in the archive, which was decided long ago, nothing is told.</summary>
    public Money List => Use?.List ?? Money.Zero;
}

/// <summary>What a disputed charge is for, and what was paid of it; gone once its month was detached.</summary>
public sealed record DisputedUse(string Model, string Surface, Money List, Money Paid, string Why);

/// <summary>The queue, or what was decided.</summary>
/// <param name="Decided">Whether it is what was decided that is shown.</param>
/// <param name="Charge">The one charge that was asked for.</param>
/// <param name="Open">How many nobody looks into.</param>
/// <param name="Lines">The disputes: the oldest open one first; of those that are decided the latest first.</param>
/// <param name="IsCut">Whether there are more.</param>
public sealed record DisputesFigures(bool Decided, string? Charge, int Open, IReadOnlyList<DisputeLine> Lines, bool IsCut);

/// <summary>Reads disputes: who has waited longest stands first.</summary>
public sealed class DisputesReader(IDbContextFactory<PortalDb> databases, PriceBooks prices)
{
    private const int Most = 50;

    public async Task<DisputesFigures?> Read(bool decided, string? charge, Actor viewer, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var disputes = db.Set<Dispute>().AsNoTracking();
        var open = await disputes.CountAsync(d => d.State == DisputeState.Open, cancel);
        var chosen = PublicIds.TryParseCharge(charge, out var account, out var number) ? disputes.Where(d => d.Account == account && d.Charge == number)
            : decided ? disputes.Where(d => d.State != DisputeState.Open && d.State != DisputeState.Taken).OrderByDescending(d => d.ChangedAt)
            : disputes.Where(d => d.State == DisputeState.Open || d.State == DisputeState.Taken).OrderBy(d => d.State).ThenBy(d => d.OpenedAt);
        var read = await chosen.Take(Most + 1).ToListAsync(cancel);
        var shown = read.Take(Most).ToList();
        var names = await StaffNames.Of(db, shown.Select(d => d.TakenBy), cancel);
        var book = await prices.InForce(db, cancel);
        var lines = new List<DisputeLine>(shown.Count);
        foreach (var dispute in shown)
        {
            lines.Add(await Line(db, dispute, dispute.TakenBy is { } by ? names[by] : null, book, viewer, cancel));
        }
        return new DisputesFigures(decided, charge, open, lines, read.Count > Most);
    }

    private static async Task<DisputeLine> Line(PortalDb db, Dispute dispute, string? takenBy, PriceBook book, Actor viewer, CancellationToken cancel)
    {
        var charge = await db.Set<Charge>().AsNoTracking().SingleOrDefaultAsync(c => c.Account == dispute.Account && c.Number == dispute.Charge, cancel);
        var owner = await db.Set<Account>().Where(a => a.Key == dispute.Account).Select(a => a.Owner).SingleAsync(cancel);
        Guid? correction = await db.Set<CorrectionItem>().Where(i => i.Account == dispute.Account && i.Charge == dispute.Charge && i.Result == CorrectionResult.Pending)
            .Where(i => db.Set<Correction>().Any(c => c.Id == i.Correction && (c.State == CorrectionState.Waiting || c.State == CorrectionState.Approved))).Select(i => (Guid?)i.Correction).FirstOrDefaultAsync(cancel);
        return new DisputeLine(
            dispute.Account, dispute.Charge, PublicIds.Charge(dispute.Account, dispute.Charge), dispute.State, dispute.Text, dispute.OpenedAt, dispute.ChangedAt, dispute.TakenBy, takenBy, dispute.Answer,
            owner == viewer.UserId, charge is null ? null : new DisputedUse(book.ModelName(charge.Model), SurfaceNames.Of(charge.Surface), charge.List, charge.Credit + charge.Extra, ChargeExplanation.Why(charge)), correction);
    }
}
