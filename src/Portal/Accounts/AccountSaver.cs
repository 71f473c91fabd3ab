using Ledger;
using Portal.Data;

namespace Portal.Accounts;

/// <summary>Writes what a batch decided: a statement a table (or a prepared one a row, on SQLite), all within the caller's transaction.</summary>
internal static class AccountSaver
{
    /// <summary>Writes everything; <c>false</c> if an id was taken by another transaction meanwhile, in which case the caller rolls back.</summary>
    public static async Task<bool> Save(PortalDb db, BulkWriter bulk, Batch batch, CancellationToken cancel = default)
    {
        // Ids first and sorted: if one is taken there is nothing else to undo, and two transactions cannot wait for each other in a ring.
        var authorizations = batch.NewAuthorizationIds.OrderBy(a => a.Id, StringComparer.Ordinal).ToList();
        var events = batch.NewEventIds.OrderBy(e => e.Key, StringComparer.Ordinal).ToList();
        if (await bulk.InsertUnlessTaken(db, authorizations, cancel) < authorizations.Count || await bulk.InsertUnlessTaken(db, events, cancel) < events.Count)
        {
            return false;
        }
        var accounts = batch.Accounts.Values.ToList();
        var reversed = accounts.SelectMany(a => a.Written.Reversed).ToList();
        if (await bulk.InsertUnlessTaken(db, reversed, cancel) < reversed.Count)
        {
            return false;
        }
        accounts.ForEach(a => a.Saving());
        var opened = accounts.FindAll(a => a.IsNew);
        if (await bulk.InsertUnlessTaken(db, opened, cancel) < opened.Count)
        {
            return false;
        }
        var changed = accounts.FindAll(a => a.IsChanged && !a.IsNew);
        await bulk.Update(db, changed.FindAll(a => a.IsFoundAsBefore), cancel, indexed: false);
        await bulk.Update(db, changed.FindAll(a => !a.IsFoundAsBefore), cancel);
        await Rows([.. accounts.SelectMany(a => a.Grants)], g => g.IsNew, g => g.IsChanged);
        await Rows([.. accounts.SelectMany(a => a.Periods)], p => p.IsNew, p => p.IsChanged);
        await Rows([.. accounts.SelectMany(a => a.Written.Authorizations)], a => a.IsNew, a => a.IsChanged);
        await bulk.Insert(db, [.. accounts.SelectMany(a => a.Written.Charges)], cancel);
        await bulk.Insert(db, [.. accounts.SelectMany(a => a.Written.Entries)], cancel);
        await bulk.Insert(db, [.. accounts.SelectMany(a => a.Written.Changes)], cancel);
        await bulk.Insert(db, [.. accounts.SelectMany(a => a.Written.Alerts)], cancel);
        await bulk.Insert(db, [.. accounts.SelectMany(a => a.Written.Alerts.Where(alert => a.AlertChoices.Mails(alert.Kind)).Select(batch.DeliveryOf).OfType<AlertDelivery>())], cancel);
        await bulk.Insert(db, batch.NewParked, cancel);
        await bulk.Update(db, batch.ReplayedEventIds, cancel);
        // The first of each id stays.
        await bulk.InsertUnlessTaken(db, [.. batch.NewConflicts.DistinctBy(c => c.Key)], cancel);
        await bulk.Insert(db, batch.NewRefusals, cancel);
        await bulk.Insert(db, [.. batch.Disputes.Values.Where(d => d.IsNew && d.IsChanged)], cancel);
        await bulk.Update(db, [.. batch.Disputes.Values.Where(d => !d.IsNew && d.IsChanged)], cancel);
        await batch.Staff.Save(db, bulk, cancel);
        if (batch.NewAudit.Count > 0)
        {
            // Last of all, because the audit's one head is locked for it.
            db.AddRange(batch.NewAudit);
            await db.SaveChangesAsync(cancel);
        }
        return true;

        async Task Rows<T>(List<T> rows, Predicate<T> isNew, Predicate<T> isChanged) where T : class
        {
            await bulk.Insert(db, rows.FindAll(isNew), cancel);
            await bulk.Update(db, rows.FindAll(row => isChanged(row) && !isNew(row)), cancel);
        }
    }
}
