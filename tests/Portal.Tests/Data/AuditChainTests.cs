using Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Portal.Accounts;
using Portal.Data;
using Portal.Keys;
using Portal.SignIn;
using Portal.Tests.Accounts;

namespace Portal.Tests.Data;

public sealed class AuditChainOnSqlite(DoorOn<SqliteDatabase> portal) : AuditChainTests<SqliteDatabase>(portal);

public sealed class AuditChainOnPostgres(DoorOn<PostgresDatabase> portal) : AuditChainTests<PostgresDatabase>(portal)
{
    [Fact]
    public async Task Usage_never_waits_for_the_head_and_a_command_waits_for_it_alone()
    {
        var account = await Open(claimed: true);
        await using var db = Fixture.Database.Open();
        await using var holds = await db.Database.BeginTransactionAsync();
        await db.Database.ExecuteSqlAsync($"SELECT seq FROM audit_head FOR UPDATE");

        Assert.IsType<EventAnswer.Recorded>(await Door.Submit(Tell(account, $"{account}-1", 5)).WaitAsync(TimeSpan.FromSeconds(10)));

        var waits = Door.Submit(new TurnOnExtraUsage(account, Money.FromDollars(5), "I agree.", Owner));
        Assert.False(waits.IsCompleted);
        await holds.RollbackAsync();
        Assert.IsType<ExtraUsageOutcome.Changed>(await waits.WaitAsync(TimeSpan.FromSeconds(10)));
    }
}

