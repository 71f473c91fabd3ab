using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Tests.Settings;

namespace Portal.Tests.Data;

/// <summary>An application whose audit somebody tampers with who may do everything in the database: first of all they drop the triggers.</summary>
public sealed class TamperedOn<TDatabase> : PortalOn<TDatabase>, IAsyncLifetime where TDatabase : TestDatabase, new()
{
    public const int Records = 40;

    protected override bool KeepsItsAudit => false;

    public new async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        if (Database.Missing is not null)
        {
            return;
        }
        await using var db = Database.Open();
        for (var i = 1; i <= Records; i++)
        {
            db.Add(new AuditRecord
            {
                At = DateTimeOffset.UnixEpoch.AddMinutes(i),
                Actor = $"user:{i}",
                Subject = $"account-{i % 7}",
                Action = "Test",
                Before = i % 3 == 0 ? null : $$"""{"cap":{{i}}}""",
                After = $$"""{"cap":{{i + 1}}}""",
                Outcome = "Done",
            });
        }
        await db.SaveChangesAsync();
        foreach (var trigger in new[] { "audit_records_keep_rows", "audit_records_keep_values", "audit_head_keep_row", "audit_head_keep_growing" })
        {
            var table = trigger.StartsWith("audit_head", StringComparison.Ordinal) ? "audit_head" : "audit_records";
            var drop = $"DROP TRIGGER {trigger}{(db is PostgresPortalDb ? " ON " + table : "")}";
            await db.Database.ExecuteSqlRawAsync(drop);
        }
        await db.Database.ExecuteSqlRawAsync("CREATE TABLE untouched AS SELECT * FROM audit_records");
        await db.Database.ExecuteSqlRawAsync("CREATE TABLE untouched_head AS SELECT * FROM audit_head");
    }
}

public sealed class TamperingOnSqlite(TamperedOn<SqliteDatabase> portal) : AuditTamperTests<SqliteDatabase>(portal);

public sealed class TamperingOnPostgres(TamperedOn<PostgresDatabase> portal) : AuditTamperTests<PostgresDatabase>(portal);

