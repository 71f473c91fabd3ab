using System.Collections.Concurrent;

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
    /// <param name="db">The database.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="cancel">Gives up.</param>
    /// <param name="indexed">Whether those too by which rows are found. A database moves a row in each index over a column that is written, also when it stays as it is.</param>
    public abstract Task Update<T>(PortalDb db, IReadOnlyList<T> rows, CancellationToken cancel, bool indexed = true) where T : class;

    /// <summary>Finds the rows with these keys, in no order.</summary>
    /// <param name="db">The database.</param>
    /// <param name="select">A statement up to the column that the keys are compared with: "SELECT a, b FROM t WHERE k".</param>
    /// <param name="keys">The keys.</param>
    /// <param name="read">Reads one row.</param>
    /// <param name="suffix">The rest of the statement.</param>
    public abstract Task<List<T>> Find<T>(PortalDb db, string select, IReadOnlyCollection<string> keys, Func<FoundRow, T> read, string suffix = "");

    /// <summary>The one number that a statement selects; <c>null</c> if it finds nothing. Within a transaction of the caller, as all of this.</summary>
    public abstract Task<long?> Number(PortalDb db, string sql);

    /// <summary>The table of an entity, read from the model once.</summary>
    protected BulkTable Table<T>(PortalDb db) where T : class
    {
        ArgumentNullException.ThrowIfNull(db);
        return _tables.GetOrAdd(typeof(T), static (type, model) => new BulkTable(model, type), db.Model);
    }
}

/// <summary>A row that was found, good until the next one is read.</summary>
public abstract class FoundRow
{
    public abstract string Text(int column);

    /// <summary>A whole number, or nothing.</summary>
    public abstract long? Number(int column);
}