/// <summary>Every audit record follows the one before it, whoever wrote it, on whichever instance.</summary>
public abstract class AuditChainTests<TDatabase>(DoorOn<TDatabase> portal) : DoorTests<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    [Fact]
    public async Task Writers_of_every_kind_at_once_on_two_instances_make_one_chain()
    {
        var before = await Head();
        await using var other = PortalHost.Start(Fixture.Database, Fixture.AnotherInstance);
        var account = await Open(claimed: true);
        var writers = Enumerable.Range(0, 60).Select(i => Task.Run(async () =>
        {
            var services = i % 2 == 0 ? Fixture.Host.Services : other.Services;
            await using var scope = services.CreateAsyncScope();
            await (i % 4 < 2
                ? services.GetRequiredService<AccountDoor>().Submit(new ClaimEveryPeriod(account, i % 8 < 4, Owner))
                : i % 3 == 0
                    ? scope.ServiceProvider.GetRequiredService<PasswordFailures>().Count("somebody")
                    : i % 3 == 1
                        ? services.GetRequiredService<PersonalTokens>().Make(account, $"token {i}", 30, Owner)
                        : scope.ServiceProvider.GetRequiredService<Invitations>().FindOrCreate($"person-{i}@example.org", Roles.Subscriber));
        }));
        await Task.WhenAll(writers).WaitAsync(TimeSpan.FromSeconds(60));

        var verdict = await Get<AuditVerification>().Run();

        Assert.Equal((null, (await Head()).Seq), (verdict.Fault, verdict.Through));
        Assert.Equal(before.Seq + 61, verdict.Through);
        Assert.Equal(Enumerable.Range(1, (int)verdict.Through).Select(i => (long)i), (await Rows<AuditRecord>(_ => true)).Select(r => r.Id).Order());
    }

    [Fact]
    public async Task A_record_that_nobody_chained_is_taken_by_no_way()
    {
        await using var db = Fixture.Database.Open();
        var record = new AuditRecord { At = Now, Actor = "user:owner", Subject = "account", Action = "Test", Outcome = "Done" };
        db.Add(record);
        Assert.Throws<NotSupportedException>(() => db.SaveChanges());

        await using var transaction = await db.Database.BeginTransactionAsync();
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() =>
        {
            var writes = Get<BulkWriter>().Gather(db);
            writes.Insert([record]);
            return writes.Send(default);
        });
    }

    [Fact]
    public async Task What_fails_leaves_no_gap_and_its_record_waits_for_the_next_try()
    {
        var before = await Head();
        await using var db = Fixture.Database.Open();
        var record = new AuditRecord { At = Now, Actor = "user:owner", Subject = "account", Action = "Test", Outcome = "Done" };
        var taken = new User { Id = "owner", UserName = "another" };
        db.Add(record);
        db.Add(taken);
        await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());
        Assert.Equal(before.Seq, (await Head()).Seq);

        db.Entry(taken).State = EntityState.Detached;
        await db.SaveChangesAsync();

        Assert.Equal((before.Seq + 1, before.Hash), (record.Id, record.Previous));
        Assert.Equal((record.Id, record.Hash), ((await Head()).Seq, (await Head()).Hash));
    }

    [Fact]
    public async Task What_is_read_hashes_to_what_was_written_whatever_it_says()
    {
        await using var db = Fixture.Database.Open();
        db.Add(new AuditRecord
        {
            At = Period.ToMicrosecond(new DateTimeOffset(2026, 11, 29, 23, 59, 59, TimeSpan.FromHours(2)).AddTicks(1_234_567)),
            Actor = "user:ä",
            Subject = "1:x,-,",
            Action = "Test",
            Before = "",
            After = """{"text":"\u0022 ' \n, 漢字 🙂"}""",
            Outcome = "Done",
            Reason = "line\r\nbreak",
        });
        await db.SaveChangesAsync();
        Assert.Null((await Get<AuditVerification>().Run()).Fault);
    }

    [Fact]
    public void The_form_that_is_hashed_is_the_one_that_the_documentation_tells()
    {
        // Worked out with: printf '14:portal audit 1,64:000...0,1:1,1:0,6:portal,4:acct,4:Test,-,2:{},4:Done,-,-,' | sha256sum
        var record = new AuditRecord { At = DateTimeOffset.UnixEpoch, Actor = "portal", Subject = "acct", Action = "Test", After = "{}", Outcome = "Done" };
        record.Follow(new AuditHead());
        Assert.Equal((1, "d6ad55dfa8d0001025e36f270bb78cb3ee09ba67d5abc733fd95dcf59517d160"), (record.Id, record.Hash));
    }

    [Fact]
    public async Task The_database_lets_the_head_only_go_on()
    {
        await Open(claimed: true);
        await using var db = Fixture.Database.Open();
        foreach (var sql in new[] { "UPDATE audit_head SET seq = seq - 1", "UPDATE audit_head SET hash = previous FROM audit_records", "DELETE FROM audit_head" })
        {
            await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => db.Database.ExecuteSqlRawAsync(sql));
        }
    }

    [Fact]
    public async Task The_head_goes_into_the_log_every_hour_and_at_the_end_as_the_command_takes_it()
    {
        await Open(claimed: true);
        var (time, log) = (new WaitedFor(), new LogLines<AuditHeadLog>());
        using var heads = new AuditHeadLog(Get<IDbContextFactory<PortalDb>>(), time, log);
        await heads.StartAsync(default);
        await time.Waits.WaitAsync(Eventually.Patience);
        time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1));
        Assert.Empty(log.All);

        time.Advance(TimeSpan.FromMilliseconds(1));

        await Eventually.Holds(() => log.All.Count == 1);
        Assert.Equal($"The audit chain's head is {await Head()}", log.All.Single());
        Assert.Matches("is [0-9]+:[0-9a-f]{64}$", log.All.Single());
        await Open(claimed: true);
        await heads.StopAsync(default);
        Assert.Equal($"The audit chain's head is {await Head()}", log.All.Last());
    }

    private async Task<AuditHead> Head() => (await Rows<AuditHead>(_ => true)).Single();

    /// <summary>A clock that says when somebody has begun to wait for it.</summary>
    private sealed class WaitedFor : FakeTimeProvider
    {
        public SemaphoreSlim Waits { get; } = new(0);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Waits.Release();
            return timer;
        }
    }
}
