using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using Portal.Accounts;

namespace Portal.Data;

/// <summary>What tells an outage of the database from a bug.</summary>
public static class DatabaseOutage
{
    /// <summary>SQLite's answers to what must not have been asked: a statement that is wrong, a constraint or a trigger that refuses, a value or a call that does not fit.</summary>
    private static readonly int[] SqliteBugs = [1, 19, 20, 21, 25];

    /// <summary>The same of PostgreSQL, by the class of its SQLSTATE: a value, a constraint, a statement, a trigger that refuses.</summary>
    private static readonly string[] PostgresBugs = ["0A", "22", "23", "42", "P0"];

    /// <summary>
    /// Whether the failure, or what caused it, means that the database could not be asked; what it was asked and refused is a bug. A host that ends lets go
    /// of its services, and whoever still looks then meets an <see cref="ObjectDisposedException"/> of <see cref="IServiceProvider"/>: for them the database is away too.
    /// </summary>
    public static bool IsDatabaseAway(this Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return failure switch
        {
            SqliteException sqlite => !SqliteBugs.Contains(sqlite.SqliteErrorCode),
            PostgresException postgres => !PostgresBugs.Contains(postgres.SqlState[..2]),
            DbException or TimeoutException or ObjectDisposedException { ObjectName: nameof(IServiceProvider) } => true,
            _ => failure.InnerException is { } inner && inner.IsDatabaseAway(),
        };
    }

    /// <summary>How loudly to log that a turn of work in the background failed, which goes on with its next turn: an outage passes, a bug wants somebody.</summary>
    public static LogLevel LevelOf(Exception failure) => failure is DoorBusyException || failure.IsDatabaseAway() ? LogLevel.Warning : LogLevel.Error;
}
