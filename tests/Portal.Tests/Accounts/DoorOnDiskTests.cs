using Ledger;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Data;
using Portal.Testing;

namespace Portal.Tests.Accounts;

/// <summary>On SQLite the door goes on while the disk works. Nobody is told of anything before it is on disk, and a disk that failed is not believed again.</summary>
public sealed class DoorOnDiskTests(DoorOn<SqliteDatabase> portal) : DoorTests<SqliteDatabase>(portal)
{
    [Fact]
    public async Task Nothing_is_answered_before_it_is_on_disk()
    {
        var (one, other) = (await Open(claimed: true), await Open(claimed: true));
        var disk = new Disk();
        await using var host = Start(disk);
        var door = host.Services.GetRequiredService<AccountDoor>();
        disk.Stops();

        var told = door.Submit(Tell(one, $"{one}-1", 1));
        await Eventually.Holds(async () => (await Rows<Charge>(c => c.Account == one)).Count == 1);
        // The lane goes on: this one is written too while the disk has not answered yet.
        var next = door.Submit(Tell(other, $"{other}-1", 1));
        await Eventually.Holds(async () => (await Rows<Charge>(c => c.Account == other)).Count == 1);
        var repeated = door.Submit(Tell(one, $"{one}-1", 1));

        Assert.False(told.IsCompleted || next.IsCompleted || repeated.IsCompleted);
        disk.GoesOn();
        Assert.IsType<EventAnswer.Recorded>(await told);
        Assert.IsType<EventAnswer.Recorded>(await next);
        Assert.IsType<EventAnswer.Duplicate>(await repeated);
    }

    [Fact]
    public async Task What_may_not_be_on_disk_is_answered_with_busy_and_may_be_repeated()
    {
        var account = await Open(claimed: true);
        var disk = new Disk();
        await using var host = Start(disk);
        var door = host.Services.GetRequiredService<AccountDoor>();
        Assert.IsType<EventAnswer.Recorded>(await door.Submit(Tell(account, $"{account}-1", 1)));
        disk.Failure = new IOException("The disk is gone.");

        await Assert.ThrowsAsync<DoorBusyException>(() => door.Submit(Tell(account, $"{account}-2", 1)));
        disk.Failure = null;

        Assert.IsType<EventAnswer.Duplicate>(await door.Submit(Tell(account, $"{account}-2", 1)));
        Assert.Equal(2, disk.Opened);
    }

    [Fact]
    public async Task After_a_failure_no_flush_is_believed_until_the_log_has_gone_into_the_file()
    {
        var bulk = new SqliteBulk();
        await using var db = Fixture.Database.Open();
        await bulk.Open(db);
        await db.Database.ExecuteSqlRawAsync("CREATE TABLE on_disk (n INTEGER)");
        Assert.Null(await Flush(bulk.Flush));

        bulk.Log!.HasFailed = true;
        Assert.NotNull(await Flush(bulk.Flush));
        await using var again = Fixture.Database.Open();
        await bulk.Open(again);

        Assert.Null(await Flush(bulk.Flush));
        Assert.Equal(0, new FileInfo($"{((SqliteConnection)again.Database.GetDbConnection()).DataSource}-wal").Length);
        await db.Database.ExecuteSqlRawAsync("DROP TABLE on_disk");
    }

    [Fact]
    public async Task A_log_that_cannot_be_flushed_says_so_and_goes_on_saying_so()
    {
        Tools.Require(OperatingSystem.IsLinux() ? null : "What no system can flush is made as on Linux.");
        using var folder = new TemporaryFolder();
        // A pipe has no disk under it.
        using var made = System.Diagnostics.Process.Start("mkfifo", [folder.File("portal.db-wal")]);
        await made.WaitForExitAsync();
        using var log = new SqliteLog(folder.File("portal.db"));

        Assert.NotNull(await Flush(log.Flush));
        Assert.True(log.HasFailed);
        Assert.NotNull(await Flush(log.Flush));
    }

    private static Task<IOException?> Flush(Action<Action<IOException?>> flush)
    {
        var done = new TaskCompletionSource<IOException?>(TaskCreationOptions.RunContinuationsAsynchronously);
        flush(done.SetResult);
        return done.Task;
    }

    private PortalHost Start(Disk disk) => PortalHost.Start(Fixture.Database, Fixture.AnotherInstance with
    {
        Services = services => services.AddSingleton<BulkWriter>(new OnDisk(new SqliteBulk(), disk)),
    });
}
