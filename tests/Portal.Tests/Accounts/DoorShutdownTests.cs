using Ledger;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Testing;

namespace Portal.Tests.Accounts;

public sealed class DoorShutdownOnSqlite(DoorOn<SqliteDatabase> portal) : DoorShutdownTests<SqliteDatabase>(portal);

public sealed class DoorShutdownOnPostgres(DoorOn<PostgresDatabase> portal) : DoorShutdownTests<PostgresDatabase>(portal);

/// <summary>What happens to commands when there are too many of them, and when the application stops.</summary>
public abstract class DoorShutdownTests<TDatabase>(DoorOn<TDatabase> portal) : DoorTests<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    [Fact]
    public async Task Stopping_answers_whoever_got_in_and_refuses_whoever_comes_later()
    {
        var account = await Open("max-20x", claimed: true);
        var host = PortalHost.Start(Fixture.Database, Fixture.AnotherInstance);
        var door = host.Services.GetRequiredService<AccountDoor>();
        var told = Enumerable.Range(0, 1_000).Select(i => door.Submit(Tell(account, $"{account}-{i}", 1))).ToList();

        await host.DisposeAsync();

        Assert.All(await Task.WhenAll(told), answer => Assert.IsType<EventAnswer.Recorded>(answer));
        Assert.Equal(1_000, (await Rows<Charge>(c => c.Account == account)).Count);
        await Assert.ThrowsAsync<DoorBusyException>(() => door.Submit(Tell(account, $"{account}-late", 1)));
    }

    [Fact]
    public async Task A_full_door_says_busy_at_once_and_changes_nothing()
    {
        var account = await Open("max-20x", claimed: true);
        var small = Fixture.AnotherInstance with
        {
            Settings = new Dictionary<string, string> { ["Portal:Door:QueueCapacity"] = "10", ["Portal:Door:LargestBatch"] = "1" },
        };
        await using var host = PortalHost.Start(Fixture.Database, small);
        var door = host.Services.GetRequiredService<AccountDoor>();

        var told = Enumerable.Range(0, 200).Select(i => Record.ExceptionAsync(() => door.Submit(Tell(account, $"{account}-{i}", 1))).AsTask()).ToList();
        var failures = (await Task.WhenAll(told)).OfType<Exception>().ToList();

        Assert.NotEmpty(failures);
        Assert.All(failures, failure => Assert.IsType<DoorBusyException>(failure));
        Assert.Equal(200 - failures.Count, (await Rows<Charge>(c => c.Account == account)).Count);
    }

    [Fact]
    public async Task Of_commands_that_come_together_those_with_a_place_are_done_and_all_are_told_busy()
    {
        var account = await Open("max-20x", claimed: true);
        var small = Fixture.AnotherInstance with { Settings = new Dictionary<string, string> { ["Portal:Door:QueueCapacity"] = "10" } };
        await using var host = PortalHost.Start(Fixture.Database, small);
        var door = host.Services.GetRequiredService<AccountDoor>();
        RecordUsage[] all = [.. Enumerable.Range(0, 25).Select(i => Tell(account, $"{account}-{i}", 1))];

        await Assert.ThrowsAsync<DoorBusyException>(() => door.SubmitAll<EventAnswer>(all));

        Assert.Equal(10, (await Rows<Charge>(c => c.Account == account)).Count);
        Assert.Empty(await door.SubmitAll<EventAnswer>([]));
        var repeated = new List<EventAnswer>();
        foreach (var some in all.Chunk(10))
        {
            repeated.AddRange(await door.SubmitAll<EventAnswer>(some));
        }
        Assert.Equal([.. Enumerable.Repeat(typeof(EventAnswer.Duplicate), 10), .. Enumerable.Repeat(typeof(EventAnswer.Recorded), 15)], repeated.Select(answer => answer.GetType()));
    }
}
