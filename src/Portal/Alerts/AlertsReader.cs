using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.Terms;

namespace Portal.Alerts;

/// <summary>Reads the alerts page.</summary>
public sealed class AlertsReader(IDbContextFactory<PortalDb> databases, PriceBooks prices, Clock clock)
{
    private const int PageSize = 30;

    /// <summary>The newest alerts, or those below a number; <c>null</c> if there is no such account.</summary>
    public async Task<AlertFigures?> Read(string key, int before = 0, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var moment = await Moment.Of(db, cancel);
        var now = clock.Now;
        if (await db.Set<Account>().AsNoTracking().Where(a => a.Key == key).Select(a => new { a.Owner, a.AlertChoices, a.LastAlert, a.AlertsRead }).SingleOrDefaultAsync(cancel) is not { } account)
        {
            return null;
        }
        var alerts = await db.Set<Alert>().AsNoTracking().Where(a => a.Account == key && (before == 0 || a.Number < before)).OrderByDescending(a => a.Number).Take(PageSize + 1).ToListAsync(cancel);
        var shown = alerts.Take(PageSize).ToList();
        var numbers = shown.ConvertAll(a => a.Number);
        var deliveries = await db.Set<AlertDelivery>().AsNoTracking().Where(d => d.Account == key && numbers.Contains(d.Alert)).ToDictionaryAsync(d => d.Alert, cancel);
        var book = await prices.InForce(db, cancel);
        return new AlertFigures(
            key, now, account.AlertChoices, account.LastAlert, account.AlertsRead, before,
            shown.ConvertAll(a => AlertLine.From(a, deliveries.GetValueOrDefault(a.Number), book, account.Owner)), alerts.Count > PageSize ? shown[^1].Number : 0);
    }
}
