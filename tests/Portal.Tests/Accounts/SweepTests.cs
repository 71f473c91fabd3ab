using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;

namespace Portal.Tests.Accounts;

public sealed class SweepOnSqlite(DoorOn<SqliteDatabase> portal) : SweepTests<SqliteDatabase>(portal);

public sealed class SweepOnPostgres(DoorOn<PostgresDatabase> portal) : SweepTests<PostgresDatabase>(portal);

public abstract class SweepTests<TDatabase>(DoorOn<TDatabase> portal) : DoorTests<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    [Fact]
    public async Task An_account_that_cannot_be_read_neither_stops_the_sweep_nor_keeps_others_asleep()
    {
        var (broken, sound) = (await Open(claimed: true), await Open(claimed: true));
        var end = (await Get<Balances>().Account(sound))!.Current.End;
        await Tamper(broken, "x");
        Time.Advance(TimeSpan.FromDays(40));

        await Get<Sweep>().Once();

        Assert.Contains(await Rows<Entry>(e => e.Account == sound), e => e.Kind == EntryKind.Expiry && e.At == end);
        Assert.DoesNotContain(await Rows<Entry>(e => e.Account == broken), e => e.Kind == EntryKind.Expiry);

        await Tamper(broken, "[]");
        await Get<Sweep>().Once();
        Assert.Contains(await Rows<Entry>(e => e.Account == broken), e => e.Kind == EntryKind.Expiry && e.At == end);
    }

    /// <summary>As another program might; the door must not take what it remembers instead.</summary>
    private async Task Tamper(string account, string flows)
    {
        await using var db = Fixture.Database.Open();
        await db.Database.ExecuteSqlAsync($"UPDATE account_periods SET model_flows = {flows} WHERE account = {account}");
        await db.Database.ExecuteSqlAsync($"UPDATE accounts SET version = version + 1 WHERE key = {account}");
    }
}
