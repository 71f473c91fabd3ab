using System.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Portal.Data;

/// <summary>
/// Several reads of one moment. An account lies in several tables: without this, its row could be read from before another's commit and its
/// periods from after it, and the two would not fit. It waits for no writer, and no writer waits for it.
/// </summary>
public sealed class Moment : IAsyncDisposable
{
    private readonly IAsyncDisposable _transaction;

    private Moment(IAsyncDisposable transaction) => _transaction = transaction;

    /// <summary>What is read on this context from now on, until this is disposed, is of one moment.</summary>
    public static async Task<Moment> Of(PortalDb db, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(db);
        if (db is PostgresPortalDb)
        {
            return new Moment(await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel));
        }
        await db.Database.OpenConnectionAsync(cancel);
        return new Moment(new Reading(db));
    }

    public ValueTask DisposeAsync() => _transaction.DisposeAsync();

    /// <summary>SQLite's ordinary transaction takes the writer's lock when it begins; a deferred one, that only reads, never does.</summary>
    private sealed class Reading : IAsyncDisposable
    {
        private readonly PortalDb _db;
        private readonly SqliteTransaction _deferred;

        public Reading(PortalDb db)
        {
            _db = db;
            _deferred = ((SqliteConnection)db.Database.GetDbConnection()).BeginTransaction(deferred: true);
            db.Database.UseTransaction(_deferred);
        }

        public async ValueTask DisposeAsync()
        {
            _db.Database.UseTransaction(null);
            await _deferred.DisposeAsync();
            await _db.Database.CloseConnectionAsync();
        }
    }
}
