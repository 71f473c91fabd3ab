using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Portal.Data;

/// <summary>
/// What every SQLite connection must have: a commit that survives a power cut (WAL with synchronous=FULL), patience while
/// another writes, foreign keys, and triggers that INSERT OR REPLACE cannot pass. Pages that are written again and again stay in memory
/// (16 MiB a connection, of which there are several; SQLite's own 2 are few), and are copied from the log into the file once for 128 MiB
/// of it and not for 4: whoever is being served then waits for it, and shall be fewer than one in a hundred.
/// </summary>
public sealed class SqliteSettings : DbConnectionInterceptor
{
    public const string Pragmas =
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=15000; PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON; "
        + "PRAGMA cache_size=-16384; PRAGMA wal_autocheckpoint=32768;";

    /// <summary>SQLite else counts each piece of memory that it takes or gives back, under a lock of the whole process, for figures that nobody asks for. It takes this only before its first connection.</summary>
    public static void StopCountingMemory()
    {
        SQLitePCL.Batteries_V2.Init();
        _ = SQLitePCL.raw.sqlite3_config(SQLitePCL.raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    /// <summary>A connection that may only read cannot turn the log on. EF opens one to see whether the file is there, before anything else; a copy that was made without a log would fail it.</summary>
    private static bool MayWrite(DbConnection connection) => !connection.ConnectionString.Contains("Mode=ReadOnly", StringComparison.OrdinalIgnoreCase);

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        if (!MayWrite(connection))
        {
            return;
        }
        using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        if (!MayWrite(connection))
        {
            return;
        }
        await using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
