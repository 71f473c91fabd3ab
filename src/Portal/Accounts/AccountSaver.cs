using Ledger;
using Microsoft.EntityFrameworkCore.Storage;
using Portal.Data;

namespace Portal.Accounts;

/// <summary>Writes what a batch decided, in the caller's transaction.</summary>
internal static class AccountSaver
{
    /// <summary>Writes everything; <c>false</c> if an id was taken by another transaction meanwhile, in which case the caller rolls back.</summary>
    public static async Task<bool> Save(PortalDb db, BulkWriter bulk, Batch batch, CancellationToken cancel = default)
    {
        if (!await Gather(db, bulk, batch).Send(cancel))
        {
            return false;
        }
        if (batch.NewAudit.Count > 0)
        {
            // Last of all, because the audit's one head is locked for it.
            db.AddRange(batch.NewAudit);
            await db.SaveChangesAsync(cancel);
        }
        return true;
    }

    /// <summary>The same, and ends the transaction with a commit.</summary>
    public static async Task<bool> Commit(PortalDb db, BulkWriter bulk, Batch batch, IDbContextTransaction transaction, CancellationToken cancel = default)
    {
        if (batch.NewAudit.Count == 0)
        {
            return await Gather(db, bulk, batch).Commit(transaction, cancel);
        }
        if (!await Save(db, bulk, batch, cancel))
        {
            return false;
        }
        await transaction.CommitAsync(cancel);
        return true;
    }

    private static BulkWrites Gather(PortalDb db, BulkWriter bulk, Batch batch)
    {
        var writes = bulk.Gather(db);
        // Ids first and sorted: two transactions cannot wait for each other in a ring.
        writes.Reserve<AuthorizationId>([.. batch.NewAuthorizationIds.OrderBy(a => a.Id, StringComparer.Ordinal)]);
        writes.Reserve<UsageEventId>([.. batch.NewEventIds.OrderBy(e => e.Key, StringComparer.Ordinal)]);
        var accounts = batch.Accounts.Values.ToList();
        writes.Reserve<ReversedCharge>([.. accounts.SelectMany(a => a.Written.Reversed)]);
        accounts.ForEach(a => a.Saving());
        writes.Reserve(accounts.FindAll(a => a.IsNew));
        var changed = accounts.FindAll(a => a.IsChanged && !a.IsNew);
        writes.Update(changed.FindAll(a => a.IsFoundAsBefore), indexed: false);
        writes.Update(changed.FindAll(a => !a.IsFoundAsBefore));
        Rows([.. accounts.SelectMany(a => a.Grants)], g => g.IsNew, g => g.IsChanged);
        Rows([.. accounts.SelectMany(a => a.Periods)], p => p.IsNew, p => p.IsChanged);
        Rows([.. accounts.SelectMany(a => a.Written.Authorizations)], a => a.IsNew, a => a.IsChanged);
        writes.Insert<Charge>([.. accounts.SelectMany(a => a.Written.Charges)]);
        writes.Insert<Entry>([.. accounts.SelectMany(a => a.Written.Entries)]);
        writes.Insert<AccountChange>([.. accounts.SelectMany(a => a.Written.Changes)]);
        writes.Insert<Alert>([.. accounts.SelectMany(a => a.Written.Alerts)]);
        writes.Insert<AlertDelivery>([.. accounts.SelectMany(a => a.Written.Alerts.Where(alert => a.AlertChoices.Mails(alert.Kind)).Select(batch.DeliveryOf).OfType<AlertDelivery>())]);
        writes.Insert(batch.NewParked);
        writes.Update(batch.ReplayedEventIds);
        // The first of each id stays. Sorted like ids: their accounts need not be locked.
        writes.InsertUnlessTaken<EventConflict>([.. batch.NewConflicts.DistinctBy(c => c.Key).OrderBy(c => c.Key, StringComparer.Ordinal)]);
        writes.Insert(batch.NewRefusals);
        writes.Insert<Dispute>([.. batch.Disputes.Values.Where(d => d.IsNew && d.IsChanged)]);
        writes.Update<Dispute>([.. batch.Disputes.Values.Where(d => !d.IsNew && d.IsChanged)]);
        batch.Staff.Save(writes);
        return writes;

        void Rows<T>(List<T> rows, Predicate<T> isNew, Predicate<T> isChanged) where T : class
        {
            writes.Insert(rows.FindAll(isNew));
            writes.Update(rows.FindAll(row => isChanged(row) && !isNew(row)));
        }
    }
}
