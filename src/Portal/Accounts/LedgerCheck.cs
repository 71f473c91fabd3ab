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
/// <param name="Opening">What it had come to at the instant at which the fold was cut, if it was and there was anything new before it.</param>
public sealed record CheckedAccount(string Account, long Entries, long Charges, IReadOnlyList<BrokenLaw> Broken, Opening? Opening = null);

/// <summary>Folds accounts from their entries and compares with what is stored: that the ledger adds up, shown rather than believed.</summary>
/// <remarks>An account of which months were detached is folded from its last opening. Keys, entries and charges are read in pages, and entries and charges of an account in turn, so that what is in memory does not grow with the ledger; no writer waits for it.</remarks>
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
            broken.AddRange(account.Broken.Select(law => law.Says));
        }
        return broken;
    }

    /// <summary>Folds one account after the other, in the order of their keys.</summary>
    public IAsyncEnumerable<CheckedAccount> Accounts(CancellationToken cancel = default) => Accounts(null, cancel);

    /// <summary>The same, each cut at an instant: what came before it is put down as an opening, and what came after is folded from that.</summary>
    internal async IAsyncEnumerable<CheckedAccount> Accounts(DateTimeOffset? cut, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var keys = new List<string>();
        do
        {
            var last = keys.LastOrDefault() ?? "";
            keys = await db.Set<Account>().Select(a => a.Key).Where(k => k.CompareTo(last) > 0).OrderBy(k => k).Take(KeysAtOnce).ToListAsync(cancel);
            foreach (var key in keys)
            {
                yield return await Fold(db, key, cancel, cut: cut);
            }
        }
        while (keys.Count == KeysAtOnce);
    }

    /// <summary>The laws that one account breaks. It stops no writer: all is read as of one moment.</summary>
    public static async Task<IReadOnlyList<BrokenLaw>> Broken(PortalDb db, string key, CancellationToken cancel) => (await Fold(db, key, cancel)).Broken;

    internal static async Task<CheckedAccount> Fold(PortalDb db, string key, CancellationToken cancel, int linesAtOnce = LinesAtOnce, DateTimeOffset? cut = null)
    {
        ArgumentNullException.ThrowIfNull(db);
        await using var moment = await Moment.Of(db, cancel);
        var reversed = (await db.Set<ReversedCharge>().Where(r => r.Account == key).Select(r => r.Charge).ToListAsync(cancel)).ToHashSet();
        var last = await Openings.Of(db, key, cancel);
        var fold = last is null ? new Fold(key, reversed) : new Fold(last, reversed);
        var (opening, isCut) = (default(Opening), false);
        if (cut is { } until)
        {
            await Feed(db, key, fold, until, linesAtOnce, cancel);
            isCut = !fold.IsWhole;
            if (!isCut && (fold.Entries, fold.Charges) != (last?.Seq ?? 0, last?.Charge ?? 0))
            {
                // As it will be read again, so that what is compared now is what is folded from then.
                opening = fold.OpeningAt(until);
                fold = new Fold(LedgerJson.Copy(opening), reversed);
            }
        }
        await Feed(db, key, fold, null, linesAtOnce, cancel);
        var account = await AccountLoader.Look(db, key, DateTimeOffset.MinValue) ?? throw new InvalidOperationException($"Account {key} is gone.");
        var open = await db.Set<Authorization>().AsNoTracking().Where(a => a.Account == key && a.Status == AuthorizationStatus.Held).ToListAsync(cancel);
        var over = await db.Set<Grant>().AsNoTracking().Where(g => g.Account == key && g.Stage == GrantStage.Over).ToListAsync(cancel);
        var final = await db.Set<AccountPeriod>().AsNoTracking().Where(p => p.Account == key && p.HasEnded && p.OpenHolds == 0).ToListAsync(cancel);
        var broken = fold.BrokenLaws(account, open, over, final);
        return new CheckedAccount(
            key, fold.Entries, fold.Charges, isCut && broken.Count == 0 ? [new BrokenLaw(LedgerLaw.Charges, $"{key}: a charge lies on the other side of {cut:O} than its entries.")] : broken, opening);
    }

    /// <summary>Feeds what comes next, all of it or what is before an instant. A page of entries, then the charges that it has come to: the fold keeps only what one is ahead of the other.</summary>
    private static async Task Feed(PortalDb db, string key, Fold fold, DateTimeOffset? until, int linesAtOnce, CancellationToken cancel)
    {
        var (ofEntries, ofCharges) = (db.Set<Entry>().AsNoTracking().Where(e => e.Account == key), db.Set<Charge>().AsNoTracking().Where(c => c.Account == key));
        if (until is { } end)
        {
            (ofEntries, ofCharges) = (ofEntries.Where(e => e.At < end), ofCharges.Where(c => c.RecordedAt < end));
        }
        var (charge, seq, again) = (0L, fold.Entries + 1, 0);
        List<Entry> entries;
        do
        {
            // A page begins with the last number of the one before: a second line of it, in another month, shall not slip through between them.
            entries = await ofEntries.Where(e => e.Seq >= seq).OrderBy(e => e.Seq).Take(linesAtOnce + again).ToListAsync(cancel);
            entries.RemoveRange(0, again);
            if (entries is [.., var last])
            {
                again = entries.Count(e => e.Seq == last.Seq) + (last.Seq == seq ? again : 0);
                seq = last.Seq;
            }
            entries.ForEach(fold.Add);
            // After the last page come those that no entry tells of: included use.
            charge = entries.Count < linesAtOnce ? long.MaxValue : Math.Max(charge, entries.Max(e => e.Charge ?? 0));
            var (after, through) = (fold.Charges, charge);
            await foreach (var next in ofCharges.Where(c => c.Number > after && c.Number <= through).OrderBy(c => c.Number).AsAsyncEnumerable().WithCancellation(cancel))
            {
                fold.Add(next);
            }
        }
        while (entries.Count == linesAtOnce);
    }
}
