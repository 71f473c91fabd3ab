using Ledger;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Data;
using Portal.Tests.Accounts;

namespace Portal.Tests.Data;

/// <summary>A backup taken under load is whole: what was acknowledged before it began is in it, and every account of it adds up.</summary>
public sealed class A_backup_of_SQLite(DoorOn<SqliteDatabase> portal) : DoorTests<SqliteDatabase>(portal), IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Taken_under_load_holds_what_was_acknowledged_and_adds_up()
    {
        var account = await Open(claimed: true, cap: Money.FromDollars(20));
        var acknowledged = 0;
        using var stop = new CancellationTokenSource();
        var load = Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            while (!stop.IsCancellationRequested)
            {
                await Use(account);
                Interlocked.Increment(ref acknowledged);
            }
        }));
        while (Volatile.Read(ref acknowledged) < 50)
        {
            await Task.Yield();
        }
        var before = Volatile.Read(ref acknowledged);
        await Task.Run(() => Backup().Save(_folder.File("backup.db")));
        await stop.CancelAsync();
        await load;

        Assert.Equal(["backup.db"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName));
        Assert.Null(Backup(of: _folder.File("restored.db")).Restore(_folder.File("backup.db"), Now));
        await using var restored = PortalHost.Start(new RestoredDatabase(_folder.File("restored.db")), Fixture.AnotherInstance);
        var told = new StringWriter();
        Assert.Equal(0, await LedgerVerification.Run(restored.Services.GetRequiredService<LedgerCheck>(), told, TextWriter.Null));
        Assert.Contains("every nano-dollar is where the ledger says", told.ToString(), StringComparison.Ordinal);
        await using var db = await restored.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        Assert.InRange(await db.Set<Charge>().CountAsync(), before, acknowledged);
    }

    [Fact]
    public async Task Overwrites_nothing()
    {
        await File.WriteAllTextAsync(_folder.File("there.db"), "mine");
        Assert.Contains("exists already", Refused(() => Backup().Save(_folder.File("there.db"))), StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(_folder.File("there.db")));
    }

    [Fact]
    public void Is_not_restored_over_a_database_in_use()
    {
        Backup().Save(_folder.File("backup.db"));
        Assert.Contains("in use", Refused(() => Backup().Restore(_folder.File("backup.db"), Now)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_not_restored_over_one_that_has_gone_further_and_replaces_one_that_has_not()
    {
        var account = await Open(claimed: true);
        Backup().Save(_folder.File("early.db"));
        await Use(account);
        Backup().Save(_folder.File("late.db"));
        File.Copy(_folder.File("late.db"), _folder.File("portal.db"));
        Assert.Contains("what came since would be gone", Refused(() => Backup(of: _folder.File("portal.db")).Restore(_folder.File("early.db"), Now)), StringComparison.Ordinal);
        var replaced = Backup(of: _folder.File("portal.db")).Restore(_folder.File("late.db"), Now);
        Assert.Equal(await File.ReadAllBytesAsync(_folder.File("late.db")), await File.ReadAllBytesAsync(_folder.File("portal.db")));
        Assert.True(File.Exists(replaced));
    }

    [Fact]
    public async Task Is_not_restored_if_it_is_damaged_of_a_newer_Portal_or_something_else()
    {
        Backup().Save(_folder.File("backup.db"));
        var bytes = await File.ReadAllBytesAsync(_folder.File("backup.db"));
        await File.WriteAllBytesAsync(_folder.File("cut.db"), bytes[..(bytes.Length / 2)]);
        await File.WriteAllTextAsync(_folder.File("text.db"), "This is a letter, and a long one, to somebody who expects a database instead of it.");
        var newer = new SqliteBackup($"Data Source={_folder.File("new.db")}", []);
        Assert.Contains("damaged", Refused(() => Backup(of: _folder.File("new.db")).Restore(_folder.File("cut.db"), Now)), StringComparison.Ordinal);
        Assert.Contains("no database of Portal", Refused(() => Backup(of: _folder.File("new.db")).Restore(_folder.File("text.db"), Now)), StringComparison.Ordinal);
        Assert.Contains("newer Portal", Refused(() => newer.Restore(_folder.File("backup.db"), Now)), StringComparison.Ordinal);
        Assert.Contains("no backup", Refused(() => newer.Restore(_folder.File("none.db"), Now)), StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("new.db")));
    }

    public void Dispose() => _folder.Dispose();

    private Task<EventAnswer> Use(string account) => Door.Submit(new RecordUsage(
        account, "backup", Guid.NewGuid().ToString(), null, Sonnet, "headless", null, new Usage { OutputTokens = 100 }, null, Gateway));

    private SqliteBackup Backup(string? of = null)
    {
        using var db = Fixture.Database.Open();
        return new SqliteBackup(of is null ? Fixture.Database.ConnectionString : $"Data Source={of}", [.. db.Database.GetMigrations()]);
    }

    private static string Refused(Action work) => Assert.Throws<BackupRefusedException>(work).Message;

    /// <summary>A file that is there already.</summary>
    private sealed class RestoredDatabase : TestDatabase
    {
        public RestoredDatabase(string file) => ConnectionString = $"Data Source={file}";

        public override string Provider => "sqlite";

        public override string? Missing => null;

        public override Task Create() => Task.CompletedTask;

        protected override Task Drop() => Task.CompletedTask;
    }
}

public sealed class VerifyLedgerOnSqlite(DoorOn<SqliteDatabase> portal) : VerifyLedger<SqliteDatabase>(portal);

public sealed class VerifyLedgerOnPostgres(DoorOn<PostgresDatabase> portal) : VerifyLedger<PostgresDatabase>(portal);

/// <summary>`verify-ledger` names the account and what does not add up.</summary>
public abstract class VerifyLedger<TDatabase>(DoorOn<TDatabase> portal) : DoorTests<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    [Fact]
    public async Task Names_what_was_changed_beside_Portal()
    {
        var account = await Open(claimed: true);
        Assert.Equal((0, ""), await Verified());
        await Execute($"UPDATE accounts SET last_grant = last_grant + 1 WHERE key = '{account}'");
        var (code, broken) = await Verified();
        Assert.Equal(1, code);
        Assert.Contains($"{account}: the account's last grant is 2, its entries grant 1 times.", broken, StringComparison.Ordinal);
        await Execute($"UPDATE accounts SET last_grant = last_grant - 1 WHERE key = '{account}'");
        Assert.Equal((0, ""), await Verified());
    }

    private async Task<(int Code, string Broken)> Verified()
    {
        var told = new StringWriter();
        var code = await LedgerVerification.Run(Get<LedgerCheck>(), told, TextWriter.Null);
        var lines = told.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return (code, string.Join('\n', lines[..^1]));
    }

    private async Task Execute(string sql)
    {
        await using var db = Fixture.Database.Open();
        await db.Database.ExecuteSqlRawAsync(sql);
    }
}