/// <summary>
/// Tampering is found, and at the right record (PROOF row 14). <c>PORTAL_LAWS=long</c> in the environment asks for a thousand of each kind, a number for that many.
/// </summary>
public abstract class AuditTamperTests<TDatabase>(TamperedOn<TDatabase> portal) : IClassFixture<TamperedOn<TDatabase>>, IAsyncLifetime
    where TDatabase : TestDatabase, new()
{
    private const int Records = TamperedOn<TDatabase>.Records;

    private static readonly int _times = Proof.Times(50, 1_000);

    private static readonly string[] _edits =
    [
        "actor = actor || 'x'", "subject = 'account-x'", "action = 'Tests'", "before = NULL", "before = COALESCE(before, '')", "before = after", "after = NULL",
        "outcome = 'done'", "reason = ''", "request_id = ''", "at = (SELECT MAX(at) FROM untouched)",
    ];

    private readonly Random random = new(20261129);

    [Fact]
    public async Task An_edited_record_is_found()
    {
        for (var i = 0; i < _times; i++)
        {
            var (at, edit) = (random.Next(1, Records + 1), _edits[i % _edits.Length]);
            if (await Do($"UPDATE audit_records SET {edit} WHERE id = {at}") == 1 && await Differs(at))
            {
                await Finds(AuditFault.Edited, at, edit);
            }
            await Restore();
        }
    }

    [Fact]
    public async Task A_record_that_was_edited_with_its_hash_made_to_fit_is_found()
    {
        for (var i = 0; i < _times; i++)
        {
            var at = random.Next(1, Records + 1);
            await Do($"UPDATE audit_records SET actor = 'user:another' WHERE id = {at}");
            await HashAnew(at);
            await Finds(AuditFault.Edited, at, "hash made to fit");
            await Restore();
        }
    }

    [Fact]
    public async Task A_removed_record_is_found()
    {
        for (var i = 0; i < _times; i++)
        {
            var at = random.Next(1, Records);
            await Do($"DELETE FROM audit_records WHERE id = {at}");
            await Finds(AuditFault.Removed, at, "removed");

            // The others move up, so that the numbers have no gap.
            await Do($"UPDATE audit_records SET id = id + 1000 WHERE id > {at}");
            await Do("UPDATE audit_records SET id = id - 1001 WHERE id > 1000");
            await Finds(AuditFault.Swapped, at, "removed and moved up");
            await Restore();
        }
    }

    [Fact]
    public async Task Two_swapped_records_are_found_at_the_first()
    {
        for (var i = 0; i < _times; i++)
        {
            var first = random.Next(1, Records);
            var second = random.Next(first + 1, Records + 1);
            await Do($"UPDATE audit_records SET id = CASE id WHEN {first} THEN {second + 1_000} ELSE {first + 1_000} END WHERE id IN ({first}, {second})");
            await Do("UPDATE audit_records SET id = id - 1000 WHERE id > 1000");
            await Finds(AuditFault.Swapped, first, $"swapped with {second}");
            await HashAnew(first);
            await HashAnew(second);
            await Finds(AuditFault.Swapped, first, $"swapped with {second}, hashes made to fit");
            await Restore();
        }
    }

    [Fact]
    public async Task A_cut_tail_is_found_and_one_that_was_cut_with_the_head_by_a_logged_head()
    {
        var logged = await Only<AuditHead>();
        for (var i = 0; i < _times; i++)
        {
            var last = random.Next(0, Records);
            await Do($"DELETE FROM audit_records WHERE id > {last}");
            await Finds(AuditFault.Cut, last + 1, "cut");

            await Do($"UPDATE audit_head SET seq = {last}, hash = COALESCE((SELECT hash FROM untouched WHERE id = {last}), '{AuditHead.NoHash}')");
            Assert.Null((await Verify()).Fault);
            await Finds(AuditFault.Cut, last + 1, "cut with the head", logged);
            await Restore();
        }
    }

    [Fact]
    public async Task A_tail_that_was_written_anew_is_found_by_a_logged_head()
    {
        var logged = await Only<AuditHead>();
        await Do($"UPDATE audit_records SET actor = 'user:another' WHERE id = {Records}");
        await HashAnew(Records);
        await Do($"UPDATE audit_head SET hash = (SELECT hash FROM audit_records WHERE id = {Records})");
        Assert.Null((await Verify()).Fault);
        await Finds(AuditFault.Rewritten, Records, "written anew", logged);
    }

    [Fact]
    public async Task A_record_behind_the_head_and_a_head_that_is_gone_are_found()
    {
        await Do($"UPDATE audit_head SET seq = {Records - 1}, hash = (SELECT hash FROM untouched WHERE id = {Records - 1})");
        await Finds(AuditFault.Added, Records, "behind the head");
        await Do("DELETE FROM audit_head");
        Assert.Equal(AuditFault.NoHead, (await Verify()).Fault);
    }

    [Fact]
    public async Task The_command_says_to_which_record_and_ends_with_its_answer()
    {
        var head = await Only<AuditHead>();
        Assert.Equal((0, $"The audit chain holds: every record from 1 to {Records} is as it was written."), await Command());
        Assert.Equal((1, "--head is to be as the log has it: a number, a colon and 64 hexadecimal digits."), await Command("--head", "17"));

        await Do("UPDATE audit_records SET outcome = 'Refused' WHERE id = 23");

        Assert.Equal((1, "Record 23 was edited: what it says now is not what was written."), await Command("--head", $"{head}"));
    }

    public ValueTask InitializeAsync()
    {
        Tools.Require(portal.Database.Missing);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await Restore();
        GC.SuppressFinalize(this);
    }

    private Task<AuditVerdict> Verify(AuditHead? logged = null) => portal.Host.Services.GetRequiredService<AuditVerification>().Run(logged);

    private async Task Finds(AuditFault fault, long at, string what, AuditHead? logged = null)
    {
        var verdict = await Verify(logged);
        Assert.True(verdict.Fault == fault && verdict.At == at && verdict.Through == Math.Min(at, Records + 1) - 1, $"{what} at {at}: {verdict}");
    }

    private async Task<(int Code, string Line)> Command(params string[] options)
    {
        var ended = await PortalCommand.Run(["verify-audit", .. options, $"--Portal:Database:Provider={portal.Database.Provider}", $"--ConnectionStrings:Portal={portal.Database.ConnectionString}"]);
        return (ended.Code, ended.Output.Split('\n')[0]);
    }

    private async Task<bool> Differs(int at)
    {
        await using var db = portal.Database.Open();
        var record = await db.Set<AuditRecord>().AsNoTracking().SingleAsync(a => a.Id == at);
        return record.HashNow() != record.Hash;
    }

    private async Task HashAnew(int at)
    {
        await using var db = portal.Database.Open();
        var record = await db.Set<AuditRecord>().AsNoTracking().SingleAsync(a => a.Id == at);
        await Do($"UPDATE audit_records SET hash = '{record.HashNow()}' WHERE id = {at}");
    }

    private async Task<T> Only<T>() where T : class
    {
        await using var db = portal.Database.Open();
        return await db.Set<T>().AsNoTracking().SingleAsync();
    }

    /// <summary>What is done here need not survive a power cut, and waiting for the disk would be most of the time.</summary>
    private async Task<int> Do(string sql)
    {
        await using var db = portal.Database.Open();
        var hastily = (db is PostgresPortalDb ? "SET synchronous_commit = off; " : "PRAGMA synchronous = OFF; ") + sql;
        return await db.Database.ExecuteSqlRawAsync(hastily);
    }

    private async Task Restore()
    {
        await Do("DELETE FROM audit_records; INSERT INTO audit_records SELECT * FROM untouched; DELETE FROM audit_head; INSERT INTO audit_head SELECT * FROM untouched_head");
    }
}
