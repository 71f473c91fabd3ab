using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;

namespace Portal.Support;

/// <summary>A correction, with the names of colleagues.</summary>
public sealed record CorrectionLine(
    Guid Id, CorrectionFilter Filter, CorrectionSum Sum, Money List, string Reason, string Ticket, DateTimeOffset GoodwillUntil, CorrectionState State, string RequestedBy, string RequestedByName,
    DateTimeOffset RequestedAt, string? DecidedByName, DateTimeOffset? DecidedAt, string? DecisionReason, DateTimeOffset? FinishedAt);

/// <summary>One charge of a correction.</summary>
public sealed record CorrectedCharge(string Account, string Charge, Money List, CorrectionResult Result, string? Why);

/// <summary>A correction with its progress, and a page of its charges.</summary>
public sealed record CorrectionFigures(CorrectionLine Correction, int Pending, int Reversed, int AlreadyReversed, int Failed, CorrectionResult? Shown, IReadOnlyList<CorrectedCharge> Charges, string? More)
{
    public int Decided => Reversed + AlreadyReversed + Failed;
}

/// <summary>The latest corrections.</summary>
public sealed record CorrectionsFigures(IReadOnlyList<CorrectionLine> Corrections);

/// <summary>Reads corrections and how far they are: what is done is counted from the charges themselves.</summary>
public sealed class CorrectionReader(IDbContextFactory<PortalDb> databases)
{
    private const int Latest = 20;
    private const int Charges = 50;

    /// <summary>The latest ones.</summary>
    public async Task<CorrectionsFigures?> Read(CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return new CorrectionsFigures(await Named(db, await db.Set<Correction>().AsNoTracking().OrderByDescending(c => c.RequestedAt).Take(Latest).ToListAsync(cancel), cancel));
    }

    /// <summary>Those that wait for a second person, the longest first.</summary>
    public async Task<IReadOnlyList<CorrectionLine>> Waiting(int most, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await Named(db, await db.Set<Correction>().AsNoTracking().Where(c => c.State == CorrectionState.Waiting).OrderBy(c => c.RequestedAt).Take(most).ToListAsync(cancel), cancel);
    }

    /// <summary>One, with a page of its charges after another, of one result or of all; <c>null</c> if there is none.</summary>
    public async Task<CorrectionFigures?> Read(Guid id, CorrectionResult? shown, string? after, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.Set<Correction>().AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, cancel) is not { } correction)
        {
            return null;
        }
        var items = db.Set<CorrectionItem>().AsNoTracking().Where(i => i.Correction == id);
        var counts = await items.GroupBy(i => i.Result).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancel);
        items = shown is { } result ? items.Where(i => i.Result == result) : items;
        if (PublicIds.TryParseCharge(after, out var account, out var number))
        {
            items = items.Where(i => i.Account.CompareTo(account) > 0 || (i.Account == account && i.Charge > number));
        }
        var read = await items.OrderBy(i => i.Account).ThenBy(i => i.Charge).Take(Charges + 1).ToListAsync(cancel);
        var charges = read.Take(Charges).Select(i => new CorrectedCharge(i.Account, PublicIds.Charge(i.Account, i.Charge), i.List, i.Result, i.Why)).ToList();
        return new CorrectionFigures(
            (await Named(db, [correction], cancel))[0], Count(CorrectionResult.Pending), Count(CorrectionResult.Reversed), Count(CorrectionResult.AlreadyReversed), Count(CorrectionResult.Failed),
            shown, charges, read.Count > Charges ? charges[^1].Charge : null);

        int Count(CorrectionResult of) => counts.GetValueOrDefault(of);
    }

    private static async Task<IReadOnlyList<CorrectionLine>> Named(PortalDb db, List<Correction> corrections, CancellationToken cancel)
    {
        var names = await StaffNames.Of(db, corrections.SelectMany(c => new[] { c.RequestedBy, c.DecidedBy }), cancel);
        return corrections.ConvertAll(c => new CorrectionLine(
            c.Id, c.Filter, c.Sum, c.List, c.Reason, c.Ticket, c.GoodwillUntil, c.State, c.RequestedBy, names[c.RequestedBy], c.RequestedAt, c.DecidedBy is { } by ? names[by] : null, c.DecidedAt, c.DecisionReason, c.FinishedAt));
    }
}
