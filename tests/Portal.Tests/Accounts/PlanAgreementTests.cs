using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.Terms;

namespace Portal.Tests.Accounts;

public sealed class PlanAgreementsOnSqlite(DoorOn<SqliteDatabase> portal) : PlanAgreementTests<SqliteDatabase>(portal);

public sealed class PlanAgreementsOnPostgres(DoorOn<PostgresDatabase> portal) : PlanAgreementTests<PostgresDatabase>(portal);

/// <summary>What an owner was shown and agreed to is what is done, or nothing is.</summary>
public abstract class PlanAgreementTests<TDatabase>(DoorOn<TDatabase> portal) : DoorTests<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    [Fact]
    public async Task What_was_shown_is_done_once_however_often_it_is_confirmed()
    {
        var account = await Open(claimed: true);
        var before = (await Found(account)).Current.Fee;
        var agreed = new ChangePlan(account, "max-20x", Owner) { Shown = await Shown(account, "max-20x") };

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Door.Submit(agreed)));

        Assert.Equal(new PlanOutcome.Upgraded(agreed.Shown!.FeeNow, agreed.Shown.CreditNow), Assert.Single(outcomes.OfType<PlanOutcome.Upgraded>()));
        Assert.Equal(9, outcomes.OfType<PlanOutcome.Unchanged>().Count());
        var period = (await Found(account)).Current;
        Assert.Equal((2, before + agreed.Shown.FeeNow), (period.FeeLines.Count, period.Fee));
    }

    [Fact]
    public async Task A_moment_later_it_costs_no_more_than_was_shown_and_a_cent_later_it_is_asked_again()
    {
        var account = await Open();
        var shown = await Shown(account, "max-20x");
        Time.Advance(TimeSpan.FromMinutes(10));

        var stale = Assert.IsType<PlanOutcome.NotAsShown>(await Door.Submit(new ChangePlan(account, "max-20x", Owner) { Shown = shown })).Now;

        Assert.True(stale.FeeNow < shown.FeeNow && stale.CreditNow < shown.CreditNow);
        Assert.Equal("pro", (await Found(account)).Plan);
        Time.Advance(TimeSpan.FromSeconds(30));
        var done = Assert.IsType<PlanOutcome.Upgraded>(await Door.Submit(new ChangePlan(account, "max-20x", Owner) { Shown = stale }));
        Assert.True(done.Fee < stale.FeeNow && stale.FeeNow - done.Fee < PlanPreview.Tolerance && stale.CreditNow - done.Credit < PlanPreview.Tolerance);
        Assert.Equal(["NotAsShown", "Upgraded"], (await Rows<AuditRecord>(a => a.Subject == account && a.Action == nameof(ChangePlan))).OrderBy(a => a.Id).Select(a => a.Outcome));
    }

    [Fact]
    public async Task What_another_tab_did_meanwhile_is_shown_before_anything_is_done()
    {
        var account = await Open(claimed: true, cap: Money.FromDollars(40));
        var (upgrade, cancellation) = (await Shown(account, "max-5x"), (await Choices(account)).Cancellation);

        await Door.Submit(new SetCap(account, Money.FromDollars(30), Owner));
        Assert.Equal(Money.FromDollars(30), (await Stale(new ChangePlan(account, "max-5x", Owner) { Shown = upgrade })).After.Cap);

        upgrade = await Shown(account, "max-5x");
        await Door.Submit(new ChangePlan(account, "max-20x", Owner));
        Assert.IsType<PlanOutcome.FromNextPeriod>((await Stale(new ChangePlan(account, "max-5x", Owner) { Shown = upgrade })).Outcome);
        Assert.Equal("max-20x", (await Stale(new CancelPlan(account, Owner) { Shown = cancellation })).Before.Plan);
        Assert.Equal(("max-20x", null, false, true), Told(await Found(account)));

        Assert.IsType<PlanOutcome.Cancelled>(await Door.Submit(new CancelPlan(account, Owner) { Shown = (await Choices(account)).Cancellation }));
        var keep = (await Choices(account)).Keep;
        await Put(account, AccountStatus.Closed);
        Assert.IsType<PlanOutcome.AccountClosed>(await Door.Submit(new KeepPlan(account, Owner) { Shown = keep }));
    }

    [Fact]
    public async Task New_terms_that_come_meanwhile_are_shown_before_anything_is_done()
    {
        var account = await Open("max-5x", claimed: true);
        var shown = await Shown(account, "pro");
        await using (var db = Fixture.Database.Open())
        {
            var pro = await db.Set<PlanTerms>().Where(p => p.Plan == "pro").OrderBy(p => p.EffectiveFrom).LastAsync();
            db.Add(pro with { EffectiveFrom = Now.AddDays(1), MonthlyFee = pro.MonthlyFee + Money.FromDollars(2) });
            (await db.Set<TermsRevision>().SingleAsync()).Revision++;
            await db.SaveChangesAsync();
        }

        var stale = await Stale(new ChangePlan(account, "pro", Owner) { Shown = shown });

        Assert.Equal(shown.After.Fee + Money.FromDollars(2), stale.After.Fee);
        Assert.IsType<PlanOutcome.FromNextPeriod>(await Door.Submit(new ChangePlan(account, "pro", Owner) { Shown = stale }));
    }

    [Fact]
    public async Task Credit_that_was_used_meanwhile_is_no_reason_to_ask_again_and_more_that_would_be_lost_is()
    {
        var account = await Open("max-5x", claimed: true);
        var shown = (await Choices(account)).Cancellation;
        await Door.Submit(Tell(account, $"{account}-1", 500));
        await Door.Submit(new GrantGoodwill(account, Guid.CreateVersion7(), Money.FromDollars(9), Now.AddDays(60), "sorry", "T-1", Support));

        var stale = await Stale(new CancelPlan(account, Owner) { Shown = shown });

        Assert.Equal(Money.FromDollars(104), stale.Lost);
        await Door.Submit(Tell(account, $"{account}-2", 1_000));
        Assert.IsType<PlanOutcome.Cancelled>(await Door.Submit(new CancelPlan(account, Owner) { Shown = stale }));
    }

    [Fact]
    public async Task What_was_to_be_kept_is_asked_of_the_plan_that_counts_once_the_period_has_turned()
    {
        var account = await Open("max-5x");
        await Door.Submit(new ChangePlan(account, "pro", Owner));
        var keep = (await Choices(account)).Keep;
        Time.Advance(TimeSpan.FromDays(31));

        Assert.IsType<PlanOutcome.Unchanged>(await Door.Submit(new KeepPlan(account, Owner) { Shown = keep }));

        Assert.Equal(("pro", null, false, false), Told(await Found(account)));
    }

    private async Task<PlanPreview> Stale(PlanCommand command)
    {
        var before = Told(await Found(command.Account));
        var stale = Assert.IsType<PlanOutcome.NotAsShown>(await Door.Submit(command)).Now;
        Assert.Equal(before, Told(await Found(command.Account)));
        return stale;
    }

    private async Task<PlanChoices> Choices(string account) => (await Get<PlanPreviews>().Read(account))!;

    private async Task<PlanPreview> Shown(string account, string plan) => (await Choices(account)).Choices.Single(c => c.Terms.Plan == plan).Preview;

    private async Task Put(string account, AccountStatus status) =>
        Assert.IsType<PutAnswer.Done>(await Door.Submit(new PutAccount(account, "owner", (await Found(account)).Plan, null, status, Gateway)));

    private async Task<Account> Found(string account) => await Get<Balances>().Account(account) ?? throw new InvalidOperationException($"No account {account}.");

    private static (string Plan, string? Next, bool IsCancelled, bool ExtraUsageOn) Told(Account account) => (account.Plan, account.NextPlan, account.IsCancelled, account.ExtraUsageOn);
}
