using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.Terms;

namespace Portal.Tests.Accounts;

public sealed class PlanTermsOnSqlite(DoorOn<SqliteDatabase> portal) : PlanTermsTests<SqliteDatabase>(portal);

public sealed class PlanTermsOnPostgres(DoorOn<PostgresDatabase> portal) : PlanTermsTests<PostgresDatabase>(portal);

/// <summary>Which terms of its plan an account is on, through the door.</summary>
public abstract class PlanTermsTests<TDatabase>(DoorOn<TDatabase> portal) : DoorTests<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    private static Actor Admin { get; } = Actor.User("admin");

    [Fact]
    public async Task Owners_are_told_of_new_terms_also_while_their_accounts_sleep_and_the_terms_count_on_the_boundary()
    {
        var (account, kept) = (await Open(), await Open());
        var end = (await Found(account)).Current.End;
        await Door.Submit(new PinPlanTerms(kept, (await Found(kept)).TermsFrom, "Agreed with them for a year.", Admin));
        Time.Advance(TimeSpan.FromHours(1));
        await Approve(await Pro() with { EffectiveFrom = end, MonthlyFee = Money.FromDollars(22), MonthlyCredit = Money.FromDollars(21) });

        await Get<Sweep>().Once();
        await Get<Sweep>().Once();

        var told = Assert.Single(await Rows<Alert>(a => a.Kind == AlertKind.TermsChange && (a.Account == account || a.Account == kept)));
        Assert.Equal((account, Money.FromDollars(22), Money.FromDollars(20), Money.FromDollars(21)), (told.Account, told.Amount, told.Of, told.Credit));
        Assert.Equal(Now, (await Found(account)).LastAt);

        Time.Advance(end.AddMicroseconds(-1) - Now);
        Assert.Equal(Money.FromDollars(20), (await Found(account)).Current.Fee);
        Time.Advance(TimeSpan.FromMicroseconds(1));
        await Get<Sweep>().Once();
        Assert.Equal((Money.FromDollars(22), Money.FromDollars(21)), ((await Found(account)).Current.Fee, (await Found(account)).Current.Credit));
        Assert.Equal((Money.FromDollars(20), Money.FromDollars(20)), ((await Found(kept)).Current.Fee, (await Found(kept)).Current.Credit));
        var change = Assert.Single(await Rows<AccountChange>(c => c.Account == account && c.Kind == AccountChangeKind.Terms));
        Assert.Equal((end, end, Actors.Portal), (change.At, change.After.TermsFrom, change.Actor));
        Assert.Equal(Money.FromDollars(20), (await Get<PastBalances>().At(account, end.AddMicroseconds(-1)))!.Credit.Claimable);
        Assert.Equal(Money.FromDollars(21), (await Get<PastBalances>().At(account, end))!.Credit.Claimable);
    }

    [Fact]
    public async Task A_pin_is_an_administrators_act_with_a_record_and_to_terms_that_there_are()
    {
        var account = await Open();
        var from = (await Found(account)).TermsFrom!.Value;
        await Assert.ThrowsAsync<NotAllowedException>(() => Door.Submit(new PinPlanTerms(account, from, "I would like that.", Owner)));
        Assert.IsType<PinOutcome.UnknownTerms>(await Door.Submit(new PinPlanTerms(account, from.AddDays(1), "A wrong date.", Admin)));
        Assert.IsType<PinOutcome.FromNextPeriod>(await Door.Submit(new PinPlanTerms(account, from, "Agreed with them.", Admin)));
        Assert.IsType<PinOutcome.FromNextPeriod>(await Door.Submit(new PinPlanTerms(account, null, "The year is over.", Admin)));
        var records = (await Rows<AuditRecord>(a => a.Subject == account && a.Action == nameof(PinPlanTerms))).OrderBy(a => a.Id).ToList();
        Assert.Equal(["UnknownTerms", "FromNextPeriod", "FromNextPeriod"], records.Select(r => r.Outcome));
        Assert.Equal(records[1].After, records[2].Before);
        Assert.NotEqual(records[1].Before, records[1].After);
    }

    private async Task<PlanTerms> Pro() => (await Get<PriceBooks>().InForce()).PlanAt("pro", Now);

    private async Task Approve(PlanTerms terms)
    {
        await using var db = Fixture.Database.Open();
        db.Add(terms);
        var revision = await db.Set<TermsRevision>().SingleAsync();
        (revision.Revision, revision.PlansChangedAt) = (revision.Revision + 1, Now);
        await db.SaveChangesAsync();
    }

    private async Task<Account> Found(string account) => await Get<Balances>().Account(account) ?? throw new InvalidOperationException($"No account {account}.");
}
