using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Accounts;

/// <summary>How many alerts of an account its owner has not seen, and as of when.</summary>
public sealed record UnreadAlerts(string Account, int Count, DateTimeOffset AsOf);

/// <summary>Counts alerts that were not seen: two numbers of the account's own row, whatever stands in the list.</summary>
public sealed class AlertCounts(IDbContextFactory<PortalDb> databases, Clock clock)
{
    public async Task<UnreadAlerts> Of(string account, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var now = clock.Now;
        return new(account, await db.Set<Account>().Where(a => a.Key == account).Select(a => a.LastAlert - a.AlertsRead).SingleOrDefaultAsync(cancel), now);
    }
}
