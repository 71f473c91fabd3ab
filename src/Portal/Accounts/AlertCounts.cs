using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.SignIn.ViewAs;

namespace Portal.Accounts;

/// <summary>How many alerts of an account its owner has not seen, whether support looks at it with their eyes, and as of when.</summary>
public sealed record UnreadAlerts(string Account, int Count, bool SupportLooks, DateTimeOffset AsOf);

/// <summary>Counts alerts that were not seen: two numbers of the account's own row, whatever stands in the list; and asks whether a look of support goes on.</summary>
public sealed class AlertCounts(IDbContextFactory<PortalDb> databases, Clock clock)
{
    public async Task<UnreadAlerts> Of(string account, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var now = clock.Now;
        var looks = db.Set<ViewAsSession>().Where(v => v.Account == account && v.EndedAt == null && v.EndsAt > now);
        var read = await db.Set<Account>().Where(a => a.Key == account).Select(a => new { Count = a.LastAlert - a.AlertsRead, SupportLooks = looks.Any() }).SingleOrDefaultAsync(cancel);
        return new(account, read?.Count ?? 0, read?.SupportLooks ?? false, now);
    }
}
