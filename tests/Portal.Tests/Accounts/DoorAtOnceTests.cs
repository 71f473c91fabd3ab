using CsCheck;
using Ledger;
using Portal.Accounts;
using Portal.Data;
using Portal.Testing;

namespace Portal.Tests.Accounts;

public sealed class DoorAtOnceOnSqlite(DoorOn<SqliteDatabase> portal) : DoorAtOnceTests<SqliteDatabase>(portal);

public sealed class DoorAtOnceOnPostgres(DoorOn<PostgresDatabase> portal) : DoorAtOnceTests<PostgresDatabase>(portal);

/// <summary>Many callers at once, and two instances on one database ; <c>PORTAL_LAWS</c> in the environment asks for more of it (<see cref="Proof"/>).</summary>
public abstract class DoorAtOnceTests<TDatabase>(DoorOn<TDatabase> portal) : DoorTests<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    [Fact]
    public async Task Five_hundred_parallel_authorizations_near_the_cap_grant_exactly_what_fits()
    {
        var account = await Open(claimed: true, cap: Money.FromDollars(5));
        await Door.Submit(Tell(account, $"{account}-before", 1_990));

        // 10 cents of credit and 500 of extra are left: 170 requests of 3 cents fit, and no 171st.
        var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => Door.Submit(Ask(account, $"{account}-{i}", 3))));

        Assert.Equal(170, answers.OfType<AuthorizeAnswer.Granted>().Count());
        Assert.All(answers.OfType<AuthorizeAnswer.Refused>(), refused => Assert.Equal(RefusalCode.CapReached, refused.Refusal.Code));
        var balance = await BalanceOf(account);
        Assert.Equal(Money.Zero, balance.Credit.Remaining);
        Assert.Equal(Money.FromDollars(5), balance.ExtraUsage.Held);
    }

    [Fact]
    public async Task A_hundred_parallel_claims_grant_once()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, Proof.Times(20, 1_000)), new ParallelOptions { MaxDegreeOfParallelism = 20 }, async (_, _) =>
        {
            var account = await Open();
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Door.Submit(new ClaimCredit(account, Owner))));
            Assert.Single(outcomes.OfType<ClaimOutcome.Claimed>());
            Assert.Equal(99, outcomes.OfType<ClaimOutcome.AlreadyClaimed>().Count());
            Assert.Equal(Money.FromDollars(20), (await BalanceOf(account)).Credit.Granted);
        });
    }

    [Fact]
    public async Task An_event_is_charged_once_however_often_and_wherever_it_is_told()
    {
        await using var other = PortalHost.Start(Fixture.Database, Fixture.AnotherInstance);
        var doors = new[] { Door, (AccountDoor)other.Services.GetService(typeof(AccountDoor))! };
        var accounts = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Open("max-20x", claimed: true)));
        var random = new Random(20261123);
        var told = Enumerable.Range(0, 2_000)
            .SelectMany(i => Enumerable.Repeat(Tell(accounts[i % accounts.Length], $"{accounts[0]}-once-{i}", 1 + i % 7), random.Next(1, 6)))
            .ToArray();
        random.Shuffle(told);

        var answers = await Task.WhenAll(told.Select((usage, i) => doors[i % 2].Submit(usage)));

        Assert.Equal(2_000, answers.OfType<EventAnswer.Recorded>().Count());
        Assert.Equal(told.Length - 2_000, answers.OfType<EventAnswer.Duplicate>().Count());
        var charges = await Rows<Charge>(c => accounts.Contains(c.Account));
        Assert.Equal(2_000, charges.Count);
        Assert.Equal(Enumerable.Range(0, 2_000).Sum(i => 1 + i % 7) * 10_000_000L, charges.Sum(c => c.List.Nanos));
    }

    [Fact]
    public async Task One_id_told_of_two_accounts_on_two_instances_counts_for_one_of_them()
    {
        await using var other = PortalHost.Start(Fixture.Database, Fixture.AnotherInstance);
        var there = (AccountDoor)other.Services.GetService(typeof(AccountDoor))!;
        var (mine, yours) = (await Open(claimed: true), await Open(claimed: true));
        for (var i = 0; i < 20; i++)
        {
            var id = $"{mine}-{i}";
            var events = await Task.WhenAll(Door.Submit(Tell(mine, id, 1)), there.Submit(Tell(yours, id, 1)));
            Assert.Single(events.OfType<EventAnswer.Recorded>());
            Assert.Single(events.OfType<EventAnswer.Conflict>());
            var holds = await Task.WhenAll(Door.Submit(Ask(mine, id, 1)), there.Submit(Ask(yours, id, 1)));
            Assert.Single(holds.OfType<AuthorizeAnswer.Granted>());
            Assert.Single(holds.OfType<AuthorizeAnswer.IdReused>());
        }
    }

    [Fact]
    public async Task No_command_raises_used_and_held_extra_above_the_cap()
    {
        const int AtOnce = 5;
        for (var scenario = 0; scenario < Proof.Times(200, 10_000); scenario += AtOnce)
        {
            var accounts = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => NearTheCap()));
            await Task.WhenAll(Enumerable.Range(0, 50).Select(writer => Task.Run(async () =>
            {
                var random = new Random((scenario * 50) + writer);
                for (var step = 0; step < 2; step++)
                {
                    await RandomCommand(accounts[random.Next(accounts.Length)], $"{accounts[0]}-w{writer}-{step}", random);
                }
            })));
        }
    }

    /// <summary>An account that has a dollar of credit left and extra usage of three.</summary>
    private async Task<string> NearTheCap()
    {
        var account = await Open(claimed: true, cap: Money.FromDollars(3));
        await Door.Submit(Tell(account, $"{account}-before", 1_900));
        return account;
    }

    /// <summary>One step of a scenario; checks that a refusal for a cap was refused only because it did not fit.</summary>
    private async Task RandomCommand(string account, string id, Random random)
    {
        switch (random.Next(10))
        {
            case < 6:
                switch (await Door.Submit(Ask(account, id, random.Next(1, 120))))
                {
                    case AuthorizeAnswer.Granted when random.Next(4) > 0:
                        await Door.Submit(new Settle(id, Cents(random.Next(0, 140)), null, Gateway));
                        break;
                    case AuthorizeAnswer.Granted:
                        await Door.Submit(new Release(id, Gateway));
                        break;
                    case AuthorizeAnswer.Refused(var refusal):
                        var room = Money.Sum(refusal.Limits.Where(l => l.Name is LimitName.Credit or LimitName.PeriodCap), l => l.Remaining);
                        Assert.True(refusal.Need > room, $"{refusal.Need} was refused though {room} remained: {refusal}");
                        break;
                }
                break;
            case 6:
                await Door.Submit(Tell(account, id, random.Next(1, 60)));
                break;
            case 7:
                await Door.Submit(new SetCap(account, Money.FromDollars(random.Next(1, 9)), Owner));
                break;
            case 8:
                await Door.Submit(new TurnOffExtraUsage(account, Owner));
                break;
            default:
                await Door.Submit(new TurnOnExtraUsage(account, Money.FromDollars(random.Next(1, 9)), "I agree.", Owner));
                break;
        }
    }
}
