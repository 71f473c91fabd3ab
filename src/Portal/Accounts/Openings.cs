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

    /// <summary>That what is older than an instant, or as old, is not all here, in a sentence; <c>null</c> if it is.</summary>
    public static async Task<string?> Archived(PortalDb db, string account, DateTimeOffset since, CancellationToken cancel = default) =>
        await Begin(db, account, cancel) is { } begin && since < begin ? Sentence(begin) : null;

    /// <summary>That a charge is kept in the archive, in a sentence; <c>null</c> if it is not, or there never was one with this number.</summary>
    public static async Task<string?> Archived(PortalDb db, string account, long charge, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(db);
        var begin = await db.Set<Opening>().Where(o => o.Account == account && o.Charge >= charge).MaxAsync(o => (DateTimeOffset?)o.Until, cancel);
        return begin is { } until && !await db.Set<Charge>().AnyAsync(c => c.Account == account && c.Number == charge, cancel) ? Sentence(until) : null;
    }

    /// <summary>For whoever looks for something older.</summary>
    public static string Sentence(DateTimeOffset begin) =>
        string.Create(CultureInfo.InvariantCulture, $"Single charges and entries from before {begin.UtcDateTime:d MMMM yyyy} (UTC) are kept in the archive; ask the provider for them.");
}
