using Microsoft.EntityFrameworkCore;
using Portal.Accounts;

namespace Portal.Tests.Accounts;

public sealed class PostgresFeedTests(DoorOn<PostgresDatabase> portal) : DoorTests<PostgresDatabase>(portal)
{
    [Fact]
    public async Task What_could_not_be_told_to_other_instances_is_told_once_the_connection_is_there_again()
    {
        var account = await Open(claimed: true);
        await using var other = PortalHost.Start(Fixture.Database, Fixture.AnotherInstance);
        var there = new SemaphoreSlim(0);
        using var subscription = ((AccountFeed)other.Services.GetService(typeof(AccountFeed))!).Subscribe(account, () => there.Release());
        // It may have begun to listen only now: what happens then is told.
        for (var i = 0; !await there.WaitAsync(TimeSpan.FromMilliseconds(200)); i++)
        {
            Assert.True(i < 100, "The other instance was never told.");
            await Door.Submit(Tell(account, $"{account}-{i}", 1));
        }
        await using (var db = Fixture.Database.Open())
        {
            Assert.True(await db.Database.SqlQueryRaw<int>(
                "SELECT count(pg_terminate_backend(pid))::int AS \"Value\" FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'SELECT pg_notify%'").SingleAsync() > 0);
        }
        while (await there.WaitAsync(TimeSpan.FromMilliseconds(500)))
        {
            // What was told before may come late.
        }

        await Door.Submit(Tell(account, $"{account}-last", 1));

        Assert.True(await there.WaitAsync(TimeSpan.FromSeconds(20)));
    }
}
