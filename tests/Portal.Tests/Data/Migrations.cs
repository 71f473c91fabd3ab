using Microsoft.EntityFrameworkCore;

namespace Portal.Tests.Data;

/// <summary>The model and its migrations say the same, on both databases: nobody forgot to make one.</summary>
public sealed class Migrations
{
    [Fact]
    public Task None_is_pending_on_SQLite() => None_is_pending(new SqliteDatabase());

    [Fact]
    public Task None_is_pending_on_PostgreSQL() => None_is_pending(new PostgresDatabase());

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
