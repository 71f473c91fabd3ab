using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Portal.Data;

/// <summary>
/// Statements that write many rows at once, within a transaction of the caller, and that look many keys up. One implementation
/// for each database: this is the way of every charge, and what EF Core does for a row costs several times as much here.
/// </summary>
public abstract class BulkWriter
{
    private readonly ConcurrentDictionary<Type, BulkTable> _tables = [];

    /// <summary>Whether the database works within the calls, and takes one transaction at a time, so that a second could only wait.</summary>
    public virtual bool HasOneWriter => false;

    /// <summary>Opens a connection for nothing but this work, which can be set for it. What is committed over it counts only after <see cref="Flush"/>.</summary>
    public virtual Task Open(PortalDb db)
    {
        ArgumentNullException.ThrowIfNull(db);
        return db.Database.OpenConnectionAsync();
    }

    /// <summary>Brings to disk what was committed so far, in the order of the calls. A database that sees to it in its commits has nothing left to do.</summary>
    /// <param name="done">Called once it survives a power cut, or with what went wrong: then the connection has to be opened anew. It must not throw.</param>
    public virtual void Flush(Action<IOException?> done)
    {
        ArgumentNullException.ThrowIfNull(done);
        done(null);
    }

    /// <summary>Begins to gather what a transaction looks up.</summary>
    public abstract BulkReads Ask(PortalDb db);

    /// <summary>Begins to gather what a transaction writes.</summary>
    public abstract BulkWrites Gather(PortalDb db);

    /// <summary>The table of an entity, read from the model once.</summary>
    protected BulkTable Table<T>(PortalDb db) where T : class
    {
        ArgumentNullException.ThrowIfNull(db);
        return _tables.GetOrAdd(typeof(T), static (type, model) => new BulkTable(model, type), db.Model);
    }
}

/// <summary>What a transaction looks up, in this order. A list that is handed out is full once all was asked: a database across a wire answers it all in one trip.</summary>
public abstract class BulkReads
{
    /// <summary>Finds the rows with these keys, in no order.</summary>
    /// <param name="select">A statement up to the column that the keys are compared with: "SELECT a, b FROM t WHERE k".</param>
    /// <param name="keys">The keys.</param>
    /// <param name="read">Reads one row.</param>
    /// <param name="suffix">The rest of the statement.</param>
    public abstract IReadOnlyList<T> Find<T>(string select, IReadOnlyCollection<string> keys, Func<FoundRow, T> read, string suffix = "");

    /// <summary>All rows that a statement selects.</summary>
    public abstract IReadOnlyList<T> All<T>(string sql, Func<FoundRow, T> read);

    /// <summary>Asks all of it, once.</summary>
    public abstract Task Send();
}

/// <summary>What a transaction writes, in this order. Nothing need be written before it is sent: a database across a wire gets it all in one trip.</summary>
public abstract class BulkWrites
{
    /// <summary>Writes new rows.</summary>
    public abstract void Insert<T>(IReadOnlyList<T> rows) where T : class;

    /// <summary>Writes new rows whose keys somebody else may take at the same time; then <see cref="Send"/> says so.</summary>
    public abstract void Reserve<T>(IReadOnlyList<T> rows) where T : class;

    /// <summary>Writes those of the new rows whose keys are not taken.</summary>
    public abstract void InsertUnlessTaken<T>(IReadOnlyList<T> rows) where T : class;

    /// <summary>Writes the columns of existing rows that can change.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="indexed">Whether those too by which rows are found. A database moves a row in each index over a column that is written, also when it stays as it is.</param>
    public abstract void Update<T>(IReadOnlyList<T> rows, bool indexed = true) where T : class;

    /// <summary>Sends what is not written yet; <c>false</c> if a key that was to be reserved is taken: then the caller rolls back.</summary>
    public abstract Task<bool> Send(CancellationToken cancel);

    /// <summary>The same, and commits the transaction in the same trip.</summary>
    public abstract Task<bool> Commit(IDbContextTransaction transaction, CancellationToken cancel);
}

/// <summary>A row that was found, good until the next one is read.</summary>
public abstract class FoundRow
{
    public abstract string Text(int column);

    /// <summary>A whole number, or nothing.</summary>
    public abstract long? Number(int column);
}
