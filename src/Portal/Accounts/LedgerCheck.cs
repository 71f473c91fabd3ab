using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Accounts;

/// <summary>Folds accounts from their entries and compares with what is stored: that the ledger adds up, shown rather than believed.</summary>
public sealed class LedgerCheck(IDbContextFactory<PortalDb> databases)
{
    /// <summary>The laws that do not hold, each in words with the account's key; empty if all hold for every account.</summary>
    public async Task<IReadOnlyList<string>> Broken(CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var broken = new List<string>();
        foreach (var key in await db.Set<Account>().Select(a => a.Key).ToListAsync(cancel))
        {
            broken.AddRange((await Broken(db, key, cancel)).Select(law => $"{key}: {law.Says}"));
        }
        return broken;
    }

    /// <summary>The laws that one account breaks. It stops no writer: all is read as of one moment.</summary>
    public static async Task<IReadOnlyList<BrokenLaw>> Broken(PortalDb db, string key, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(db);
        await using var moment = await Moment.Of(db, cancel);
        var reversed = await db.Set<ReversedCharge>().Where(r => r.Account == key).Select(r => r.Charge).ToListAsync(cancel);
        var fold = new Fold(key, reversed.ToHashSet());
        await foreach (var entry in db.Set<Entry>().AsNoTracking().Where(e => e.Account == key).OrderBy(e => e.Seq).AsAsyncEnumerable().WithCancellation(cancel))
        {
            fold.Add(entry);
        }
        await foreach (var charge in db.Set<Charge>().AsNoTracking().Where(c => c.Account == key).OrderBy(c => c.Number).AsAsyncEnumerable().WithCancellation(cancel))
        {
            fold.Add(charge);
        }
        var account = await AccountLoader.Look(db, key, DateTimeOffset.MinValue) ?? throw new InvalidOperationException($"Account {key} is gone.");
        var open = await db.Set<Authorization>().AsNoTracking().Where(a => a.Account == key && a.Status == AuthorizationStatus.Held).ToListAsync(cancel);
        var over = await db.Set<Grant>().AsNoTracking().Where(g => g.Account == key && g.Stage == GrantStage.Over).ToListAsync(cancel);
        var final = await db.Set<AccountPeriod>().AsNoTracking().Where(p => p.Account == key && p.HasEnded && p.OpenHolds == 0).ToListAsync(cancel);
        return fold.BrokenLaws(account, open, over, final);
    }
}
