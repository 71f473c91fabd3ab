using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Accounts;

/// <summary>Finds an account's entries by instant, without an index of times.</summary>
public static class EntrySearch
{
    /// <summary>The seq of the account's first entry at or after an instant; one more than the last if there is none.</summary>
    public static async Task<long> FirstSince(PortalDb db, string account, DateTimeOffset instant, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(db);
        var entries = db.Set<Entry>().Where(e => e.Account == account);
        var last = await entries.MaxAsync(e => (long?)e.Seq, cancel) ?? 0;
        return 1 + await ByInstant.LastBefore(instant, last, seq => entries.Where(e => e.Seq == seq).Select(e => e.At).SingleAsync(cancel));
    }
}
