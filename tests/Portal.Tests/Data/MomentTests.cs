using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Tests.Accounts;

namespace Portal.Tests.Data;

public sealed class MomentsOnSqlite(DoorOn<SqliteDatabase> portal) : MomentTests<SqliteDatabase>(portal);

public sealed class MomentsOnPostgres(DoorOn<PostgresDatabase> portal) : MomentTests<PostgresDatabase>(portal);

/// <summary>An account is never put together from rows of two moments.</summary>
public abstract class MomentTests<TDatabase>(DoorOn<TDatabase> portal) : DoorTests<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    [Fact]
    public async Task What_is_read_in_a_moment_does_not_see_what_is_committed_meanwhile_and_keeps_nobody_from_committing()
    {
        var account = await Open(claimed: true);
        await using var db = Fixture.Database.Open();
        await using (await Moment.Of(db))
        {
            var before = await LastSeq();
            await Door.Submit(Tell(account, $"{account}-1", 5)).WaitAsync(TimeSpan.FromSeconds(10));
            Assert.Equal((before, before), (await LastSeq(), await db.Set<Entry>().LongCountAsync(e => e.Account == account)));
        }
        Assert.Equal(2, await LastSeq());
        await using (await Moment.Of(db))
        {
            Assert.Equal(2, await LastSeq());
        }

        Task<long> LastSeq() => db.Set<Account>().Where(a => a.Key == account).Select(a => a.LastSeq).SingleAsync();
    }
}
