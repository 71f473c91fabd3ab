using Microsoft.Data.Sqlite;

namespace Portal.Data;

/// <summary>A backup or a restore was refused. Nothing was changed.</summary>
public sealed class BackupRefusedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// Copies a SQLite database to a file while Portal writes to it, and puts such a file back. A file counts only once it is whole: it is written under
/// another name, looked through, brought to disk, and renamed last.
/// </summary>
/// <param name="connectionString">Portal's database.</param>
/// <param name="migrations">The migrations that this Portal knows.</param>
public sealed class SqliteBackup(string connectionString, IReadOnlyCollection<string> migrations)
{
    private readonly string _database = new SqliteConnectionStringBuilder(connectionString).DataSource;

    /// <summary>Writes all that was committed before it began, or somewhat later, to a new file. No writer waits for it.</summary>
    public void Save(string file)
    {
        file = Path.GetFullPath(file);
        if (!File.Exists(_database))
        {
            throw new BackupRefusedException($"There is no database at {_database}.");
        }
        if (File.Exists(file))
        {
            throw new BackupRefusedException($"{file} exists already. A backup never overwrites anything.");
        }
        Whole(file, partial =>
        {
            using var from = Open(_database, SqliteOpenMode.ReadWrite);
            using var to = Open(partial, SqliteOpenMode.ReadWriteCreate);
            from.BackupDatabase(to);
            // A backup is one file: without the log that stands beside a database in use.
            Read(to, "PRAGMA journal_mode=DELETE");
            LookThrough(to, partial);
        });
    }

    /// <summary>
    /// Puts a backup in the database's place and returns where what stood there was moved to, if anything stood there. It refuses a file that is damaged or of a newer Portal,
    /// a database that is in use, and one that has gone further than the backup: whoever wants to lose what came since moves it away by hand.
    /// </summary>
    public string? Restore(string file, DateTimeOffset now)
    {
        file = Path.GetFullPath(file);
        if (!File.Exists(file))
        {
            throw new BackupRefusedException($"There is no backup at {file}.");
        }
        (long Accounts, long Entries) backup;
        using (var from = Open(file, SqliteOpenMode.ReadOnly))
        {
            LookThrough(from, file);
            backup = Extent(from);
        }
        var replaced = File.Exists(_database) ? $"{_database}.replaced-{now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}" : null;
        Whole(_database, partial =>
        {
            File.Copy(file, partial);
            if (replaced is not null)
            {
                RequireReplaceable(backup);
                File.Move(_database, replaced);
            }
        });
        return replaced;
    }

    private void RequireReplaceable((long Accounts, long Entries) backup)
    {
        try
        {
            using var present = Open(_database, SqliteOpenMode.ReadWrite);
            // To leave the log behind, SQLite must have the file for itself; and a file without a log can be moved.
            if (Read(present, "PRAGMA journal_mode=DELETE") != "delete")
            {
                throw InUse(null);
            }
            var extent = Extent(present);
            if (extent.Entries > backup.Entries || extent.Accounts > backup.Accounts)
            {
                throw new BackupRefusedException(
                    $"The database at {_database} has {extent.Accounts} accounts and {extent.Entries} entries, the backup {backup.Accounts} and {backup.Entries}: what came since would be gone. "
                    + "If that is wanted, move the database away and restore again. Nothing was changed.");
            }
        }
        catch (SqliteException busy) when (busy.SqliteErrorCode is 5 or 6)
        {
            throw InUse(busy);
        }
        catch (SqliteException unreadable)
        {
            throw new BackupRefusedException($"What stands at {_database} cannot be read as Portal's database ({unreadable.Message}). Move it away and restore again. Nothing was changed.", unreadable);
        }
    }

    private BackupRefusedException InUse(Exception? why) => new($"The database at {_database} is in use. Stop Portal first. Nothing was changed.", why);

    /// <summary>Whether it is undamaged, Portal's, and of no newer schema than this Portal knows.</summary>
    private void LookThrough(SqliteConnection database, string file)
    {
        try
        {
            if (Read(database, "PRAGMA integrity_check(1)") is var found && found != "ok")
            {
                throw new BackupRefusedException($"{file} is damaged: {found}.");
            }
            using var command = database.CreateCommand();
            command.CommandText = "SELECT \"MigrationId\" FROM \"__EFMigrationsHistory\" ORDER BY 1";
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                if (!migrations.Contains(rows.GetString(0)))
                {
                    throw new BackupRefusedException($"{file} is of a newer Portal (it has the migration {rows.GetString(0)}). Restore it with that one.");
                }
            }
            _ = Extent(database);
        }
        catch (SqliteException wrong)
        {
            throw new BackupRefusedException($"{file} is no database of Portal, or it is damaged: {wrong.Message}", wrong);
        }
    }

    /// <summary>How far the ledger goes; both only ever grow.</summary>
    private static (long Accounts, long Entries) Extent(SqliteConnection database)
    {
        using var command = database.CreateCommand();
        command.CommandText = "SELECT count(*), coalesce(sum(last_seq), 0) FROM accounts";
        using var row = command.ExecuteReader();
        row.Read();
        return (row.GetInt64(0), row.GetInt64(1));
    }

    /// <summary>Makes a file under another name; only once it is made and on disk it gets its own.</summary>
    private static void Whole(string file, Action<string> make)
    {
        var partial = file + ".partial";
        File.Delete(partial);
        try
        {
            make(partial);
            using (var written = new FileStream(partial, FileMode.Open, FileAccess.ReadWrite))
            {
                written.Flush(flushToDisk: true);
            }
            File.Move(partial, file);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static SqliteConnection Open(string file, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false, DefaultTimeout = 2 }.ToString());
        connection.Open();
        return connection;
    }

    private static string? Read(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() as string;
    }
}
