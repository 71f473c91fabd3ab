using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Terms;

namespace Portal.Accounts;

/// <summary>An account brought up to an instant, for looking: what its next operation would find. Nothing of it is written.</summary>
public sealed class Balances(IDbContextFactory<PortalDb> databases, PriceBooks prices, Clock clock)
{
    /// <summary>The account as of now; <c>null</c> if there is none.</summary>
    public async Task<Account?> Account(string key, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var moment = await Moment.Of(db, cancel);
        return await Account(db, key, await prices.InForce(db, cancel));
    }

    /// <summary>The same in the caller's <see cref="Moment"/>, by the terms that it sees.</summary>
    internal async Task<Account?> Account(PortalDb db, string key, PriceBook book)
    {
        var now = clock.Now;
        var account = await AccountLoader.Look(db, key, now);
        account?.AdvanceTo(now, book);
        return account;
    }

    /// <summary>The balance as of now; <c>null</c> if there is no such account.</summary>
    public async Task<Balance?> Now(string key, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var moment = await Moment.Of(db, cancel);
        var now = clock.Now;
        var account = await AccountLoader.Look(db, key, now);
        return account?.BalanceAt(await prices.InForce(db, cancel), now);
    }
}
