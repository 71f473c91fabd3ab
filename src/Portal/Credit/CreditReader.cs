using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.Terms;

namespace Portal.Credit;

/// <summary>Reads the credit page.</summary>
public sealed class CreditReader(IDbContextFactory<PortalDb> databases, Balances balances, PriceBooks prices, Clock clock)
{
    private const int PastPeriods = 24;

    /// <summary>The credit as of now; <c>null</c> if there is no such account.</summary>
    public async Task<CreditFigures?> Read(string key, CancellationToken cancel = default)
    {
        if (await balances.Account(key, cancel) is not { } account)
        {
            return null;
        }
        var book = await prices.InForce(cancel);
        var balance = account.BalanceAt(book, clock.Now);
        var now = balance.AsOf;
        var claimed = account.Grants.Find(g => g.Number == account.Current.MonthlyGrant);
        return new CreditFigures(
            key, now, balance, account.Terms(book).Name, account.Current.Credit,
            claimed is null ? null : new ClaimReceipt(claimed.GrantedAt, await ClaimedBy(account, claimed, book, cancel), claimed.Amount, claimed.ExpiresAt), account.ClaimsEveryPeriod, account.IsCancelled ? account.Current.End : null,
            ProgrammeState.At(book, now),
            [.. account.Grants.Where(g => g.Stage == GrantStage.Live && g.ExpiresAt > now).OrderBy(g => g.ExpiresAt).ThenBy(g => g.Kind).ThenBy(g => g.Number)
                .Select(g => new LiveGrant(g.Number, g.Kind, g.Amount, g.Used, g.Held, g.Left, g.GrantedAt, g.ExpiresAt))],
            await Past(account, cancel));
    }

    /// <summary>Who claimed. What the account has become by now, although nothing has written it yet, came by itself.</summary>
    private async Task<string> ClaimedBy(Account account, Grant claimed, PriceBook book, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        // With the condition of the index that leaves charges out: an account may have millions of them.
        var actor = await db.Set<Entry>().AsNoTracking()
            .Where(e => e.Account == account.Key && e.Kind != EntryKind.Charge && e.Kind == EntryKind.Grant && e.Grant == claimed.Number)
            .OrderByDescending(e => e.Seq).Select(e => e.Actor).FirstOrDefaultAsync(cancel);
        return new HistoryWords(book, Actor.User(account.Owner).Id).By(actor ?? Actors.Portal);
    }

    private async Task<IReadOnlyList<PastPeriod>> Past(Account account, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var current = account.Current.Index;
        var periods = await db.Set<AccountPeriod>().AsNoTracking().Where(p => p.Account == account.Key && p.Index < current)
            .OrderByDescending(p => p.Index).Take(PastPeriods).ToListAsync(cancel);
        var numbers = periods.Select(p => p.MonthlyGrant).OfType<int>().ToList();
        var grants = await db.Set<Grant>().AsNoTracking().Where(g => g.Account == account.Key && numbers.Contains(g.Number)).ToDictionaryAsync(g => g.Number, cancel);
        foreach (var grant in account.Grants)
        {
            // What the account has become by now, although nothing has written it yet.
            grants[grant.Number] = grant;
        }
        return [.. periods.Select(period =>
        {
            var grant = period.MonthlyGrant is { } number ? grants[number] : null;
            return new PastPeriod(period.Index, period.Start, period.End, period.IsDormant, period.Credit, grant?.Amount, grant?.Used ?? Money.Zero, grant?.Expired ?? Money.Zero);
        })];
    }
}
