using Ledger;
using Portal.Accounts;
using Portal.Data;

namespace Portal.Tests.Accounts;

public sealed class PlanCommandsOnSqlite(DoorOn<SqliteDatabase> portal) : PlanCommandTests<SqliteDatabase>(portal);

public sealed class PlanCommandsOnPostgres(DoorOn<PostgresDatabase> portal) : PlanCommandTests<PostgresDatabase>(portal);

/// <summary>What a subscriber and the provider do with plans, through the door.</summary>
public abstract class PlanCommandTests<TDatabase>(DoorOn<TDatabase> portal) : DoorTests<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    [Fact]
    public async Task A_cancelled_account_is_closed_by_the_sweep_on_the_boundary_and_claims_nothing_more()
    {
        var account = await Open(claimed: true, cap: Money.FromDollars(5));
        await Door.Submit(new ClaimEveryPeriod(account, true, Owner));
        var end = (await Found(account)).Current.End;

        Assert.Equal(new PlanOutcome.Cancelled(end, Money.Zero), await Door.Submit(new CancelPlan(account, Owner)));
        Assert.Equal((false, true, AccountStatus.Open), Told(await Found(account)));
        Assert.IsType<EventAnswer.Recorded>(await Door.Submit(Tell(account, $"{account}-1", 500)));

        Time.Advance(TimeSpan.FromDays(70));
        await Get<Sweep>().Once();

        var changes = (await Rows<AccountChange>(c => c.Account == account)).OrderBy(c => c.Number).ToList();
        Assert.Equal((AccountChangeKind.Closed, end, Actors.Portal, AccountStatus.Closed), (changes[^1].Kind, changes[^1].At, changes[^1].Actor, changes[^1].After.Status));
        Assert.Equal([AccountChangeKind.ExtraUsageOff, AccountChangeKind.Cancelled, AccountChangeKind.Closed], changes[^3..].Select(c => c.Kind));
        var after = (await Rows<AccountPeriod>(p => p.Account == account)).Where(p => p.Start >= end).ToList();
        Assert.Equal(2, after.Count);
        Assert.All(after, period => Assert.Equal((true, Money.Zero, Money.Zero), (period.IsDormant, period.Fee, period.Credit)));
        Assert.Single(await Rows<Grant>(g => g.Account == account));
    }

    [Fact]
    public async Task What_was_answered_to_a_put_stays_as_it_was_when_the_account_goes_on()
    {
        var account = await Open();
        var answer = Assert.IsType<PutAnswer.Done>(await Door.Submit(new PutAccount(account, "owner", "max-5x", null, AccountStatus.Open, Gateway)));
        await Put(account, "team-premium");
        Assert.Equal(("max-5x", AccountStatus.Open), (answer.Account.Plan, answer.Account.Status));
        Assert.Equal("team-premium", (await Found(account)).Plan);
    }

    [Fact]
    public async Task A_cancellation_is_taken_back_by_its_owner_and_by_another_plan_but_not_by_the_plan_that_the_account_has()
    {
        var account = await Open("max-5x");
        await Door.Submit(new CancelPlan(account, Owner));
        await Put(account, "max-5x");
        Assert.True((await Found(account)).IsCancelled);
        await Put(account, "pro");
        Assert.Equal((false, "pro"), ((await Found(account)).IsCancelled, (await Found(account)).NextPlan));
        await Door.Submit(new CancelPlan(account, Owner));
        Assert.IsType<PlanOutcome.Kept>(await Door.Submit(new KeepPlan(account, Owner)));
        Assert.Equal((false, null), ((await Found(account)).IsCancelled, (await Found(account)).NextPlan));
    }

    [Fact]
    public async Task An_owner_chooses_only_among_self_service_plans_and_the_provider_any()
    {
        var account = await Open();
        Assert.Equal(new PlanOutcome.NotForSubscribers("team-premium"), await Door.Submit(new ChangePlan(account, "team-premium", Owner)));
        Assert.Equal(new PlanOutcome.UnknownPlan("gold"), await Door.Submit(new ChangePlan(account, "gold", Owner)));
        Assert.IsType<PlanOutcome.Upgraded>(await Door.Submit(new ChangePlan(account, "max-5x", Owner)));
        Assert.IsType<PlanOutcome.FromNextPeriod>(await Door.Submit(new ChangePlan(account, "pro", Owner)));
        await Put(account, "team-premium");
        Assert.Equal("team-premium", (await Found(account)).Plan);
        var audit = await Rows<AuditRecord>(a => a.Subject == account && a.Action == nameof(ChangePlan));
        Assert.Equal(["NotForSubscribers", "UnknownPlan", "Upgraded", "FromNextPeriod"], audit.OrderBy(a => a.Id).Select(a => a.Outcome));
    }

    [Fact]
    public async Task A_cancellation_lowers_the_cap_below_what_was_held_a_moment_before()
    {
        var account = await Open(cap: Money.FromDollars(5));
        // Together, so that they may share a transaction: the hold was rightly given under the old cap.
        var held = Door.Submit(Ask(account, $"{account}-1", 400));
        var cancelled = Door.Submit(new CancelPlan(account, Owner));
        Assert.IsType<AuthorizeAnswer.Granted>(await held);
        Assert.Equal(Money.FromDollars(4), Assert.IsType<PlanOutcome.Cancelled>(await cancelled).StillHeld);
        Assert.IsType<SettleAnswer.Settled>(await Door.Submit(new Settle($"{account}-1", Cents(400), null, Gateway)));
    }

    [Fact]
    public async Task An_account_that_is_opened_again_in_a_later_period_has_the_fee_of_the_time_left()
    {
        var account = await Open();
        var end = (await Found(account)).Current.End;
        await Put(account, "pro", AccountStatus.Closed);
        Time.Advance(end - Now + (end.AddMonths(1) - end) / 4 * 3);
        await Put(account, "pro");
        var current = (await Found(account)).Current;
        Assert.Equal((false, Money.FromDollars(5), Money.FromDollars(5)), (current.IsDormant, current.Fee, current.Credit));
    }

    [Fact]
    public async Task Previews_of_every_choice_say_what_the_commands_then_do_and_change_nothing()
    {
        var account = await Open("max-5x", claimed: true, cap: Money.FromDollars(50));
        await Door.Submit(Ask(account, $"{account}-1", 10_100));
        var before = await BalanceOf(account);

        var choices = await Get<PlanPreviews>().Read(account);

        Assert.Equal((before with { AsOf = Now }).ToString(), (await BalanceOf(account)).ToString());
        Assert.Equal(("max-5x", null, null), (choices!.Present.Plan, choices.Next, choices.ClosesAt));
        Assert.Equal(["pro", "max-20x"], choices.Choices.Select(c => c.Terms.Plan));
        var end = before.Period.End;
        Assert.Equal((new PlanOutcome.Cancelled(end, Money.FromDollars(1)), Money.FromDollars(100), Now), (choices.Cancellation.Outcome, choices.Cancellation.Lost, choices.Cancellation.ExtraUsageOffAt));
        Assert.Equal((new PlanOutcome.FromNextPeriod(end), Money.FromDollars(20)), (choices.Choices[0].Preview.Outcome, choices.Choices[0].Preview.After.Fee));

        Assert.Equal(choices.Choices[1].Preview.Outcome, await Door.Submit(new ChangePlan(account, "max-20x", Owner)));
        var upgraded = await Found(account);
        Assert.Equal((choices.Choices[1].Preview.FeeNow + Money.FromDollars(100), choices.Choices[1].Preview.After), (upgraded.Current.Fee, AccountTerms.Of(upgraded)));

        await Door.Submit(new ChangePlan(account, "pro", Owner));
        Assert.Equal("pro", (await Get<PlanPreviews>().Read(account))!.Next!.Plan);
        await Door.Submit(new CancelPlan(account, Owner));
        Assert.Equal((null, end), ((await Get<PlanPreviews>().Read(account))!.Next, (await Get<PlanPreviews>().Read(account))!.ClosesAt));
        Assert.Null(await Get<PlanPreviews>().Read("nobody"));
    }

    private async Task Put(string account, string plan, AccountStatus status = AccountStatus.Open) =>
        Assert.IsType<PutAnswer.Done>(await Door.Submit(new PutAccount(account, "owner", plan, null, status, Gateway)));

    private async Task<Account> Found(string account) => await Get<Balances>().Account(account) ?? throw new InvalidOperationException($"No account {account}.");

    private static (bool ExtraUsageOn, bool IsCancelled, AccountStatus Status) Told(Account account) => (account.ExtraUsageOn, account.IsCancelled, account.Status);
}
