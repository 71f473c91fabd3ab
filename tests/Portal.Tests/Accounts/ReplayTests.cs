using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Terms;

namespace Portal.Tests.Accounts;

public sealed class ReplaysOnSqlite(DoorOn<SqliteDatabase> portal) : ReplayTests<SqliteDatabase>(portal);

public sealed class ReplaysOnPostgres(DoorOn<PostgresDatabase> portal) : ReplayTests<PostgresDatabase>(portal);

/// <summary>Histories that went through the door, read back and replayed.</summary>
public abstract class ReplayTests<TDatabase>(DoorOn<TDatabase> portal) : DoorTests<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    [Fact]
    public async Task A_history_under_the_same_terms_comes_to_what_its_periods_say()
    {
        var (account, opened) = (await Open(), Now);
        await Live(account);
        Assert.Equal((await Really(account)).Select(Told), (await Replay(account, opened, await Same())).Select(Told));
    }

    [Fact]
    public async Task It_may_begin_with_any_later_period_with_what_was_set_held_and_left_before()
    {
        var account = await Open();
        await Live(account);
        var really = await Really(account);
        foreach (var period in really)
        {
            var replayed = await Replay(account, period.Start.AddDays(12), await Same());
            Assert.Equal(really.Where(p => p.Index >= period.Index).Select(Told), replayed.Select(Told));
        }
    }

    [Fact]
    public async Task Several_terms_are_compared_in_one_reading()
    {
        var (account, opened) = (await Open(claimed: true, cap: Money.FromDollars(5)), Now);
        await Door.Submit(Tell(account, $"{account}-1", 2_300));
        await Door.Submit(Ask(account, $"{account}-2", 900));
        var book = await Get<PriceBooks>().InForce();
        var dearer = book.RateCardAt(Now)!;
        dearer = new RateCard(99, opened.AddDays(-20), [.. dearer.Models.Values.Select(m => m with { Tiers = [.. m.Tiers.Select(t => t with { Output = t.Output + t.Output })] })],
            dearer.Batch, dearer.RegionUs, dearer.WebSearchFee);
        var progress = new Reports();

        var replayed = await Get<Replays>().Run(account, opened, [new(book), new(book) { Plan = "max-5x" }, new(book.With(dearer))], progress);

        Assert.Equal((account, 3), (replayed!.Account, replayed.Under.Count));
        Assert.Equal(
            [
                "0: fee 20, credit 20 used 20 lost 0, extra 3 owed 3, uncollected 0, requests 1/0/1/0",
                "0: fee 100, credit 100 used 23 lost 0, extra 0 owed 0, uncollected 0, requests 1/0/0/1",
                "0: fee 20, credit 20 used 20 lost 0, extra 5 owed 5, uncollected 21, requests 1/0/1/0",
            ],
            replayed.Under.Select(u => ToldWithRequests(Assert.Single(u))));
        Assert.Equal(new ReplayProgress(1, 5), progress.Last);
        Assert.Null(await Get<Replays>().Run("nobody", opened, [new(book)]));
    }

    [Fact]
    public async Task All_accounts_come_one_after_another_each_as_it_comes_alone()
    {
        await Open();
        var (busy, from) = (await Open(), Now);
        await Open("enterprise-standard");
        await Live(busy);
        await Put(await Open(), AccountStatus.Closed);
        var terms = await Same();
        await using var db = Fixture.Database.Open();
        var keys = await db.Set<Account>().Select(a => a.Key).OrderBy(k => k).ToListAsync();

        var all = await Get<Replays>().RunAll(from, [terms]).ToListAsync();

        Assert.Equal(keys, all.Select(r => r.Account));
        foreach (var one in all)
        {
            Assert.Equal((await Replay(one.Account, from, terms)).Select(Told), one.Under[0].Select(Told));
        }
    }

    [Fact]
    public async Task A_charge_that_was_reversed_is_left_out()
    {
        var (account, opened) = (await Open(claimed: true), Now);
        await Door.Submit(Tell(account, $"{account}-1", 300));
        await Door.Submit(Tell(account, $"{account}-2", 400));
        Assert.IsType<ReversalOutcome.Reversed>(await Door.Submit(new ReverseCharge(account, 1, "Told twice.", null, Support)));
        Assert.Equal(["0: fee 20, credit 20 used 4 lost 0, extra 0 owed 0, uncollected 0, requests 1/0/0/0"], (await Replay(account, opened, await Same())).Select(ToldWithRequests));
    }

    /// <summary>Three months in which much happens, some of it over boundaries: every hold is settled with what it held.</summary>
    private async Task Live(string account)
    {
        await Later(TimeSpan.FromHours(1));
        await Door.Submit(new ClaimCredit(account, Owner));
        await Later(TimeSpan.FromHours(1));
        await Door.Submit(new TurnOnExtraUsage(account, Money.FromDollars(50), "I agree.", Owner));
        for (var week = 0; week < 12; week++)
        {
            var id = $"{account}-{week}";
            await Later(TimeSpan.FromDays(6));
            var held = await Door.Submit(Ask(account, $"{id}-a", 110 + week, ttlSeconds: 86_400)) is AuthorizeAnswer.Granted;
            await Later(TimeSpan.FromHours(1));
            await Door.Submit(Tell(account, $"{id}-b", 250 + 50 * week));
            await Later(TimeSpan.FromMinutes(1));
            Assert.IsType<AuthorizeAnswer.Refused>(await Door.Submit(Ask(account, $"{id}-c", 100_000)));
            await Later(TimeSpan.FromHours(20));
            Assert.Equal(held, await Door.Submit(new Settle($"{id}-a", Cents(110 + week), null, Gateway)) is SettleAnswer.Settled);
            Assert.True(held || week > 8);
            await Later(TimeSpan.FromMinutes(1));
            await (week switch
            {
                2 => Door.Submit(new ClaimEveryPeriod(account, true, Owner)),
                3 => Door.Submit(new GrantGoodwill(account, Guid.CreateVersion7(), Money.FromDollars(4), Now.AddDays(40), "sorry", "T-1", Support)),
                4 => Door.Submit(new SetDailyCap(account, Money.FromDollars(9), Owner)),
                5 => Door.Submit(new ChangePlan(account, "max-5x", Owner)),
                7 => Door.Submit(new ChangePlan(account, "pro", Owner)),
                8 => Door.Submit(new SetCap(account, Money.FromDollars(3), Owner)),
                10 => Door.Submit(new CancelPlan(account, Owner)),
                11 => (Task)Put(account, AccountStatus.Open),
                _ => Task.CompletedTask,
            });
        }
        // If the account has closed meanwhile, it was opened again; if not, the cancellation is taken back.
        await Door.Submit(new KeepPlan(account, Owner));
        // A hold that is open over a period's end, and one that was given after it and settled before.
        var end = (await Get<Balances>().Account(account))!.Current.End;
        await Later(end - Now - TimeSpan.FromMinutes(5));
        await Door.Submit(new ClaimCredit(account, Owner));
        await Later(TimeSpan.FromSeconds(1));
        Assert.IsType<AuthorizeAnswer.Granted>(await Door.Submit(Ask(account, $"{account}-over", 70)));
        await Later(TimeSpan.FromMinutes(10));
        Assert.IsType<AuthorizeAnswer.Granted>(await Door.Submit(Ask(account, $"{account}-new", 30)));
        await Later(TimeSpan.FromSeconds(1));
        Assert.IsType<SettleAnswer.Settled>(await Door.Submit(new Settle($"{account}-new", Cents(30), null, Gateway)));
        await Later(TimeSpan.FromSeconds(1));
        Assert.IsType<SettleAnswer.Settled>(await Door.Submit(new Settle($"{account}-over", Cents(70), null, Gateway)));
        await Later(TimeSpan.FromDays(1));
        await Door.Submit(new Wake(account));
    }

    private Task Later(TimeSpan time)
    {
        Time.Advance(time);
        return Task.CompletedTask;
    }

    private async Task Put(string account, AccountStatus status) =>
        Assert.IsType<PutAnswer.Done>(await Door.Submit(new PutAccount(account, "owner", (await Get<Balances>().Account(account))!.Plan, null, status, Gateway)));

    private async Task<ReplayTerms> Same() => new(await Get<PriceBooks>().InForce());

    private async Task<IReadOnlyList<ReplayedPeriod>> Replay(string account, DateTimeOffset from, ReplayTerms terms) =>
        (await Get<Replays>().Run(account, from, [terms]))!.Under[0];

    private async Task<List<AccountPeriod>> Really(string account) => [.. (await Rows<AccountPeriod>(p => p.Account == account)).OrderBy(p => p.Index)];

    private static string Told(AccountPeriod p) =>
        $"{p.Index}: fee {p.Fee}, credit {p.CreditGranted} used {p.CreditUsed} lost {p.CreditExpired}, extra {p.ExtraUsed} owed {p.Owed}, uncollected {p.Uncollected}";

    private static string Told(ReplayedPeriod p) =>
        $"{p.Period.Index}: fee {p.Fee}, credit {p.CreditGranted} used {p.CreditUsed} lost {p.CreditExpired}, extra {p.ExtraUsed} owed {p.Owed}, uncollected {p.Uncollected}";

    private static string ToldWithRequests(ReplayedPeriod p) =>
        $"{Told(p)}, requests {p.Requests.Carried}/{p.Requests.Refused}/{p.Requests.RefusedAgain}/{p.Requests.NowAllowed}";

    private sealed class Reports : IProgress<ReplayProgress>
    {
        public ReplayProgress Last { get; private set; }

        public void Report(ReplayProgress value) => Last = value;
    }
}
