using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Accounts;

/// <summary>
/// Where an instant lies among an account's entries or charges. They are numbered from 1 without a gap in the order of their instants, so
/// halving finds it with some twenty reads by key, and no charge has to keep an index of times. What was detached with its month came before all that is there.
/// </summary>
public static class EntrySearch
{
    /// <summary>How many rows are looked through at once for what has no key: about a tenth of a second.</summary>
    public const int Reach = 100_000;

    /// <summary>The seq of the account's last entry; 0 if it has none.</summary>
    public static async Task<long> Last(PortalDb db, string account, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(db);
        return await db.Set<Entry>().Where(e => e.Account == account).MaxAsync(e => (long?)e.Seq, cancel) ?? (await Openings.Of(db, account, cancel))?.Seq ?? 0;
    }

    /// <summary>The seq of the account's first entry at or after an instant; one more than the last if there is none.</summary>
    public static async Task<long> FirstSince(PortalDb db, string account, DateTimeOffset instant, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(db);
        var entries = db.Set<Entry>().Where(e => e.Account == account);
        return await First(instant, await Last(db, account, cancel), seq => entries.Where(e => e.Seq == seq).Select(e => (DateTimeOffset?)e.At).SingleOrDefaultAsync(cancel));
    }

    /// <summary>The number of the account's first charge that was recorded at or after an instant; one more than the last if there is none.</summary>
    public static async Task<long> FirstChargeSince(PortalDb db, string account, DateTimeOffset instant, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(db);
        var charges = db.Set<Charge>().Where(c => c.Account == account);
        var last = await charges.MaxAsync(c => (long?)c.Number, cancel) ?? (await Openings.Of(db, account, cancel))?.Charge ?? 0;
        return await First(instant, last, number => charges.Where(c => c.Number == number).Select(c => (DateTimeOffset?)c.RecordedAt).SingleOrDefaultAsync(cancel));
    }

    /// <summary>Those that are no charges. They have an index of their own, which only a query in these words can use.</summary>
    public static IQueryable<Entry> OtherThanCharges(this IQueryable<Entry> entries) => entries.Where(e => e.Kind != EntryKind.Charge);

    /// <summary>The entries that a charge was written with, one for each of its parts. They stand together, at the instant at which it was recorded.</summary>
    public static async Task<List<Entry>> PartsOf(PortalDb db, Charge charge, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(charge);
        var first = await FirstSince(db, charge.Account, charge.RecordedAt, cancel);
        var end = await FirstSince(db, charge.Account, charge.RecordedAt.AddMicroseconds(1), cancel);
        return await db.Set<Entry>().AsNoTracking()
            .Where(e => e.Account == charge.Account && e.Seq >= first && e.Seq < end && e.Charge == charge.Number && e.Kind == EntryKind.Charge)
            .OrderBy(e => e.Seq).ToListAsync(cancel);
    }

    private static async Task<long> First(DateTimeOffset instant, long last, Func<long, Task<DateTimeOffset?>> at)
    {
        var (low, high) = (1L, last + 1);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (await at(middle) is not { } there || there < instant)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return low;
    }
}
