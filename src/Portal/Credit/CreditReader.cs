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
            key, now, balance, book.PlanAt(account.Plan, account.Current.Start).Name, account.Current.Credit, claimed?.GrantedAt, account.ClaimsEveryPeriod, account.IsCancelled ? account.Current.End : null,
            ProgrammeState.At(book, now),
            [.. account.Grants.Where(g => g.Stage == GrantStage.Live && g.ExpiresAt > now).OrderBy(g => g.ExpiresAt).ThenBy(g => g.Kind).ThenBy(g => g.Number)
                .Select(g => new LiveGrant(g.Number, g.Kind, g.Amount, g.Used, g.Held, g.Left, g.GrantedAt, g.ExpiresAt))],
            await Past(account, cancel));
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
