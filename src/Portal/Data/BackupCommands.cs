using Microsoft.EntityFrameworkCore;

namespace Portal.Data;

/// <summary>`Portal.dll backup` and `Portal.dll restore`: for SQLite; PostgreSQL has its own.</summary>
public static class BackupCommands
{
    private const string OwnTools = "PostgreSQL brings its own: pg_dump --format=custom saves a database while Portal runs, pg_restore puts it back. docs/operating.md, Backups, says how.";

    public static Task<int> Save(IServiceProvider services, string file) => Do(services, backup =>
    {
        backup.Save(file);
        return $"The database is saved in {file}.";
    });

    public static Task<int> Restore(IServiceProvider services, string file) => Do(services, backup =>
        $"The backup {file} is in place.{(backup.Restore(file, TimeProvider.System.GetUtcNow()) is { } replaced ? $" What stood there is {replaced} now." : "")} "
        + "Run migrate, then verify-ledger, then start Portal.");

    private static async Task<int> Do(IServiceProvider services, Func<SqliteBackup, string> work)
    {
        await using var db = await services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        if (db is PostgresPortalDb)
        {
            await Console.Error.WriteLineAsync(OwnTools);
            return 1;
        }
        try
        {
            Console.WriteLine(work(new SqliteBackup(db.Database.GetConnectionString()!, [.. db.Database.GetMigrations()])));
            return 0;
        }
        catch (Exception failure) when (failure is BackupRefusedException or IOException or UnauthorizedAccessException or Microsoft.Data.Sqlite.SqliteException)
        {
            // The operator's to mend: a disk that is full, a folder that is not theirs, a file that is none.
            await Console.Error.WriteLineAsync(failure.Message);
            return 1;
        }
    }
}
