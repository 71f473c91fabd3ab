using Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Api;
using Portal.Data;
using Portal.Settings;
using Portal.Testing;

namespace Portal.Tests.Accounts;

public sealed class DoorRulesOnSqlite(DoorOn<SqliteDatabase> portal) : DoorRuleTests<SqliteDatabase>(portal);

public sealed class DoorRulesOnPostgres(DoorOn<PostgresDatabase> portal) : DoorRuleTests<PostgresDatabase>(portal)
{
    [Theory]
    [InlineData("UPDATE accounts SET last_seq = last_seq - 1")]
    [InlineData("UPDATE accounts SET last_charge = last_charge - 1")]
    public async Task The_database_itself_lets_no_number_be_given_twice(string sql)
    {
        var account = await Open(claimed: true);
        await Door.Submit(Tell(account, $"{account}-1", 1));
        await using var db = Fixture.Database.Open();
        Assert.Contains("accounts is append-only", (await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => db.Database.ExecuteSqlRawAsync(sql))).Message, StringComparison.Ordinal);
    }
}

/// <summary>What the door adds to the rules: who may, what is remembered, what happens later, and what the database itself refuses.</summary>
public abstract class DoorRuleTests<TDatabase>(DoorOn<TDatabase> portal) : DoorTests<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    [Fact]
    public async Task Credit_pays_first_and_the_rest_spills_until_the_cap()
    {
        var account = await Open(claimed: true, cap: Money.FromDollars(5));
        Assert.IsType<EventAnswer.Recorded>(await Door.Submit(Tell(account, $"{account}-1", 1_900)));

        var second = Assert.IsType<EventAnswer.Recorded>(await Door.Submit(Tell(account, $"{account}-2", 300)));

        Assert.Equal((Money.FromDollars(1), Money.FromDollars(2)), (second.Charge.Credit, second.Charge.Extra));
        var refused = Assert.IsType<AuthorizeAnswer.Refused>(await Door.Submit(Ask(account, $"{account}-3", 350)));
        Assert.Equal(RefusalCode.CapReached, refused.Refusal.Code);
        Assert.Equal(Money.FromDollars(3), refused.Refusal.Limits.Single(l => l.Name == LimitName.PeriodCap).Remaining);
        Assert.IsType<AuthorizeAnswer.Granted>(await Door.Submit(Ask(account, $"{account}-3", 300)));
        Assert.Equal(350_000_000_0L, (await Rows<RefusalRecord>(r => r.Account == account)).Single().Refusal.Need.Nanos);
    }

    [Fact]
    public async Task A_claim_takes_over_what_extra_usage_had_carried()
    {
        var account = await Open(cap: Money.FromDollars(5));
        await Door.Submit(Tell(account, $"{account}-1", 300));

        await Door.Submit(new ClaimCredit(account, Owner));

        var balance = await BalanceOf(account);
        Assert.Equal((Money.FromDollars(17), Money.Zero), (balance.Credit.Remaining, balance.ExtraUsage.Used));
        Assert.Single(await Rows<Entry>(e => e.Account == account && e.Kind == EntryKind.Reallocation));
    }

    [Fact]
    public async Task Repeats_answer_as_the_first_did_and_other_content_is_told_apart()
    {
        var account = await Open(claimed: true);
        var id = $"{account}-a";
        await Door.Submit(Ask(account, id, 10));
        Assert.True(Assert.IsType<AuthorizeAnswer.Granted>(await Door.Submit(Ask(account, id, 10))).IsRepeat);
        Assert.IsType<AuthorizeAnswer.IdReused>(await Door.Submit(Ask(account, id, 11)));

        var first = Assert.IsType<SettleAnswer.Settled>(await Door.Submit(new Settle(id, Cents(7), null, Gateway)));
        var repeat = Assert.IsType<SettleAnswer.Settled>(await Door.Submit(new Settle(id, Cents(7), null, Gateway)));
        Assert.Equal(first.Charge.Number, repeat.Charge.Number);
        Assert.IsType<SettleAnswer.IdReused>(await Door.Submit(new Settle(id, Cents(8), null, Gateway)));
        Assert.IsType<ReleaseAnswer.AlreadySettled>(await Door.Submit(new Release(id, Gateway)));

        Assert.IsType<EventAnswer.Duplicate>(await Door.Submit(Tell(account, $"{account}-e", 7, authorization: id)));
        Assert.IsType<EventAnswer.Recorded>(await Door.Submit(Tell(account, $"{account}-f", 7)));
        Assert.IsType<EventAnswer.Duplicate>(await Door.Submit(Tell(account, $"{account}-f", 7)));
        Assert.IsType<EventAnswer.Conflict>(await Door.Submit(Tell(account, $"{account}-f", 8)));
    }

    [Fact]
    public async Task A_released_hold_gives_everything_back_and_cannot_be_settled()
    {
        var account = await Open(claimed: true);
        await Door.Submit(Ask(account, $"{account}-r", 500));
        Assert.Equal(Money.FromDollars(5), (await BalanceOf(account)).Credit.Held);
        Assert.IsType<ReleaseAnswer.Released>(await Door.Submit(new Release($"{account}-r", Gateway)));
        Assert.IsType<ReleaseAnswer.Released>(await Door.Submit(new Release($"{account}-r", Gateway)));
        Assert.IsType<SettleAnswer.NotHeld>(await Door.Submit(new Settle($"{account}-r", Cents(1), null, Gateway)));
        Assert.Equal(Money.FromDollars(20), (await BalanceOf(account)).Credit.Remaining);
    }

    [Fact]
    public async Task An_unknown_model_is_parked_and_never_priced_at_zero()
    {
        var account = await Open(claimed: true);
        var usage = Tell(account, $"{account}-p", 5) with { Model = "claude-unheard-of" };
        Assert.IsType<EventAnswer.Parked>(await Door.Submit(usage));
        Assert.IsType<EventAnswer.Parked>(await Door.Submit(usage));
        Assert.IsType<EventAnswer.Conflict>(await Door.Submit(usage with { Surface = "code" }));
        Assert.Empty(await Rows<Charge>(c => c.Account == account));
    }

    [Fact]
    public async Task Only_the_owner_commands_an_account_and_the_role_counts_at_the_next_command()
    {
        var account = await Open();
        await Assert.ThrowsAsync<NotAllowedException>(() => Door.Submit(new ClaimCredit(account, Actor.User("somebody"))));
        await Assert.ThrowsAsync<NotAllowedException>(() => Door.Submit(new ClaimCredit(account, Gateway)));
        await Assert.ThrowsAsync<NotAllowedException>(() => Door.Submit(new ClaimCredit("nobody", Owner)));

        await using var db = Fixture.Database.Open();
        var role = await db.UserRoles.SingleAsync(r => r.UserId == "owner");
        db.Remove(role);
        await db.SaveChangesAsync();
        await Assert.ThrowsAsync<NotAllowedException>(() => Door.Submit(new ClaimCredit(account, Owner)));
        db.Add(role);
        await db.SaveChangesAsync();

        Assert.IsType<ClaimOutcome.Claimed>(await Door.Submit(new ClaimCredit(account, Owner)));
    }

    [Fact]
    public async Task What_a_person_commands_is_an_audit_record_with_before_and_after()
    {
        var account = await Open();
        await Door.Submit(new TurnOnExtraUsage(account, Money.FromDollars(25), "I agree.", Actor.User("owner", "request-7")));
        var record = Assert.Single(await Rows<AuditRecord>(a => a.Subject == account));
        Assert.Equal(("user:owner", "TurnOnExtraUsage", "request-7", "Changed"), (record.Actor, record.Action, record.RequestId, record.Outcome));
        Assert.DoesNotContain("25000000000", record.Before, StringComparison.Ordinal);
        Assert.Contains("25000000000", record.After, StringComparison.Ordinal);
        var change = (await Rows<AccountChange>(c => c.Account == account)).Single(c => c.Kind == AccountChangeKind.ExtraUsageOn);
        Assert.Equal(("I agree.", 2), (change.Consent, change.RateCardVersion));
    }

    [Fact]
    public async Task A_faulty_command_does_not_spoil_the_others_of_its_batch()
    {
        // Several, since a batch is gathered across accounts.
        var accounts = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Open(claimed: true)));
        var broken = await Open(claimed: true);
        await using var db = Fixture.Database.Open();
        await Break("x");
        // Another instance, which does not remember the account.
        await using var other = PortalHost.Start(Fixture.Database, Fixture.AnotherInstance);
        var door = other.Services.GetRequiredService<AccountDoor>();
        var answers = Enumerable.Range(0, 60).Select(i => Record.ExceptionAsync(async () =>
            Assert.IsType<EventAnswer.Recorded>(await door.Submit(Tell(i % 20 == 10 ? broken : accounts[i % 10], $"{broken}-{i}", 1)))).AsTask());
        var failed = await Task.WhenAll(answers);
        Assert.Equal([10, 30, 50], Enumerable.Range(0, 60).Where(i => failed[i] is not null));
        await Break("[]");

        Task Break(string flows) => db.Database.ExecuteSqlAsync($"UPDATE account_periods SET model_flows = {flows} WHERE account = {broken}");
    }

    [Fact]
    public async Task The_sweep_and_a_late_look_write_the_same_entries()
    {
        var (swept, late) = (await Open(claimed: true, cap: Money.FromDollars(5)), await Open(claimed: true, cap: Money.FromDollars(5)));
        foreach (var account in new[] { swept, late })
        {
            await Door.Submit(new ClaimEveryPeriod(account, true, Owner));
            await Door.Submit(Tell(account, $"{account}-1", 1_500));
            await Door.Submit(Ask(account, $"{account}-2", 700));
            await Door.Submit(Tell(account, $"{account}-3", 100));
        }
        for (var day = 0; day < 70; day++)
        {
            Time.Advance(TimeSpan.FromDays(1));
            await Door.Submit(new Wake(swept));
        }
        await Get<Sweep>().Once();

        static string Line(Entry e) => $"{e.Seq} {e.At:O} {e.Kind} {e.Pool} {e.Amount} {e.Period} {e.Grant} {e.CreditAfter} {e.ExtraAfter}";
        var entries = (await Rows<Entry>(e => e.Account == late)).OrderBy(e => e.Seq).Select(Line).ToList();
        Assert.Equal((await Rows<Entry>(e => e.Account == swept)).OrderBy(e => e.Seq).Select(Line), entries);
        Assert.Equal(2, entries.Count(e => e.Contains("Expiry", StringComparison.Ordinal)));
        Assert.Equal(AuthorizationStatus.Expired, (await Rows<Authorization>(a => a.Account == late)).Single().Status);
    }

    [Fact]
    public async Task Pages_here_and_on_another_instance_are_told_after_the_commit()
    {
        var account = await Open(claimed: true);
        await using var other = PortalHost.Start(Fixture.Database, Fixture.AnotherInstance);
        var (here, there) = (new TaskCompletionSource(), new TaskCompletionSource());
        using var hereToo = Get<AccountFeed>().Subscribe(account, () => here.TrySetResult());
        using var thereToo = ((AccountFeed)other.Services.GetService(typeof(AccountFeed))!).Subscribe(account, () => there.TrySetResult());

        await Door.Submit(Tell(account, $"{account}-1", 1));

        await here.Task.WaitAsync(TimeSpan.FromSeconds(10));
        if (Fixture.Database.Provider == DatabaseSettings.Postgresql)
        {
            // It may have begun to listen only now: what happens then is told.
            for (var i = 0; !there.Task.IsCompleted && i < 100; i++)
            {
                await Door.Submit(Tell(account, $"{account}-more-{i}", 1));
                await Task.WhenAny(there.Task, Task.Delay(200));
            }
            Assert.True(there.Task.IsCompleted);
        }
    }

    [Theory]
    [InlineData("UPDATE entries SET amount = amount + 1")]
    [InlineData("DELETE FROM entries")]
    [InlineData("UPDATE charges SET list = list")]
    [InlineData("DELETE FROM charges")]
    [InlineData("UPDATE event_ids SET charge = 7")]
    [InlineData("DELETE FROM event_ids")]
    [InlineData("DELETE FROM parked_events")]
    [InlineData("UPDATE parked_events SET account = account")]
    [InlineData("DELETE FROM event_conflicts")]
    [InlineData("UPDATE event_conflicts SET account = account")]
    [InlineData("DELETE FROM account_changes")]
    [InlineData("UPDATE account_changes SET actor = 'nobody'")]
    [InlineData("DELETE FROM audit_records")]
    [InlineData("UPDATE audit_records SET actor = 'nobody'")]
    [InlineData("UPDATE account_periods SET extra_used = cap + 1")]
    [InlineData("UPDATE account_periods SET extra_held = cap + 1 - extra_used")]
    [InlineData("UPDATE grants SET used = amount + 1")]
    public async Task The_database_itself_refuses(string sql)
    {
        var account = await Open(claimed: true, cap: Money.FromDollars(1));
        await Door.Submit(Tell(account, $"{account}-1", 1));
        await Door.Submit(Tell(account, $"{account}-1", 2));
        await Door.Submit(Tell(account, $"{account}-2", 1) with { Model = "unknown" });
        await using var db = Fixture.Database.Open();
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => db.Database.ExecuteSqlRawAsync(sql));
    }

    [Fact]
    public async Task The_ways_around_the_triggers_are_closed()
    {
        await Open(claimed: true);
        await using var db = Fixture.Database.Open();
        var around = Fixture.Database.Provider == DatabaseSettings.Postgresql
            ? "TRUNCATE entries"
            : "INSERT OR REPLACE INTO entries SELECT * FROM entries";
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => db.Database.ExecuteSqlRawAsync(around));
    }

    [Fact]
    public async Task A_database_without_its_triggers_is_not_durable_enough_to_start_on()
    {
        await using var db = Fixture.Database.Open();
        var log = new LogLines<Readiness>();
        var readiness = new Readiness(Get<IDbContextFactory<PortalDb>>(), log);
        Assert.Empty(await Durability.Problems(db));
        Assert.True(await readiness.IsReady(default));
        await db.Database.ExecuteSqlRawAsync(Fixture.Database.Provider == DatabaseSettings.Postgresql
            ? "DROP TRIGGER entries_keep_rows ON entries" : "DROP TRIGGER entries_keep_rows");
        Assert.Contains("entries_keep_rows", Assert.Single(await Durability.Problems(db)), StringComparison.Ordinal);
        Assert.False(await readiness.IsReady(default));
        Assert.False(await readiness.IsReady(default));
        await LedgerGuards.Create(db);
        Assert.Empty(await Durability.Problems(db));
        Assert.True(await readiness.IsReady(default));
        // Once a change, not once a probe.
        Assert.Equal(2, log.All.Count);
        Assert.Contains("entries_keep_rows", log.All.First(), StringComparison.Ordinal);
    }
}
