using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.Settings;
using Portal.Terms;

namespace Portal.Support;

/// <summary>Reads an account for support, with everything about it that waits for somebody.</summary>
public sealed class SupportAccountReader(IDbContextFactory<PortalDb> databases, Balances balances, PriceBooks prices, Timeline timeline, PortalSettings settings, Clock clock)
{
    private const int Lines = 40;
    private const int Requests = 5;
    private const int Notes = 20;

    private readonly Money limit = Money.Parse(settings.Support.GoodwillWithoutApproval);

    /// <summary>The account; <c>null</c> if there is none.</summary>
    public async Task<SupportAccountFigures?> Read(string key, TimelineQuery query, Actor viewer, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(viewer);
        if (await balances.Account(key, cancel) is not { } account)
        {
            return null;
        }
        var standing = Standing.Of(account, await prices.InForce(cancel), clock.Now);
        var part = await timeline.Read(key, account.Owner, query, Lines, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var owner = await db.Users.Where(u => u.Id == account.Owner).Select(u => u.Email).SingleOrDefaultAsync(cancel);
        return new SupportAccountFigures(
            key, standing.Balance.AsOf, owner, account.Owner == viewer.UserId, account.Status, standing, query.Path(key, query.Start), part.Lines, part.Older, part.Archived,
            await Goodwill(db, key, cancel), limit, (limit - await db.Set<GoodwillRequest>().GivenLately(key, clock.Now, cancel)).OrZero, await Corrections(db, key, cancel), await Disputes(db, key, cancel), await NotesOf(db, key, cancel));
    }

    /// <summary>What waits, the longest first, over all accounts.</summary>
    public async Task<IReadOnlyList<GoodwillLine>> Waiting(int most, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await Named(db, await db.Set<GoodwillRequest>().AsNoTracking().Where(g => g.State == GoodwillState.Waiting).OrderBy(g => g.RequestedAt).Take(most).ToListAsync(cancel), cancel);
    }

    private static async Task<IReadOnlyList<GoodwillLine>> Goodwill(PortalDb db, string key, CancellationToken cancel) => await Named(db, await db.Set<GoodwillRequest>().AsNoTracking()
        .Where(g => g.Account == key).OrderBy(g => g.State == GoodwillState.Waiting ? 0 : 1).ThenByDescending(g => g.RequestedAt).Take(Requests).ToListAsync(cancel), cancel);

    private static async Task<IReadOnlyList<GoodwillLine>> Named(PortalDb db, List<GoodwillRequest> requests, CancellationToken cancel)
    {
        var names = await StaffNames.Of(db, requests.SelectMany(g => new[] { g.RequestedBy, g.DecidedBy }), cancel);
        return requests.ConvertAll(g => new GoodwillLine(
            g.Id, g.Account, g.Amount, g.ExpiresAt, g.Reason, g.Ticket, g.State, g.RequestedBy, names[g.RequestedBy], g.RequestedAt, g.DecidedBy is { } by ? names[by] : null, g.DecidedAt, g.DecisionReason));
    }

    private static async Task<IReadOnlyList<WaitingCorrection>> Corrections(PortalDb db, string key, CancellationToken cancel) => await db.Set<Correction>().AsNoTracking()
        .Where(c => (c.State == CorrectionState.Waiting || c.State == CorrectionState.Approved) && db.Set<CorrectionItem>().Any(i => i.Correction == c.Id && i.Account == key))
        .OrderBy(c => c.RequestedAt).Take(Requests).Select(c => new WaitingCorrection(c.Id, c.State, c.List, c.Sum.Charges, c.Reason)).ToListAsync(cancel);

    private static async Task<IReadOnlyList<OpenDispute>> Disputes(PortalDb db, string key, CancellationToken cancel) =>
        (await db.Set<Dispute>().AsNoTracking().Where(d => d.Account == key && (d.State == DisputeState.Open || d.State == DisputeState.Taken)).OrderBy(d => d.OpenedAt).ToListAsync(cancel))
        .ConvertAll(d => new OpenDispute(PublicIds.Charge(d.Account, d.Charge), d.State, d.OpenedAt));

    private static async Task<IReadOnlyList<NoteLine>> NotesOf(PortalDb db, string key, CancellationToken cancel)
    {
        var notes = await db.Set<AccountNote>().AsNoTracking().Where(n => n.Account == key).OrderByDescending(n => n.At).ThenByDescending(n => n.Id).Take(Notes).ToListAsync(cancel);
        var names = await StaffNames.Of(db, notes.Select(n => n.Author), cancel);
        return notes.ConvertAll(n => new NoteLine(n.Id, n.At, names[n.Author], n.Text));
    }
}
