using Microsoft.AspNetCore.DataProtection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;
using Portal.Settings;

namespace Portal.Data;

/// <summary>Chooses the database. Everything else asks for PortalDb or IDbContextFactory of it, and does not know which it is.</summary>
public static class DataSetup
{
    /// <summary>Of the turns in which instances bring a schema up to date.</summary>
    private const long Lock = 20_261_201;

    public static void AddData(this WebApplicationBuilder builder, PortalSettings settings)
    {
        var connection = builder.Configuration.GetConnectionString("Portal") ?? "";
        if (settings.Database.Provider == DatabaseSettings.Sqlite)
        {
            SqliteSettings.StopCountingMemory();
            var file = SqliteConnection(connection, Path.Combine(builder.Environment.ContentRootPath, settings.DataFolder));
            builder.Services.AddDb<SqlitePortalDb>(options => options.UseSqlite(file, sqlite => sqlite.UseParameterizedCollectionMode(ParameterTranslationMode.Parameter)).AddInterceptors(new SqliteSettings()));
        }
        else
        {
            var server = PostgresConnection(connection);
            builder.Services.AddDb<PostgresPortalDb>(options => options.UseNpgsql(server));
        }

        builder.Services.Configure<Microsoft.AspNetCore.Identity.IdentityOptions>(PortalDb.IdentityTables);
        builder.Services.AddSingleton<AuditVerification>().AddHostedService<AuditHeadLog>();
        builder.Services.AddDataProtection().SetApplicationName("Portal").PersistKeysToDbContext<PortalDb>();
    }

    /// <summary>
    /// Brings the schema up to date. Asked first, because EF's lock on SQLite is a row that outlives a killed process:
    /// an ordinary start never takes it. Missing triggers are put back on demand only: a start refuses, so that somebody learns of it.
    /// </summary>
    public static async Task MigrateDatabase(this WebApplication app, bool repair = false)
    {
        var databases = app.Services.GetRequiredService<IDbContextFactory<PortalDb>>();
        await using var db = await databases.CreateDbContextAsync();
        await Reach(async () =>
        {
            var found = await Find(db);
            if (found != Schema.Absent)
            {
                await Pooler.RequireSessions(databases);
            }
            if (found != Schema.UpToDate || repair)
            {
                await BringUpToDate(db, isThere: found != Schema.Absent);
            }
            await MakeMonths(app, db);
            if (await Durability.Problems(db) is { Count: > 0 } problems)
            {
                throw new WrongSettingException($"Portal does not start on this database. {string.Join(" ", problems)}");
            }
        });
    }

    /// <summary>
    /// One instance at a time. EF's own lock on PostgreSQL is one of a transaction, and of two instances that began on an empty database together one
    /// met the other's tables. EF also asks for its list of migrations before it makes one, and logs an error when there is none: nobody's first start shall begin with that.
    /// </summary>
    private static async Task BringUpToDate(PortalDb db, bool isThere)
    {
        var hasTurns = isThere && db is PostgresPortalDb;
        if (hasTurns)
        {
            await db.Database.OpenConnectionAsync();
            // However long the other one takes.
            db.Database.SetCommandTimeout(0);
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({Lock})");
            await db.GetService<IHistoryRepository>().CreateIfNotExistsAsync();
        }
        try
        {
            await db.Database.MigrateAsync();
            await LedgerGuards.Create(db);
        }
        finally
        {
            if (hasTurns)
            {
                await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({Lock})");
                db.Database.SetCommandTimeout(null);
                await db.Database.CloseConnectionAsync();
            }
        }
    }

    private static async Task MakeMonths(WebApplication app, PortalDb db)
    {
        try
        {
            await Months.Make(db, app.Services.GetRequiredService<Clock>().Now, move: true);
        }
        catch (PostgresException failure)
        {
            // Somebody reads the tables, or this role may make none: no charge fails for lack of a month, so it is no reason not to start.
            app.Logger.LogWarning(failure, "The months of the ledger's tables could not be made; the sweep tries again with each of its turns");
        }
    }

    /// <summary>For what only looks: the schema must be the one that this Portal knows, and nothing is changed to make it so.</summary>
    public static async Task RequireMigrated(this WebApplication app)
    {
        await using var db = await app.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        await Reach(async () =>
        {
            if ((await db.Database.GetPendingMigrationsAsync()).Any())
            {
                throw new WrongSettingException("The database is not there or not up to date; 'Portal.dll migrate' brings it up to date. Nothing was changed.");
            }
        });
    }

