using Ledger;
using Portal.Accounts;
using Portal.Plan;
using Portal.Tests.Accounts;

namespace Portal.Tests.Plan;

public sealed class PlanComparerOnSqlite(DoorOn<SqliteDatabase> portal) : PlanComparerTests<SqliteDatabase>(portal);

public sealed class PlanComparerOnPostgres(DoorOn<PostgresDatabase> portal) : PlanComparerTests<PostgresDatabase>(portal);

/// <summary>Plans compared on histories that went through the door.</summary>
public abstract class PlanComparerTests<TDatabase>(DoorOn<TDatabase> portal) : DoorTests<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    private static readonly ComparedBehaviour AsItWas = new(ReplayedExtraUsage.AsItWas, null);

    [Fact]
    public async Task Ones_own_use_is_told_under_ones_own_plan_and_all_that_one_can_choose()
    {
        var account = await Open(claimed: true, cap: Money.FromDollars(5));
        await Spend(account, months: 4);

        var compared = await Get<PlanComparer>().Run(account, AsItWas);

        Assert.Equal(["pro", "max-5x", "max-20x"], compared.Select(c => c.Terms.Plan));
        Assert.Equal([true, false, false], compared.Select(c => c.IsOwn));
        Assert.All(compared, c => Assert.Equal([1, 2, 3], c.Periods.Select(p => p.Period.Index)));
        // A month: 30 dollars are told, of which 20 credit and 5 extra can pay; then 4 are asked for. Max 5x carries all of it.
        Assert.Equal((75, 25, 25, 3, 0), Told(compared[0]));
        Assert.Equal((300, 100, 100, 0, 3), Told(compared[1]));
        Assert.Equal((600, 200, 200, 0, 3), Told(compared[2]));
        Assert.Equal(Money.FromDollars(15), Money.Sum(compared[0].Periods, p => p.Uncollected));
    }

    [Fact]
    public async Task How_extra_usage_would_have_been_is_the_viewers_to_say()
    {
        var account = await Open(claimed: true, cap: Money.FromDollars(5));
        await Spend(account, months: 2);

        Assert.Equal((40, 20, 20, 2, 0), Told((await Get<PlanComparer>().Run(account, new(ReplayedExtraUsage.Off, null)))[0]));
        Assert.Equal((60, 30, 30, 0, 2), Told((await Get<PlanComparer>().Run(account, new(ReplayedExtraUsage.On, Money.FromDollars(40))))[0]));
    }

    [Fact]
    public async Task Whoever_has_no_whole_period_or_no_account_has_nothing_to_compare()
    {
        var account = await Open(claimed: true);
        await Door.Submit(Tell(account, $"{account}-1", 300));
        Assert.Empty(await Get<PlanComparer>().Run(account, AsItWas));
        Assert.Empty(await Get<PlanComparer>().Run("nobody", AsItWas));
        Assert.Equal(0, (await Get<PlanReader>().Read(account))!.PeriodsToCompare);
        Time.Advance(TimeSpan.FromDays(31));
        Assert.Equal(1, (await Get<PlanReader>().Read(account))!.PeriodsToCompare);
        Assert.Single((await Get<PlanComparer>().Run(account, AsItWas))[0].Periods);
    }

    [Fact]
    public async Task It_tells_how_far_it_is_and_stops_when_it_is_told_to()
    {
        var account = await Open(claimed: true);
        await Task.WhenAll(Enumerable.Range(0, 1_200).Select(i => Door.Submit(Tell(account, $"{account}-{i}", 1))));
        Time.Advance(TimeSpan.FromDays(31));
        var told = new List<ReplayProgress>();
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Get<PlanComparer>().Run(account, AsItWas, new Reports(told, stop), stop.Token));

        Assert.Equal(1_000, told[0].Steps);
        // Whoever stops leaves room for others.
        for (var i = 0; i < 3; i++)
        {
            Assert.NotEmpty(await Get<PlanComparer>().Run(account, AsItWas));
        }
    }

    [Fact]
    public async Task The_page_knows_since_when_the_plan_counts_and_what_comes()
    {
        var opened = Now;
        var account = await Open("max-20x", claimed: true);
        Time.Advance(TimeSpan.FromDays(2));
        await Door.Submit(new ChangePlan(account, "pro", Owner));
        var before = (await Get<PlanReader>().Read(account))!;
        Assert.Equal((opened, "max-20x", "pro", true), (before.Since, before.Own.Terms.Plan, before.Next!.Plan, before.CanKeep));
        Assert.Equal([false, false, false], before.Options.Select(o => o.CountsAtOnce));
        Time.Advance(TimeSpan.FromDays(31));
        // Not yet written: the page shows what the account's next operation finds.
        var after = (await Get<PlanReader>().Read(account))!;
        Assert.Equal((before.Period.End, "pro", null, false), (after.Since, after.Own.Terms.Plan, after.Next, after.CanKeep));
        Assert.Equal([false, true, true], after.Options.Select(o => o.CountsAtOnce));
        Assert.Null(await Get<PlanReader>().Read("nobody"));
    }

    private async Task Spend(string account, int months)
    {
        var end = (await BalanceOf(account)).Period.End;
        await Door.Submit(new ClaimEveryPeriod(account, true, Owner));
        for (var month = 0; month < months; month++)
        {
            await Door.Submit(Tell(account, $"{account}-{month}", 3_000));
            Assert.IsType<AuthorizeAnswer.Refused>(await Door.Submit(Ask(account, $"{account}-{month}-ask", 400)));
            Time.Advance(end.AddMonths(month) - Now + TimeSpan.FromHours(1));
        }
    }

    private static (int Total, int Least, int Most, long Refused, long NowAllowed) Told(ComparedPlan plan) =>
        (Dollars(plan.Total), Dollars(plan.Least), Dollars(plan.Most), plan.Refused, plan.NowAllowed);

    private static int Dollars(Money amount) => (int)(amount.Nanos / Money.NanosPerDollar);

    private sealed class Reports(List<ReplayProgress> told, CancellationTokenSource stop) : IProgress<ReplayProgress>
    {
        public void Report(ReplayProgress value)
        {
            told.Add(value);
            stop.Cancel();
        }
    }
}
