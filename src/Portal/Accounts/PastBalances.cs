using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Terms;

namespace Portal.Accounts;

/// <summary>
/// The balance of an account as of a past instant: put together from its entries, the changes of its settings, and the
/// authorizations that were open then. What is due but not yet written counts as if it were.
/// </summary>
public sealed class PastBalances(IDbContextFactory<PortalDb> databases, PriceBooks prices, Clock clock)
{
    /// <summary>The balance as of an instant that is not in the future; <c>null</c> if the account did not exist then, or if the month in which its period began was detached.</summary>
    public async Task<Balance?> At(string key, DateTimeOffset instant, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var moment = await Moment.Of(db, cancel);
        var now = clock.Now;
        var book = await prices.InForce(db, cancel);
        if (await AccountLoader.Look(db, key, now) is not { } account)
        {
            return null;
        }
        var (lastSeq, lastChange) = (account.LastSeq, account.LastChange);
        account.AdvanceTo(now, book);
        var changes = await db.Set<AccountChange>().AsNoTracking()
            .Where(c => c.Account == key && c.Number <= lastChange && c.At <= instant).OrderBy(c => c.Number).ToListAsync(cancel);
        changes.AddRange(account.Written.Changes.Where(c => c.At <= instant));
        if (changes.Count == 0)
        {
            return null;
        }
        var period = Period.Containing(account.Anchor, instant);
        var opening = await Openings.Of(db, key, cancel);
        if (opening?.Until > period.Start)
        {
            return null;
        }
        var grants = await db.Set<Grant>().AsNoTracking().Where(g => g.Account == key && g.GrantedAt <= instant && g.ExpiresAt > instant).ToListAsync(cancel);
        grants.AddRange(account.Grants.Where(g => g.IsNew && g.GrantedAt <= instant && g.ExpiresAt > instant));
        var since = grants.Select(g => g.GrantedAt).Append(period.Start).Min();
        var entries = await Sums(db, key, since, instant, lastSeq, cancel);
        entries.AddRange((opening?.State.Grants ?? []).SelectMany(Opened));
        entries.AddRange(account.Written.Entries.Where(e => e.At >= since && e.At <= instant)
            .Select(e => new EntrySum(e.Kind, e.Pool, e.Grant, e.Promotion, e.Period, e.Amount.Nanos)));
        var open = await Open(db, account, instant, cancel);
        var day = changes[^1].After.DailyCap is null ? Money.Zero : await FlowOfDay(db, key, instant, lastSeq, cancel);
        return Account.AsOf(new AccountPast(key, account.Owner, account.Anchor, instant, changes, grants, entries, open, day), book).BalanceAt(book, instant);
    }

    /// <summary>That the balance of an instant is kept in the archive, in a sentence; <c>null</c> if it is not, or there was no account then.</summary>
    public async Task<string?> Archived(string key, DateTimeOffset instant, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await Openings.Begin(db, key, cancel) is { } begin && await db.Set<AccountChange>().AnyAsync(c => c.Account == key && c.At <= instant, cancel)
            && await db.Set<Account>().Where(a => a.Key == key).Select(a => a.Anchor).SingleAsync(cancel) is var anchor && Period.Containing(anchor, instant).Start < begin
            ? Openings.Sentence(begin) : null;
    }

    private static async Task<List<EntrySum>> Sums(PortalDb db, string key, DateTimeOffset since, DateTimeOffset until, long lastSeq, CancellationToken cancel)
    {
        var first = await EntrySearch.FirstSince(db, key, since, cancel);
        var end = Math.Min(lastSeq + 1, await EntrySearch.FirstSince(db, key, until.AddMicroseconds(1), cancel));
        var entries = db.Set<Entry>().Where(e => e.Account == key && e.Seq >= first && e.Seq < end);
        var sums = await entries.Where(e => e.Kind != EntryKind.Reversal)
            .GroupBy(e => new { e.Kind, e.Pool, e.Grant, e.Promotion, e.Period })
            .Select(g => new { g.Key, Nanos = g.Sum(e => e.Amount.Nanos) }).ToListAsync(cancel);
        // A reversal moves figures of its charge's period; one that came when that was final moves no period's.
        var reversals = await entries.OtherThanCharges().Where(e => e.Kind == EntryKind.Reversal)
            .LeftJoin(db.Set<Charge>(), e => new { e.Account, Number = e.Charge!.Value }, c => new { c.Account, c.Number }, (e, c) => new { e.Pool, e.Grant, e.Promotion, Period = (int?)c!.Period, e.Amount.Nanos })
            .ToListAsync(cancel);
        return
        [
            .. sums.Select(s => new EntrySum(s.Key.Kind, s.Key.Pool, s.Key.Grant, s.Key.Promotion, s.Key.Period, s.Nanos)),
            .. reversals.Select(r => new EntrySum(EntryKind.Reversal, r.Pool, r.Grant, r.Promotion, r.Period ?? -1, r.Nanos)),
        ];
    }

    /// <summary>What a grant had come to before the entries that are there; no period's figures.</summary>
    private static IEnumerable<EntrySum> Opened(OpeningGrant grant) =>
    [
        new(EntryKind.Grant, EntryPool.Credit, grant.Number, null, -1, grant.Amount.Nanos),
        new(EntryKind.Charge, EntryPool.Credit, grant.Number, null, -1, grant.Used.Nanos),
    ];

    private static async Task<List<Authorization>> Open(PortalDb db, Account account, DateTimeOffset instant, CancellationToken cancel)
    {
        var open = await db.Set<Authorization>().AsNoTracking()
            .Where(a => a.Account == account.Key && a.GivenAt <= instant && (a.EndedAt == null || a.EndedAt > instant)).ToListAsync(cancel);
        // Those whose end is due but not yet written.
        var ended = account.Written.Authorizations.Where(a => a.EndedAt <= instant).Select(a => a.Id).ToHashSet();
        return open.FindAll(a => !ended.Contains(a.Id));
    }

    /// <summary>What extra had flowed on the instant's day: what an authorization of an earlier day held counts for that day.</summary>
    private static async Task<Money> FlowOfDay(PortalDb db, string key, DateTimeOffset instant, long lastSeq, CancellationToken cancel)
    {
        var day = new DateTimeOffset(instant.UtcDateTime.Date, TimeSpan.Zero);
        var first = await EntrySearch.FirstSince(db, key, day, cancel);
        var end = Math.Min(lastSeq + 1, await EntrySearch.FirstSince(db, key, instant.AddMicroseconds(1), cancel));
        var extras = db.Set<Entry>().Where(e => e.Account == key && e.Seq >= first && e.Seq < end && e.Kind == EntryKind.Charge && e.Pool == EntryPool.Extra);
        var flow = await extras.SumAsync(e => e.Amount.Nanos, cancel);
        var heldBefore = await extras
            .Join(db.Set<Charge>(), e => new { e.Account, Number = e.Charge!.Value }, c => new { c.Account, c.Number }, (e, c) => c)
            .Join(db.Set<Authorization>().Where(a => a.GivenAt < day && a.EndedAt < a.ExpiresAt), c => new { c.Account, Id = c.Authorization! }, a => new { a.Account, a.Id }, (c, a) => new { Flowed = c.Extra.Nanos, Held = a.Extra })
            .ToListAsync(cancel);
        return new Money(flow - heldBefore.Sum(h => Math.Min(h.Flowed, h.Held.Nanos)));
    }
}
