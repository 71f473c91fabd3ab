using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.Terms;

namespace Portal.Support;

/// <summary>What happened between two moments of an account.</summary>
/// <param name="Account">The account's key.</param>
/// <param name="From">The earlier moment.</param>
/// <param name="To">The later one.</param>
/// <param name="Before">The balance at the earlier one; <c>null</c> if there was no account yet.</param>
/// <param name="After">The balance at the later one.</param>
/// <param name="Charges">How many charges were recorded in between.</param>
/// <param name="Included">How many of them were included.</param>
/// <param name="Credit">What credit paid of them.</param>
/// <param name="Extra">What extra usage carries.</param>
/// <param name="Uncollected">What nobody pays.</param>
/// <param name="Refusals">How many requests were refused.</param>
/// <param name="Uses">By what they were used, the dearest first.</param>
/// <param name="Dearest">The charges that took most, the dearest first.</param>
/// <param name="Lines">What else happened, newest first.</param>
/// <param name="Archived">That a part of it is kept in the archive, in a sentence; <c>null</c> if it is not.</param>
public sealed record CompareFigures(
    string Account, DateTimeOffset From, DateTimeOffset To, Balance? Before, Balance? After, int Charges, int Included, Money Credit, Money Extra, Money Uncollected, int Refusals,
    IReadOnlyList<ComparedUse> Uses, IReadOnlyList<ComparedCharge> Dearest, IReadOnlyList<HistoryLine> Lines, string? Archived);

/// <summary>Charges of one model, surface and app together.</summary>
public sealed record ComparedUse(string Model, string Surface, string? App, int Charges, Money List);

/// <summary>One charge by its public id: each explains itself on a page of its own.</summary>
public sealed record ComparedCharge(string Id, DateTimeOffset At, string Model, Money List);

/// <summary>Compares two moments: the balance at each, and everything recorded in between, summed by the database over the range of the charges' numbers.</summary>
public sealed class CompareReader(IDbContextFactory<PortalDb> databases, PastBalances past, HistoryLines history, PriceBooks prices, Clock clock)
{
    private const int MostUses = 20;
    private const int MostCharges = 10;
    private const int MostLines = 30;
    private static readonly TimeSpan usual = TimeSpan.FromDays(1);

    /// <summary>The two moments; those that are not given are now and a day before the later one. <c>null</c> if there is no such account, or it is the viewer's own.</summary>
    public async Task<CompareFigures?> Read(string account, DateTimeOffset? from, DateTimeOffset? to, Actor viewer, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        var now = Period.ToMicrosecond(clock.Now);
        var until = to is { } t && t < now ? t : now;
        var since = from is { } f && f < until ? f : until - usual;
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.Set<Account>().Where(a => a.Key == account).Select(a => a.Owner).SingleOrDefaultAsync(cancel) is not { } owner || owner == viewer.UserId)
        {
            return null;
        }
        var first = await EntrySearch.FirstChargeSince(db, account, since, cancel);
        var end = await EntrySearch.FirstChargeSince(db, account, until, cancel);
        var charges = db.Set<Charge>().Where(c => c.Account == account && c.Number >= first && c.Number < end);
        var groups = await charges.GroupBy(c => new { c.Model, c.Surface, c.App, c.IsIncluded }).Select(g => new
        {
            g.Key,
            Count = g.Count(),
            List = g.Sum(c => c.List.Nanos),
            Credit = g.Sum(c => c.Credit.Nanos),
            Extra = g.Sum(c => c.Extra.Nanos),
            Uncollected = g.Sum(c => c.Uncollected.Nanos),
        }).ToListAsync(cancel);
        var dearest = await charges.Where(c => !c.IsIncluded).OrderByDescending(c => c.List.Nanos).ThenByDescending(c => c.Number).Take(MostCharges)
            .Select(c => new { c.Number, c.RecordedAt, c.Model, c.List.Nanos }).ToListAsync(cancel);
        var book = await prices.InForce(db, cancel);
        var part = await history.Read(account, new HistoryFilter(null, since, until, MovesOnly: true, WithoutCharges: true, ForStaff: true), HistoryPosition.Top, MostLines, cancel);
        return new CompareFigures(
            account, since, until, await past.At(account, since, cancel), await past.At(account, until, cancel),
            groups.Sum(g => g.Count), groups.Where(g => g.Key.IsIncluded).Sum(g => g.Count),
            Money.Sum(groups, g => new Money(g.Credit)), Money.Sum(groups, g => new Money(g.Extra)), Money.Sum(groups, g => new Money(g.Uncollected)),
            await db.Set<RefusalRecord>().CountAsync(r => r.Account == account && r.At >= since && r.At < until, cancel),
            [.. groups.Where(g => !g.Key.IsIncluded).OrderByDescending(g => g.List).Take(MostUses).Select(g => new ComparedUse(book.ModelName(g.Key.Model), SurfaceNames.Of(g.Key.Surface), g.Key.App, g.Count, new Money(g.List)))],
            dearest.ConvertAll(c => new ComparedCharge(PublicIds.Charge(account, c.Number), c.RecordedAt, book.ModelName(c.Model), new Money(c.Nanos))), part.Lines, await Openings.Archived(db, account, since, cancel));
    }
}
