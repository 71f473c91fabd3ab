using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.Mail;

namespace Portal.Admin.Health;

/// <summary>Reads whether Portal is well: the ledger, the database, the sweep, the mails.</summary>
public sealed class HealthReader(IDbContextFactory<PortalDb> databases, Sweep sweep, Mailer mailer, Clock clock)
{
    private const int Latest = 20;

    public async Task<HealthFigures> Read(CancellationToken cancel = default)
    {
        var now = clock.Now;
        await using var db = await databases.CreateDbContextAsync(cancel);
        var round = await db.Set<LedgerRound>().AsNoTracking().SingleOrDefaultAsync(cancel);
        var due = db.Set<Account>().Where(a => a.NextDue <= now);
        var pending = db.Set<AlertDelivery>().Where(d => d.State == DeliveryState.Pending);
        return new HealthFigures(
            now, await Laws(db, cancel), round?.StartedAt, round?.Accounts ?? 0, round?.LastFinishedAt, round?.LastAccounts ?? 0, await db.Set<Account>().LongCountAsync(cancel),
            db is PostgresPortalDb ? "PostgreSQL" : "SQLite", await Bytes(db, cancel), await Durability.Problems(db),
            await due.LongCountAsync(cancel), await due.MinAsync(a => (DateTimeOffset?)a.NextDue, cancel), sweep.Last?.At, sweep.Last?.Woken ?? 0,
            mailer.Count, mailer.LastFailure, await pending.LongCountAsync(cancel), await pending.LongCountAsync(d => d.Problem != null, cancel), await Failed(db, cancel));
    }

    private static async Task<IReadOnlyList<LawLine>> Laws(PortalDb db, CancellationToken cancel)
    {
        var faults = await db.Set<LedgerFault>().AsNoTracking().OrderBy(f => f.FoundAt).ThenBy(f => f.Account).Take(1_000).ToListAsync(cancel);
        return [.. Enum.GetValues<LedgerLaw>().Select(law =>
        {
            var broken = faults.FindAll(f => f.Law == law);
            return new LawLine(law, broken.Count, broken.Count > 0 ? broken[0].Says : null, broken.Count > 0 ? broken[0].FoundAt : null);
        })];
    }

    private static async Task<long> Bytes(PortalDb db, CancellationToken cancel) => (await db.Database.SqlQueryRaw<long>(db is PostgresPortalDb
        ? "SELECT pg_database_size(current_database()) AS \"Value\""
        : "SELECT page_count * page_size AS \"Value\" FROM pragma_page_count(), pragma_page_size()").ToListAsync(cancel))[0];

    private static async Task<IReadOnlyList<FailedDelivery>> Failed(PortalDb db, CancellationToken cancel) =>
        await db.Set<AlertDelivery>().AsNoTracking().Where(d => d.State == DeliveryState.Failed).OrderByDescending(d => d.NextAttemptAt).Take(Latest)
            .Select(d => new FailedDelivery(d.Account, d.Alert, d.Attempts, d.NextAttemptAt, d.Problem ?? "The mail server did not say why.")).ToListAsync(cancel);
}
