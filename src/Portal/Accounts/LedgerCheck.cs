using System.Runtime.CompilerServices;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Accounts;

/// <summary>What the fold of one account came to.</summary>
/// <param name="Account">The account's key.</param>
/// <param name="Entries">How many lines its ledger has.</param>
/// <param name="Charges">How many charges.</param>
/// <param name="Broken">The laws that do not hold; empty if all hold.</param>
public sealed record CheckedAccount(string Account, long Entries, long Charges, IReadOnlyList<BrokenLaw> Broken);

/// <summary>Folds accounts from their entries and compares with what is stored: that the ledger adds up, shown rather than believed.</summary>
/// <remarks>Keys, entries and charges are read in pages, and entries and charges of an account in turn, so that what is in memory does not grow with the ledger; no writer waits for it.</remarks>
public sealed class LedgerCheck(IDbContextFactory<PortalDb> databases)
{
    private const int KeysAtOnce = 1_000;
    private const int LinesAtOnce = 5_000;

    /// <summary>The laws that do not hold, each in words with the account's key; empty if all hold for every account.</summary>
    public async Task<IReadOnlyList<string>> Broken(CancellationToken cancel = default)
    {
        var broken = new List<string>();
        await foreach (var account in Accounts(cancel))
        {
            broken.AddRange(account.Broken.Select(law => $"{account.Account}: {law.Says}"));
        }
        return broken;
    }

    /// <summary>Folds one account after the other, in the order of their keys.</summary>
    public async IAsyncEnumerable<CheckedAccount> Accounts([EnumeratorCancellation] CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var keys = new List<string>();
        do
        {
            var last = keys.LastOrDefault() ?? "";
            keys = await db.Set<Account>().Select(a => a.Key).Where(k => k.CompareTo(last) > 0).OrderBy(k => k).Take(KeysAtOnce).ToListAsync(cancel);
            foreach (var key in keys)
            {
                yield return await Fold(db, key, cancel);
            }
        }
        while (keys.Count == KeysAtOnce);
    }

    /// <summary>The laws that one account breaks. It stops no writer: all is read as of one moment.</summary>
    public static async Task<IReadOnlyList<BrokenLaw>> Broken(PortalDb db, string key, CancellationToken cancel) => (await Fold(db, key, cancel)).Broken;

    internal static async Task<CheckedAccount> Fold(PortalDb db, string key, CancellationToken cancel, int linesAtOnce = LinesAtOnce)
    {
        ArgumentNullException.ThrowIfNull(db);
        await using var moment = await Moment.Of(db, cancel);
        var reversed = await db.Set<ReversedCharge>().Where(r => r.Account == key).Select(r => r.Charge).ToListAsync(cancel);
        var fold = new Fold(key, reversed.ToHashSet());
        await Feed(db, key, fold, linesAtOnce, cancel);
        var account = await AccountLoader.Look(db, key, DateTimeOffset.MinValue) ?? throw new InvalidOperationException($"Account {key} is gone.");
        var open = await db.Set<Authorization>().AsNoTracking().Where(a => a.Account == key && a.Status == AuthorizationStatus.Held).ToListAsync(cancel);
        var over = await db.Set<Grant>().AsNoTracking().Where(g => g.Account == key && g.Stage == GrantStage.Over).ToListAsync(cancel);
        var final = await db.Set<AccountPeriod>().AsNoTracking().Where(p => p.Account == key && p.HasEnded && p.OpenHolds == 0).ToListAsync(cancel);
        return new CheckedAccount(key, fold.Entries, fold.Charges, fold.BrokenLaws(account, open, over, final));
    }

    /// <summary>A page of entries, then the charges that it has come to: the fold keeps only what one is ahead of the other.</summary>
    private static async Task Feed(PortalDb db, string key, Fold fold, int linesAtOnce, CancellationToken cancel)
    {
        var charge = 0L;
        List<Entry> entries;
        do
        {
            var seq = fold.Entries;
            entries = await db.Set<Entry>().AsNoTracking().Where(e => e.Account == key && e.Seq > seq).OrderBy(e => e.Seq).Take(linesAtOnce).ToListAsync(cancel);
            entries.ForEach(fold.Add);
            // After the last page come those that no entry tells of: included use.
            charge = entries.Count < linesAtOnce ? long.MaxValue : Math.Max(charge, entries.Max(e => e.Charge ?? 0));
            var (after, until) = (fold.Charges, charge);
            await foreach (var next in db.Set<Charge>().AsNoTracking().Where(c => c.Account == key && c.Number > after && c.Number <= until).OrderBy(c => c.Number).AsAsyncEnumerable().WithCancellation(cancel))
            {
                fold.Add(next);
            }
        }
        while (entries.Count == linesAtOnce);
    }
}
