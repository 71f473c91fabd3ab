using Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Data;

namespace Portal.Tests.Data;

public sealed class UpgradeOnSqlite : Upgrade<SqliteDatabase>;

public sealed class UpgradeOnPostgres : Upgrade<PostgresDatabase>;

/// <summary>
/// A database that the first schema made, with accounts that have lived through all that an account can, is brought up to date: not a nano-dollar is gone,
/// and it goes on from there. What stood in it lies as SQL in Data/Earlier.
/// </summary>
public abstract class Upgrade<TDatabase> where TDatabase : TestDatabase, new()
{
    private const string First = "Initial";

    /// <summary>What the SQL says, added up by SQLite itself.</summary>
    private const string Told = "charges 37.69 = 20 + 17.69 + 0; Grant 244, Charge 37.69, Reallocation 13.56, Expiry 117, Reversal 5.9";

    [Fact]
    public async Task Of_the_first_schema_keeps_every_nano_dollar()
    {
        await using var database = new TDatabase();
        Tools.Require(database.Missing);
        await database.Create();
        await using (var db = database.Open())
        {
            await db.Database.EnsureDeletedAsync();
            await db.GetService<IMigrator>().MigrateAsync(First);
            await Fill(db, database.Provider);
            if (!(await db.Database.GetPendingMigrationsAsync()).Any())
            {
                await LedgerGuards.Create(db);
            }
        }

        await using var host = PortalHost.Start(database);
        var check = host.Services.GetRequiredService<LedgerCheck>();
        var accounts = new List<CheckedAccount>();
        await foreach (var account in check.Accounts())
        {
            accounts.Add(account);
        }
        Assert.Empty(accounts.SelectMany(a => a.Broken));
        Assert.Equal((3, 25L, 6L), (accounts.Count, accounts.Sum(a => a.Entries), accounts.Sum(a => a.Charges)));
        await using var after = database.Open();
        Assert.Equal(Told, await Sums(after));
        Assert.Equal(0, await Months.RowsOutsideAny(after));

        var door = host.Services.GetRequiredService<AccountDoor>();
        foreach (var account in accounts)
        {
            await door.Submit(new RecordUsage(account.Account, "upgrade", account.Account, null, "claude-sonnet-5-5", "headless", null, new Usage { OutputTokens = 100 }, null, Actor.Key("test")));
        }
        Assert.Empty(await check.Broken());
    }

    /// <summary>What every charge and entry comes to.</summary>
    private static async Task<string> Sums(PortalDb db)
    {
        var charges = await db.Set<Charge>().AsNoTracking().ToListAsync();
        var entries = await db.Set<Entry>().AsNoTracking().ToListAsync();
        return $"charges {Money.Sum(charges, c => c.List)} = {Money.Sum(charges, c => c.Credit)} + {Money.Sum(charges, c => c.Extra)} + {Money.Sum(charges, c => c.Uncollected)}; "
            + string.Join(", ", entries.GroupBy(e => e.Kind).OrderBy(g => g.Key).Select(g => $"{g.Key} {Money.Sum(g, e => e.Amount)}"));
    }

    private static async Task Fill(PortalDb db, string provider)
    {
        await db.Database.OpenConnectionAsync();
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Data", "Earlier", $"{provider}.sql"));
        await command.ExecuteNonQueryAsync();
        await db.Database.CloseConnectionAsync();
    }
}
