using Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Data;
using Portal.Tests.Accounts;

namespace Portal.Tests.Alerts;

public sealed class AlertDoorOnSqlite(DoorOn<SqliteDatabase> portal) : AlertDoorTests<SqliteDatabase>(portal);

public sealed class AlertDoorOnPostgres(DoorOn<PostgresDatabase> portal) : AlertDoorTests<PostgresDatabase>(portal);

/// <summary>Alerts come in with what causes them, each once, however much arrives at once and wherever.</summary>
public abstract class AlertDoorTests<TDatabase>(DoorOn<TDatabase> portal) : DoorTests<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    [Fact]
    public async Task Sixty_four_parallel_settles_on_two_instances_raise_each_alert_once()
    {
        await using var other = PortalHost.Start(Fixture.Database, Fixture.AnotherInstance);
        var doors = new[] { Door, other.Services.GetRequiredService<AccountDoor>() };
        var account = await Open(claimed: true, cap: Money.FromDollars(10));
        var ids = Enumerable.Range(0, 64).Select(i => $"{account}-{i}").ToArray();
        Assert.All(await Task.WhenAll(ids.Select(id => Door.Submit(Ask(account, id, 45)))), answer => Assert.IsType<AuthorizeAnswer.Granted>(answer));
        await Door.Submit(new ReadAlerts(account, 99, Owner));

        // 28.80 in all: the credit of 20, and 8.80 of the cap of 10.
        await Task.WhenAll(ids.Select((id, i) => doors[i % 2].Submit(new Settle(id, Cents(45), null, Gateway))));

        var alerts = (await Alerts(account)).Where(a => a.Kind is not (AlertKind.CreditUnclaimed or AlertKind.ExtraUsageChanged)).ToList();
        Assert.Equal(alerts.Count, alerts.Select(a => (a.Kind, a.Subject)).Distinct().Count());
        Assert.Equal(100, alerts.Where(a => a.Kind == AlertKind.CreditUsed).Max(a => a.Step));
        Assert.Equal(75, alerts.Where(a => a.Kind == AlertKind.CapUsed).Max(a => a.Step));
        Assert.Single(alerts, a => a.Kind == AlertKind.ExtraStarted);
        Assert.Equal((await Alerts(account)).Select(a => a.Number), (await Rows<AlertDelivery>(d => d.Account == account)).Select(d => d.Alert).Order());
    }

    [Fact]
    public async Task One_settle_over_several_thresholds_raises_the_highest_only_and_the_lower_ones_never_follow()
    {
        var account = await Open(claimed: true);
        await Door.Submit(Tell(account, $"{account}-1", 1_900));
        var alert = Assert.Single(await Alerts(account), a => a.Kind == AlertKind.CreditUsed);
        Assert.Equal((90, Money.FromDollars(19), Money.FromDollars(20)), (alert.Step, alert.Amount, alert.Of));

        await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Door.Submit(Tell(account, $"{account}-more-{i}", 1))));

        Assert.Single(await Alerts(account), a => a.Kind == AlertKind.CreditUsed);
    }

    [Fact]
    public async Task A_hundred_refusals_for_one_reason_raise_one_alert_and_are_all_remembered()
    {
        var account = await Open(claimed: true);

        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Door.Submit(Ask(account, $"{account}-{i}", 2_100))));

        var alert = Assert.Single(await Alerts(account), a => a.Kind == AlertKind.Refused);
        Assert.Equal(RefusalCode.ExtraUsageOff, alert.Reason);
        Assert.Contains("Extra usage is off.", alert.Detail, StringComparison.Ordinal);
        Assert.Equal(100, (await Rows<RefusalRecord>(r => r.Account == account)).Count);
    }

    [Fact]
    public async Task The_sweep_raises_what_only_time_makes_due_and_each_once()
    {
        var account = await Open();
        Assert.Single(await Alerts(account), a => a.Kind == AlertKind.CreditUnclaimed);

        // The period ends on 1 December.
        for (var day = 0; day < 21; day++)
        {
            Time.Advance(TimeSpan.FromDays(1));
            await Get<Sweep>().Once();
            await Get<Sweep>().Once();
        }

        Assert.Equal(["7", "3", "1"], (await Alerts(account)).Where(a => a.Kind == AlertKind.CreditExpiring).Select(a => a.Subject));
        Assert.Equal(Money.FromDollars(20), (await Alerts(account))[^1].Unclaimed);
    }

    [Fact]
    public async Task What_is_read_is_a_number_and_no_act_of_the_audit()
    {
        var account = await Open(claimed: true, cap: Money.FromDollars(5));
        Assert.Equal(2, await Unread(account));
        Assert.True(await Door.Submit(new ReadAlerts(account, 1, Owner)));
        Assert.Equal(1, await Unread(account));
        Assert.True(await Door.Submit(new ReadAlerts(account, 1_000, Owner)));
        Assert.False(await Door.Submit(new ReadAlerts(account, 1, Owner)));
        Assert.Equal(0, await Unread(account));
        Assert.DoesNotContain(await Rows<AuditRecord>(a => a.Subject == account), a => a.Action == nameof(ReadAlerts));
    }

    [Fact]
    public async Task What_was_chosen_counts_at_once_and_stands_in_the_audit_with_before_and_after()
    {
        var account = await Open(claimed: true);
        Assert.IsType<AlertChoiceOutcome.Changed>(await Door.Submit(new SetAlertThresholds(account, AlertKind.CreditUsed, [80, 10], Owner)));
        Assert.IsType<AlertChoiceOutcome.Changed>(await Door.Submit(new SetAlertMail(account, AlertKind.CreditUsed, false, Owner)));
        Assert.IsType<AlertChoiceOutcome.Unchanged>(await Door.Submit(new SetAlertMail(account, AlertKind.CreditUsed, false, Owner)));
        Assert.IsType<AlertChoiceOutcome.OutOfRange>(await Door.Submit(new SetAlertThresholds(account, AlertKind.CreditUsed, [0], Owner)));
        await Door.Submit(Tell(account, $"{account}-1", 300));

        var alert = Assert.Single(await Alerts(account), a => a.Kind == AlertKind.CreditUsed);
        Assert.Equal(10, alert.Step);
        Assert.DoesNotContain(await Rows<AlertDelivery>(d => d.Account == account), d => d.Alert == alert.Number);
        var record = (await Rows<AuditRecord>(a => a.Subject == account)).First(a => a.Action == nameof(SetAlertThresholds));
        Assert.Contains("\"credit\":[50,75,90,100]", record.Before, StringComparison.Ordinal);
        Assert.Contains("\"credit\":[10,80]", record.After, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_database_itself_refuses_an_alert_twice_in_a_period()
    {
        var account = await Open(claimed: true, cap: Money.FromDollars(5));
        await Door.Submit(new SetCap(account, Money.FromDollars(6), Owner));
        await using var db = Fixture.Database.Open();
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() =>
            db.Database.ExecuteSqlAsync($"UPDATE alerts SET subject = 'same' WHERE account = {account} AND kind = {(int)AlertKind.ExtraUsageChanged}"));
    }

    [Fact]
    public async Task A_link_turns_off_one_kind_and_says_so_in_the_audit()
    {
        var account = await Open(claimed: true);
        Assert.IsType<AlertChoiceOutcome.Changed>(await Door.Submit(new StopAlertMail(account, AlertKind.CreditUsed, null)));
        Assert.IsType<AlertChoiceOutcome.Unchanged>(await Door.Submit(new StopAlertMail(account, AlertKind.CreditUsed, null)));
        Assert.IsType<AlertChoiceOutcome.Unchanged>(await Door.Submit(new StopAlertMail("no-such-account", AlertKind.CreditUsed, null)));
        Assert.Equal(("portal", "the link in a mail"), (await Rows<AuditRecord>(a => a.Subject == account && a.Action == nameof(StopAlertMail))).Select(a => (a.Actor, a.Reason)).First());
    }

    private async Task<List<Alert>> Alerts(string account) => [.. (await Rows<Alert>(a => a.Account == account)).OrderBy(a => a.Number)];

    private async Task<int> Unread(string account) => (await Rows<Account>(a => a.Key == account)).Select(a => a.LastAlert - a.AlertsRead).Single();
}
