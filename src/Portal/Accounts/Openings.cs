using System.Globalization;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Accounts;

/// <summary>Where an account's ledger begins, if months of it were detached (see <see cref="MonthArchive"/>).</summary>
public static class Openings
{
    /// <summary>The last opening; <c>null</c> if all of the account's rows are there.</summary>
    public static Task<Opening?> Of(PortalDb db, string account, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(db);
        return db.Set<Opening>().AsNoTracking().Where(o => o.Account == account).OrderByDescending(o => o.Until).FirstOrDefaultAsync(cancel);
    }

    /// <summary>Since when its rows are there; <c>null</c> if all are.</summary>
    public static Task<DateTimeOffset?> Begin(PortalDb db, string account, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(db);
        return db.Set<Opening>().Where(o => o.Account == account).MaxAsync(o => (DateTimeOffset?)o.Until, cancel);
    }

    /// <summary>For whoever looks for something older.</summary>
    public static string Sentence(DateTimeOffset begin) =>
        string.Create(CultureInfo.InvariantCulture, $"Single charges and entries from before {begin.UtcDateTime:d MMMM yyyy} (UTC) are kept in the archive; ask the provider for them.");
}
