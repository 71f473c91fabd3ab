using Ledger;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Data;
using Portal.Terms;
using Portal.Tests.Accounts;

namespace Portal.Tests.Terms;

public sealed class TermsVersionsOnSqlite(DoorOn<SqliteDatabase> portal) : TermsVersionTests<SqliteDatabase>(portal);

public sealed class TermsVersionsOnPostgres(DoorOn<PostgresDatabase> portal) : TermsVersionTests<PostgresDatabase>(portal);

/// <summary>What two administrators stood for: what it would have done to real usage is known before, and it counts exactly from its instant.</summary>
public abstract class TermsVersionTests<TDatabase>(DoorOn<TDatabase> portal) : TermsVersionsTest<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    [Fact]
    public async Task A_card_prices_from_its_instant_on_and_not_a_microsecond_before_on_every_instance()
    {
        var account = await Open(claimed: true, cap: Money.FromDollars(100));
        await using var other = PortalHost.Start(Fixture.Database, Fixture.AnotherInstance);
        var version = await Scheduled(TermsKind.Rates, "Sonnet 5.5", "output", twice: true);
        var (last, card) = ((await Get<PriceBooks>().InForce()).RateCardAt(Now)!.Version, version.Number);

        Time.Advance(version.EffectiveFrom.AddMicroseconds(-1) - Now);
        Assert.Equal((last, last), (await Charged(Door), await Charged(other.Services.GetRequiredService<AccountDoor>())));
        Time.Advance(TimeSpan.FromMicroseconds(1));
        Assert.Equal((card, card), (await Charged(Door), await Charged(other.Services.GetRequiredService<AccountDoor>())));

        var charges = (await Rows<Charge>(c => c.Account == account)).OrderBy(c => c.Number).ToList();
        Assert.Equal(charges[0].List + charges[0].List, charges[2].List);
        Assert.Equal([last, last, card, card], charges.Select(c => c.RateCardVersion));
        Assert.Equal(TermsState.Active, (await Found(TermsKind.Rates, card)).StateAt(Now, version.EffectiveFrom));

        async Task<int?> Charged(AccountDoor door) =>
            Assert.IsType<EventAnswer.Recorded>(await door.Submit(Tell(account, Guid.NewGuid().ToString(), 10))).Charge.RateCardVersion;
    }

    [Fact]
    public async Task Withdrawn_before_its_instant_it_never_counts_and_at_the_last_minute_it_is_too_late()
    {
        var (version, admin) = (await Scheduled(TermsKind.Rates, "Sonnet 5.5", "output", twice: false), await NewAdmin());
        Assert.IsType<TermsOutcome.NoReason>(await Versions.Withdraw(TermsKind.Rates, version.Number, " ", admin));
        await Withdraw(version, admin);
        Assert.Empty(await Rows<RateCardDocument>(c => c.Version == version.Number));
        Assert.Null((await Get<PriceBooks>().InForce()).NextRateCard(Now));

        var late = await Scheduled(TermsKind.Rates, "Sonnet 5.5", "output", twice: false);
        Time.Advance(late.EffectiveFrom.AddSeconds(-59) - Now);
        Assert.IsType<TermsOutcome.TooLate>(await Versions.Withdraw(TermsKind.Rates, late.Number, "A mistake.", admin));
        Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(new TermsOutcome.NotNow(TermsState.Active), await Versions.Withdraw(TermsKind.Rates, late.Number, "A mistake.", admin));
        Assert.Equal(late.Number, (await Get<PriceBooks>().InForce()).RateCardAt(Now)!.Version);

        // What was is brought back as a draft like any other.
        var back = Assert.IsType<TermsOutcome.Drafted>(await Versions.Draft(TermsKind.Rates, 1, admin)).Number;
        Assert.Equal((await Found(TermsKind.Rates, 1)).Sheet.Hash(), (await Found(TermsKind.Rates, back)).Sheet.Hash());
        Assert.Equal(TermsStage.Draft, (await Found(TermsKind.Rates, back)).Stage);
    }

    [Fact]
    public async Task New_plans_are_told_ahead_to_whom_they_change_something_and_counted_from_their_next_period_or_the_date()
    {
        var (pro, max) = (await Open(), await Open("max-5x"));
        var (author, approver) = (await NewAdmin(), await NewAdmin());
        var drafted = await Drafted(TermsKind.Plans, author, "Pro", "monthly_fee", "22");
        var version = await Saved(drafted, drafted.Written with { EffectiveFrom = Now.AddDays(2), KeepUntil = Now.AddDays(40) }, author);
        await Versions.Send(TermsKind.Plans, version.Number, version.Revision, author);
        await WorkOut(version, author);
        Assert.IsType<TermsOutcome.Approved>(await Approve(version, approver));
        Assert.Equal(version.Sheet.Rows.Count, (await Rows<PlanTerms>(p => p.EffectiveFrom == version.EffectiveFrom && p.KeepUntil == version.KeepUntil)).Count);

        await Get<Sweep>().Once();
        Assert.Empty(await Told(pro));
        Time.Advance(TimeSpan.FromDays(25));
        await Get<Sweep>().Once();
        Assert.Equal(Money.FromDollars(20), (await Get<Balances>().Account(pro))!.Current.Fee);
        Assert.Equal(Money.FromDollars(22), Assert.Single(await Told(pro)).Amount);
        Time.Advance(TimeSpan.FromDays(31));
        await Get<Sweep>().Once();
        Assert.Equal(Money.FromDollars(22), (await Get<Balances>().Account(pro))!.Current.Fee);
        Assert.Empty(await Told(max));
        var fresh = await Open();
        Assert.Equal(Money.FromDollars(22), (await Get<Balances>().Account(fresh))!.Current.Fee);

        Task<List<Alert>> Told(string account) => Rows<Alert>(a => a.Account == account && a.Kind == AlertKind.TermsChange);
    }

    [Fact]
    public async Task The_impact_says_who_would_have_paid_more_and_is_bound_to_the_revision()
    {
        var account = await Open(claimed: true, cap: Money.FromDollars(100));
        await Door.Submit(Tell(account, $"{account}-1", 2_500));
        var author = await NewAdmin();
        var version = await Drafted(TermsKind.Rates, author, "Sonnet 5.5", "output");
        await WorkOut(version, author);
        var impact = (await Found(TermsKind.Rates, version.Number)).Impact!;
        Assert.Equal((version.Revision, 30), (impact.Revision, impact.Days));
        var line = Assert.Single(impact.Affected, a => a.Account == account);
        Assert.True(line.Change.IsPositive);
        Assert.True(impact.More >= 1 && impact.Accounts == impact.More + impact.Less + impact.Same);
        Assert.Equal(impact.Accounts, impact.Distribution.Sum(b => b.Accounts));
        Assert.True(impact.After.Due > impact.Before.Due);
        await Saved(version, Draft(version, "Sonnet 5.5", "output", "12"), author);
        Assert.IsType<TermsOutcome.ChangedMeanwhile>(await Get<Impacts>().Start(TermsKind.Rates, version.Number, version.Revision, 30, author));
    }

    [Fact]
    public async Task An_impact_that_runs_on_another_instance_is_shown_and_stopped_here_and_taken_over_once_it_fell_silent()
    {
        var (author, impacts) = (await NewAdmin(), Get<Impacts>());
        var version = await Drafted(TermsKind.Rates, author, "Sonnet 5.5", "output");
        var subject = Impacts.Version(version.Kind, version.Number);
        await using (var db = Fixture.Database.Open())
        {
            db.Add(new ImpactProgress { Subject = subject, Run = Guid.CreateVersion7(), Accounts = 9, Done = 4, Steps = 700, At = Now });
            await db.SaveChangesAsync();
        }
        Assert.Equal(new ImpactRun(subject, ImpactStage.Running, 9, 4, 700), await impacts.UnderWay(subject));
        Assert.IsType<TermsOutcome.Running>(await impacts.Start(version.Kind, version.Number, version.Revision, 30, author));
        await impacts.Stop(subject);
        Assert.True(Assert.Single(await Rows<ImpactProgress>(p => p.Subject == subject)).IsStopped);

        Time.Advance(ImpactProgress.Silence);
        Assert.Equal(ImpactStage.Interrupted, (await impacts.UnderWay(subject))!.Stage);
        await WorkOut(version, author);
        Assert.Null(await impacts.UnderWay(subject));
    }
}
