using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.Settings;

namespace Portal.Tests.Accounts;

public sealed class CorrectionsOnSqlite(DoorOn<SqliteDatabase> portal) : CorrectionTests<SqliteDatabase>(portal);

public sealed class CorrectionsOnPostgres(DoorOn<PostgresDatabase> portal) : CorrectionTests<PostgresDatabase>(portal);

/// <summary>Reversals through the door: who may, what is loaded and written for them, and that each charge is reversed once.</summary>
public abstract class CorrectionTests<TDatabase>(DoorOn<TDatabase> portal) : DoorTests<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    private const string Mistake = "The gateway counted it twice.";

    [Fact]
    public async Task A_reversal_gives_back_what_the_charge_took_by_entries_that_name_its_own()
    {
        var account = await Open(claimed: true, cap: Money.FromDollars(5));
        await Door.Submit(Tell(account, $"{account}-1", 1_900));
        await Door.Submit(Tell(account, $"{account}-2", 700));

        var went = Assert.IsType<ReversalOutcome.Reversed>(await Reverse(account, 2)).Went;

        Assert.Equal(new WayBack(Money.FromDollars(1), null, Money.FromDollars(5), Money.Zero, Money.Zero, Money.FromDollars(1)), went);
        var balance = await BalanceOf(account);
        Assert.Equal((Money.FromDollars(1), Money.Zero, Money.Zero), (balance.Credit.Remaining, balance.ExtraUsage.Used, balance.ExtraUsage.Uncollected));
        var reversals = (await Rows<Entry>(e => e.Account == account && e.Kind == EntryKind.Reversal)).OrderBy(e => e.Seq).ToList();
        Assert.Equal([(3L, EntryPool.Credit), (4L, EntryPool.Extra), (5L, EntryPool.None)], reversals.Select(e => (e.Reverses!.Value, e.Pool)));
        Assert.All(reversals, e => Assert.Equal((2, Mistake, Support.Id, Sonnet), (e.Charge, e.Reason, e.Actor, e.Model)));
        var row = Assert.Single(await Rows<ReversedCharge>(r => r.Account == account));
        Assert.Equal((2, Now, Support.Id, Mistake), (row.Charge, row.At, row.Actor, row.Reason));
        var audit = Assert.Single(await Rows<AuditRecord>(a => a.Subject == account && a.Action == "ReverseCharge"));
        Assert.Equal((Support.Id, Mistake, "Reversed", "request-9"), (audit.Actor, audit.Reason, audit.Outcome, audit.RequestId));
        Assert.Equal("""{"charge":2,"extra_used":5000000000,"owed":5000000000,"uncollected":1000000000}""", audit.Before);
        Assert.Equal("""{"charge":2,"credit_left":1000000000}""", audit.After);
    }

    [Fact]
    public async Task Two_instances_at_once_reverse_a_charge_once()
    {
        await using var other = PortalHost.Start(Fixture.Database, Fixture.AnotherInstance);
        var doors = new[] { Door, (AccountDoor)other.Services.GetService(typeof(AccountDoor))! };
        for (var round = 0; round < 5; round++)
        {
            var account = await Open(claimed: true);
            await Door.Submit(Tell(account, $"{account}-1", 300));
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Reverse(account, 1, door: doors[i % 2])));
            Assert.Single(outcomes.OfType<ReversalOutcome.Reversed>());
            Assert.Equal(19, outcomes.OfType<ReversalOutcome.AlreadyReversed>().Count(o => o.Earlier.Reason == Mistake));
            Assert.Equal(Money.FromDollars(20), (await BalanceOf(account)).Credit.Remaining);
        }
    }

    [Fact]
    public async Task A_charge_may_be_reversed_in_the_batch_that_made_it()
    {
        var account = await Open(claimed: true);
        var told = Door.Submit(Tell(account, $"{account}-1", 300));
        var reversed = Reverse(account, 1);
        var again = Reverse(account, 1);
        Assert.IsType<EventAnswer.Recorded>(await told);
        Assert.IsType<ReversalOutcome.Reversed>(await reversed);
        Assert.IsType<ReversalOutcome.AlreadyReversed>(await again);
    }

    [Fact]
    public async Task A_settled_authorizations_charge_is_reversed_and_a_repeat_of_the_settlement_still_answers_it()
    {
        var account = await Open(claimed: true);
        await Door.Submit(Ask(account, $"{account}-a", 400));
        await Door.Submit(new Settle($"{account}-a", Cents(300), null, Gateway));
        Assert.IsType<ReversalOutcome.Reversed>(await Reverse(account, 1));
        var repeat = Assert.IsType<SettleAnswer.Settled>(await Door.Submit(new Settle($"{account}-a", Cents(300), null, Gateway)));
        Assert.Equal(Money.FromDollars(3), repeat.Charge.Credit);
        Assert.Equal(Money.FromDollars(20), (await BalanceOf(account)).Credit.Remaining);
    }

    [Fact]
    public async Task After_the_periods_end_credit_becomes_goodwill_and_extra_a_refund_and_the_final_period_stays()
    {
        var account = await Open(claimed: true, cap: Money.FromDollars(5));
        await Door.Submit(Tell(account, $"{account}-1", 2_200));
        await Door.Submit(Tell(account, $"{account}-2", 100));
        Time.Advance(TimeSpan.FromDays(31));

        // The account has slept since: the reversal's own instant turns its period.
        Assert.Equal(Money.FromDollars(20), Assert.IsType<ReversalOutcome.ExpiryNeeded>(await Reverse(account, 1)).Amount);
        Assert.IsType<ReversalOutcome.ExpiryHasPassed>(await Reverse(account, 1, until: Now));
        var before = await Final(account);
        var went = Assert.IsType<ReversalOutcome.Reversed>(await Reverse(account, 1, until: Now.AddDays(40))).Went;
        Assert.Equal((Money.FromDollars(20), Money.FromDollars(2), Money.FromDollars(2)), (went.Goodwill!.Amount, went.Refunded, went.Refund));
        Assert.IsType<ReversalOutcome.Reversed>(await Reverse(account, 2));

        Assert.Equal(before, await Final(account));
        var over = (await Rows<Grant>(g => g.Account == account)).Single(g => g.Kind == GrantKind.Monthly);
        Assert.Equal((Money.Zero, Money.FromDollars(20), GrantStage.Over), (over.Used, over.Expired, over.Stage));
        var corrections = (await Rows<AccountPeriod>(p => p.Account == account)).Single(p => !p.HasEnded).LateCorrections;
        Assert.Equal([(1L, Money.FromDollars(2)), (2L, Money.FromDollars(1))], corrections.Select(c => (c.Charge, c.Refund)));
    }

    [Fact]
    public async Task Several_reversals_of_final_periods_in_one_batch_see_each_other()
    {
        var account = await Open(cap: Money.FromDollars(9));
        for (var i = 1; i <= 4; i++)
        {
            await Door.Submit(Tell(account, $"{account}-{i}", 200));
        }
        await Door.Submit(new GrantGoodwill(account, Guid.CreateVersion7(), Money.FromDollars(5), Now.AddDays(2), "sorry", "T-1", Support));
        Time.Advance(TimeSpan.FromDays(31));

        // Of 8 of extra 5 moved to a grant that is over: whichever comes first is refunded.
        var outcomes = await Task.WhenAll(Enumerable.Range(1, 4).Select(n => Reverse(account, n, until: Now.AddDays(9))));

        var went = outcomes.Cast<ReversalOutcome.Reversed>().Select(o => o.Went).ToList();
        Assert.Equal(Money.FromDollars(3), Money.Sum(went, w => w.Refund));
        Assert.Equal(Money.FromDollars(5), Money.Sum(went, w => w.Goodwill?.Amount ?? Money.Zero));
        Assert.Equal(Money.FromDollars(5), (await BalanceOf(account)).Credit.Remaining);
    }

    [Fact]
    public async Task What_is_no_charge_or_has_no_reason_is_not_reversed()
    {
        var account = await Open(claimed: true);
        await Door.Submit(Tell(account, $"{account}-1", 300));
        Assert.IsType<ReversalOutcome.UnknownCharge>(await Reverse(account, 2));
        Assert.IsType<ReversalOutcome.UnknownCharge>(await Reverse("nobody", 1));
        Assert.IsType<ReversalOutcome.ReasonMissing>(await Reverse(account, 1, reason: " "));
    }

    [Theory]
    [InlineData("UPDATE reversed_charges SET reason = 'none'")]
    [InlineData("DELETE FROM reversed_charges")]
    [InlineData("UPDATE account_periods SET extra_used = 0 WHERE has_ended")]
    [InlineData("UPDATE account_periods SET late_corrections = '[]' WHERE has_ended")]
    [InlineData("DELETE FROM account_periods WHERE has_ended")]
    [InlineData("INSERT INTO reversed_charges SELECT * FROM reversed_charges")]
    public async Task The_database_itself_keeps_reversals_and_final_periods(string sql)
    {
        var account = await Open(cap: Money.FromDollars(9));
        await Door.Submit(Tell(account, $"{account}-1", 300));
        Time.Advance(TimeSpan.FromDays(31));
        Assert.IsType<ReversalOutcome.Reversed>(await Reverse(account, 1));
        await using var db = Fixture.Database.Open();
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => db.Database.ExecuteSqlRawAsync(sql));
    }

    [Fact]
    public async Task The_check_of_the_ledger_finds_a_reversal_that_is_not_recorded_and_one_that_moved_nothing()
    {
        var account = await Open(claimed: true);
        await Door.Submit(Tell(account, $"{account}-1", 300));
        await Door.Submit(Tell(account, $"{account}-2", 300));
        await Reverse(account, 1);
        await using var db = Fixture.Database.Open();
        await db.Database.ExecuteSqlRawAsync(Fixture.Database.Provider == DatabaseSettings.Postgresql
            ? "DROP TRIGGER reversed_charges_keep_values ON reversed_charges" : "DROP TRIGGER reversed_charges_keep_values");

        await Move(1, 2);
        Assert.Equal(
            [$"{account}: charge 2 is reversed, and no entry says so.", $"{account}: entry 4 reverses entry 2, which is no part of charge 1."],
            (await Get<LedgerCheck>().Broken()).Where(b => b.Contains("revers", StringComparison.Ordinal)).Order());

        await Move(2, 1);
        await LedgerGuards.Create(db);

        Task Move(long from, long to) => db.Set<ReversedCharge>().Where(r => r.Account == account && r.Charge == from)
            .ExecuteUpdateAsync(r => r.SetProperty(x => x.Charge, to));
    }

    private Task<ReversalOutcome> Reverse(string account, long charge, DateTimeOffset? until = null, string reason = Mistake, AccountDoor? door = null) =>
        (door ?? Door).Submit(new ReverseCharge(account, charge, reason, until, Support with { RequestId = "request-9" }));

    /// <summary>What final periods came to, and what they remember.</summary>
    private async Task<string> Final(string account) => string.Join('\n', (await Rows<AccountPeriod>(p => p.Account == account && p.HasEnded)).OrderBy(p => p.Index)
        .Select(p => System.Text.Json.JsonSerializer.Serialize(new { Statement = Statement.Of(p), p.MovedToCredit, p.LateCorrections }, LedgerJson.Options)));
}
