using System.Collections.Concurrent;
using System.Data.Common;

namespace Portal.Data;

/// <summary>
/// Statements that write many rows of a table at once, within a transaction of the caller, and that look many keys up. One implementation
/// for each database: this is the way of every charge, and what EF Core does for a row costs several times as much here.
/// </summary>
public abstract class BulkWriter
{
    private readonly ConcurrentDictionary<Type, BulkTable> _tables = [];

    /// <summary>Writes new rows.</summary>
    public abstract Task Insert<T>(PortalDb db, IReadOnlyList<T> rows, CancellationToken cancel) where T : class;

    /// <summary>Writes new rows whose key is not taken; returns how many were.</summary>
    public abstract Task<int> InsertUnlessTaken<T>(PortalDb db, IReadOnlyList<T> rows, CancellationToken cancel) where T : class;

    /// <summary>Writes the columns of existing rows that can change.</summary>
    public abstract Task Update<T>(PortalDb db, IReadOnlyList<T> rows, CancellationToken cancel) where T : class;

    /// <summary>Finds the rows with these keys, in no order.</summary>
    /// <param name="db">The database.</param>
    /// <param name="select">A statement up to the column that the keys are compared with: "SELECT a, b FROM t WHERE k".</param>
    /// <param name="keys">The keys.</param>
    /// <param name="read">Reads one row.</param>
    /// <param name="suffix">The rest of the statement.</param>
    public abstract Task<List<T>> Find<T>(PortalDb db, string select, IReadOnlyCollection<string> keys, Func<DbDataReader, T> read, string suffix = "");

    /// <summary>The table of an entity, read from the model once.</summary>
    protected BulkTable Table<T>(PortalDb db) where T : class
    {
        ArgumentNullException.ThrowIfNull(db);
        return _tables.GetOrAdd(typeof(T), static (type, model) => new BulkTable(model, type), db.Model);
    }
}
