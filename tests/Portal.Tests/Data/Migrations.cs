using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Settings;

namespace Portal.Tests.Data;

/// <summary>The model, its migrations and its compiled form say the same, on both databases: nobody forgot to make one.</summary>
public sealed class Migrations
{
    [Fact]
    public Task None_is_pending_on_SQLite() => None_is_pending(new SqliteDatabase());

    [Fact]
    public Task None_is_pending_on_PostgreSQL() => None_is_pending(new PostgresDatabase());

    [Fact]
    public async Task Instances_that_start_together_on_an_empty_PostgreSQL_take_turns()
    {
        Tools.Require(PostgresCluster.Missing);
        var cluster = await PostgresCluster.Shared();
        var name = $"portal_{Guid.NewGuid():n}";
        await cluster.Execute($"CREATE DATABASE {name}");
        var connection = cluster.ConnectionString(name) + ";Pooling=false";
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => TestDatabase.Migrate(DatabaseSettings.Postgresql, connection)));
        await cluster.Execute($"DROP DATABASE {name} WITH (FORCE)");
    }

    [Fact]
    public void The_compiled_model_of_SQLite_is_the_one_that_the_code_makes()
    {
        using var db = new SqlitePortalDb.DesignTime().CreateDbContext([]);
        CompiledModel.DemandNoDrift(db);
    }

    /// <summary>Without a server, too: nothing is asked of it.</summary>
    [Fact]
    public void The_compiled_model_of_PostgreSQL_is_the_one_that_the_code_makes()
    {
        using var db = new PostgresPortalDb.DesignTime().CreateDbContext([]);
        CompiledModel.DemandNoDrift(db);
    }

    private static async Task None_is_pending(TestDatabase database)
    {
        Tools.Require(database.Missing);
        await using (database)
        {
            await database.Create();
            await using var db = database.Open();
            Assert.False(db.Database.HasPendingModelChanges(), "The model has changed: make a migration for each database (Portal.Data.PortalDb says how).");
            Assert.Empty(await db.Database.GetPendingMigrationsAsync(TestContext.Current.CancellationToken));
        }
    }
}
