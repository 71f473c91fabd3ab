using Ledger;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Accounts;
using Portal.Data;
using Portal.Tests.Accounts;

namespace Portal.Tests.Data;

/// <summary>On PostgreSQL charges and entries lie in months: made ahead, safe beside each other, as guarded as the whole.</summary>
public sealed class MonthTests(DoorOn<PostgresDatabase> portal) : DoorTests<PostgresDatabase>(portal), IClassFixture<DoorOn<PostgresDatabase>>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_charge_lies_in_the_month_in_which_it_was_recorded_and_its_entries_beside_it()
    {
        var account = await Open(claimed: true);
        await Door.Submit(Tell(account, $"{account}-1", 1));
        Assert.Equal([Table("charges", Now)], await LiesIn("charges", account));
        Assert.Equal([Table("entries", Now)], await LiesIn("entries", account));

        Time.Advance(Months.Of(Now).AddMonths(1) - Now);
        await Door.Submit(Tell(account, $"{account}-2", 1));
        Assert.Equal([Table("charges", Now.AddMonths(-1)), Table("charges", Now)], await LiesIn("charges", account));

        // The last microsecond of a month is of it, whatever zone the server is in.
        Time.Advance(Months.Of(Now).AddMonths(1) - Now - TimeSpan.FromMicroseconds(1));
        await Door.Submit(Tell(account, $"{account}-3", 1));
        Assert.Equal(2, (await LiesIn("charges", account)).Count);
    }

    [Fact]
    public async Task Months_are_there_ahead_and_made_once_by_however_many_instances()
    {
        Time.Advance(TimeSpan.FromDays(31));
        await using var db = Fixture.Database.Open();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            await using var another = Fixture.Database.Open();
            await Months.Make(another, Now, cancel: Cancel);
        }));

        var tables = (await Months.Partitions(db, Cancel)).Select(p => p.Partition).ToList();
        Assert.Equal(tables.Count, tables.Distinct().Count());
        Assert.All(Enumerable.Range(0, Months.Ahead + 1), ahead => Assert.All(Months.Tables, table => Assert.Contains(Table(table.Name, Months.Of(Now).AddMonths(ahead)), tables)));
        Assert.All(Months.Tables, table => Assert.Contains(table.Rest, tables));
    }

    [Fact]
    public async Task What_no_month_takes_is_taken_all_the_same_and_the_next_start_moves_it()
    {
        var account = await Open(claimed: true);
        await Get<Sweep>().Once(Cancel);
        Time.Advance(TimeSpan.FromDays(31 * (Months.Ahead + 3)));
        await Door.Submit(Tell(account, $"{account}-1", 1));
        Assert.Equal(["charges_default"], await LiesIn("charges", account));

        // A round leaves those months out, so that it cannot fail, and nobody waits for it.
        await Get<Sweep>().Once(Cancel);
        await using var db = Fixture.Database.Open();
        Assert.True(await Months.RowsOutsideAny(db, Cancel) > 0);
        Assert.Contains(Table("charges", Now.AddMonths(Months.Ahead)), (await Months.Partitions(db, Cancel)).Select(p => p.Partition));
        var before = await Sum(db);

        await using (PortalHost.Start(Fixture.Database, Fixture.AnotherInstance))
        {
            Assert.Equal(0, await Months.RowsOutsideAny(db, Cancel));
        }
        Assert.Equal([Table("charges", Now)], await LiesIn("charges", account));
        Assert.Equal(before, await Sum(db));
        Assert.Empty(await Durability.Problems(db));
    }

    [Theory]
    [InlineData("UPDATE {0} SET account = account")]
    [InlineData("DELETE FROM {0}")]
    [InlineData("TRUNCATE {0}")]
    public async Task Each_month_is_as_append_only_as_the_whole(string sql)
    {
        var account = await Open(claimed: true);
        await Door.Submit(Tell(account, $"{account}-1", 1));
        await using var db = Fixture.Database.Open();
        foreach (var table in new[] { "charges", "entries", Table("charges", Now), Table("entries", Now) })
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => Execute(db, string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, table)));
            Assert.Contains("append-only", refused.MessageText, StringComparison.Ordinal);
        }
        await Assert.ThrowsAsync<PostgresException>(() => Execute(db, "TRUNCATE charges_default"));
    }

    [Fact]
    public async Task A_month_without_its_triggers_is_not_durable_enough_to_start_on()
    {
        await Get<Sweep>().Once(Cancel);
        await using var db = Fixture.Database.Open();
        Assert.Empty(await Durability.Problems(db));
        var month = Table("entries", Now);
        await Execute(db, $"DROP TRIGGER entries_keep_all ON {month}");
        await Execute(db, $"ALTER TABLE {month} DISABLE TRIGGER entries_keep_rows");
        Assert.Equal(["entries_keep_rows", "entries_keep_all"], (await Durability.Problems(db)).Select(p => p.Split(' ')[2]));
        Assert.All(await Durability.Problems(db), problem => Assert.Contains(month, problem, StringComparison.Ordinal));

        await LedgerGuards.Create(db);
        Assert.Empty(await Durability.Problems(db));
    }

    [Fact]
    public async Task A_number_is_taken_once_by_the_key_of_its_month_and_by_an_account_that_never_counts_back()
    {
        var account = await Open(claimed: true);
        await Door.Submit(Tell(account, $"{account}-1", 1));
        await using var db = Fixture.Database.Open();
        await Refused(PostgresErrorCodes.UniqueViolation, Copied("entries", "at + interval '1 microsecond'"));
        await Refused(PostgresErrorCodes.UniqueViolation, Copied("charges", "recorded_at + interval '1 microsecond'"));
        await Refused(PostgresErrorCodes.RaiseException, $"UPDATE accounts SET last_seq = last_seq - 1 WHERE key = '{account}'");
        await Refused(PostgresErrorCodes.RaiseException, $"UPDATE accounts SET last_charge = 0 WHERE key = '{account}'");

        // What a hand writes into another month no key refuses: the check of the ledger finds it.
        await Execute(db, Copied("entries", "at + interval '1 month'"));
        await Execute(db, Copied("charges", "recorded_at + interval '1 month'"));
        foreach (var linesAtOnce in new[] { 1, 2, 100 })
        {
            var broken = (await LedgerCheck.Fold(db, account, Cancel, linesAtOnce)).Broken;
            Assert.Contains(broken, b => b.Law == LedgerLaw.Entries && b.Says.Contains("a gap or a repeat", StringComparison.Ordinal));
            Assert.Contains(broken, b => b.Law == LedgerLaw.Charges && b.Says.Contains("charge 1 follows charge 1: a gap or a repeat", StringComparison.Ordinal));
        }

        foreach (var (table, at) in new[] { ("entries", "at"), ("charges", "recorded_at") })
        {
            await Execute(db, $"ALTER TABLE {table} DISABLE TRIGGER {table}_keep_rows");
            await Execute(db, $"DELETE FROM {table} WHERE account = '{account}' AND {at} >= '{Now.AddDays(20):O}'");
            await Execute(db, $"ALTER TABLE {table} ENABLE TRIGGER {table}_keep_rows");
        }
        Assert.Empty(await Durability.Problems(db));

        async Task Refused(string state, string sql) => Assert.Equal(state, (await Assert.ThrowsAsync<PostgresException>(() => Execute(db, sql))).SqlState);

        string Copied(string table, string at) =>
            $"CREATE TEMPORARY TABLE copied AS SELECT * FROM {table} WHERE account = '{account}'; UPDATE copied SET {at.Split(' ')[0]} = {at}; INSERT INTO {table} SELECT * FROM copied; DROP TABLE copied";
    }

    [Fact]
    public async Task The_whole_has_the_indexes_and_checks_of_before()
    {
        await using var db = Fixture.Database.Open();
        Assert.Equal(
            ["ix_charges_included", "ix_charges_late", "ix_charges_model_recorded_at", "ix_entries_other_than_charges"],
            await db.Database.SqlQueryRaw<string>("SELECT indexname AS \"Value\" FROM pg_indexes WHERE tablename IN ('charges', 'entries') ORDER BY 1").ToListAsync(Cancel));
        Assert.Equal(
            ["charge_parts_are_the_whole", "entry_amount_is_not_negative"],
            await db.Database.SqlQueryRaw<string>("SELECT conname AS \"Value\" FROM pg_constraint WHERE conrelid IN ('charges'::regclass, 'entries'::regclass) ORDER BY 1").ToListAsync(Cancel));
        foreach (var (table, partition) in await Months.Partitions(db, Cancel))
        {
            var key = $"SELECT substring(pg_get_indexdef(indexrelid) from '\\((.*)\\)') AS \"Value\" FROM pg_index WHERE indrelid = '{partition}'::regclass AND indisprimary";
            Assert.Equal($"account, {table.Number}", await db.Database.SqlQueryRaw<string>(key).SingleAsync(Cancel));
        }
    }

    private static string Table(string table, DateTimeOffset month) => $"{table}_{month.UtcDateTime:yyyy_MM}";

    private async Task<List<string>> LiesIn(string table, string account)
    {
        await using var db = Fixture.Database.Open();
        var partitions = $"SELECT DISTINCT tableoid::regclass::text AS \"Value\" FROM {table} WHERE account = '{account}' ORDER BY 1";
        return await db.Database.SqlQueryRaw<string>(partitions).ToListAsync(Cancel);
    }

    private static async Task<string> Sum(PortalDb db) => await db.Database.SqlQueryRaw<string>(
        "SELECT (SELECT count(*) || ' ' || sum(list) FROM charges) || ', ' || (SELECT count(*) || ' ' || sum(amount) FROM entries) AS \"Value\"").SingleAsync(Cancel);

    private static Task<int> Execute(PortalDb db, string sql) => db.Database.ExecuteSqlRawAsync(sql, Cancel);
}