    /// <summary>How the schema is found. EF's own answer makes a model of its history first; a start, which hardly ever lacks a migration, has to compare two lists.</summary>
    private static async Task<Schema> Find(PortalDb db)
    {
        var connection = db.Database.GetDbConnection();
        try
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT \"MigrationId\" FROM \"__EFMigrationsHistory\"";
            await using var reader = await command.ExecuteReaderAsync();
            var missing = db.Database.GetMigrations().ToHashSet();
            while (await reader.ReadAsync())
            {
                missing.Remove(reader.GetString(0));
            }
            return missing.Count > 0 ? Schema.Behind : Schema.UpToDate;
        }
        catch (Exception none) when (none is SqliteException { SqliteErrorCode: 1 } or PostgresException { SqlState: "42P01" })
        {
            return Schema.Behind;
        }
        catch (PostgresException none) when (none.SqlState == "3D000")
        {
            // Not even a database: EF makes one.
            return Schema.Absent;
        }
        finally
        {
            await connection.CloseAsync();
        }
    }

    private enum Schema
    {
        UpToDate,
        Behind,
        Absent,
    }

    private static async Task Reach(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception unreachable) when (unreachable is NpgsqlException { InnerException: System.Net.Sockets.SocketException } or PostgresException { SqlState: "28P01" or "3D000" } or SqliteException { SqliteErrorCode: 14 or 26 })
        {
            // Not there, not let in, no such database, not to be opened, not a database: the operator's to mend.
            throw new WrongSettingException($"ConnectionStrings:Portal leads to no usable database: {unreachable.Message}");
        }
    }

    private static void AddDb<TDb>(this IServiceCollection services, Action<DbContextOptionsBuilder> configure)
        where TDb : PortalDb
    {
        services.AddPooledDbContextFactory<TDb>(options =>
        {
            configure(options);
            // What lies in a column as JSON is written by the door as a whole; EF never has to see what changed in it.
            options.ConfigureWarnings(warnings => warnings.Ignore(CoreEventId.CollectionWithoutComparer));
        });
        services.AddSingleton<IDbContextFactory<PortalDb>, Factory<TDb>>();
        services.AddScoped<PortalDb>(provider => provider.GetRequiredService<IDbContextFactory<TDb>>().CreateDbContext());
    }

    private static string SqliteConnection(string connection, string folder)
    {
        SqliteConnectionStringBuilder parsed;
        try
        {
            parsed = new SqliteConnectionStringBuilder(connection);
        }
        catch (ArgumentException wrong)
        {
            throw new WrongSettingException($"ConnectionStrings:Portal is no connection string of SQLite, like 'Data Source=data/portal.db': {wrong.Message}");
        }

        if (parsed.DataSource is "" or ":memory:" || parsed.Mode == SqliteOpenMode.Memory)
        {
            throw new WrongSettingException("ConnectionStrings:Portal names no file; with SQLite it must, like 'Data Source=data/portal.db'.");
        }

        parsed.DataSource = Path.GetFullPath(Path.Combine(folder, parsed.DataSource));
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(parsed.DataSource)!);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new WrongSettingException($"ConnectionStrings:Portal names the file {parsed.DataSource}, whose folder cannot be made: {wrong.Message}");
        }

        return parsed.ToString();
    }

    private static string PostgresConnection(string connection)
    {
        try
        {
            var parsed = new NpgsqlConnectionStringBuilder(connection);
            if (!string.IsNullOrEmpty(parsed.Host) && !string.IsNullOrEmpty(parsed.Database))
            {
                // The door says the same few statements all day. Behind a pooler that cannot keep prepared ones, set it to 0.
                parsed.MaxAutoPrepare = parsed.ShouldSerialize("Max Auto Prepare") ? parsed.MaxAutoPrepare : 200;
                return parsed.ToString();
            }
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException)
        {
            // Falls through to the same sentence: the example says more than the parser.
        }

        throw new WrongSettingException("ConnectionStrings:Portal must name a Host and a Database when Portal:Database:Provider is 'postgresql', like 'Host=localhost;Database=portal;Username=portal;Password=...'.");
    }

    private sealed class Factory<TDb>(IDbContextFactory<TDb> factory) : IDbContextFactory<PortalDb>
        where TDb : PortalDb
    {
        public PortalDb CreateDbContext() => factory.CreateDbContext();

        public async Task<PortalDb> CreateDbContextAsync(CancellationToken cancellationToken = default) =>
            await factory.CreateDbContextAsync(cancellationToken);
    }
}
