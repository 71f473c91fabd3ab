using System.Text.Json;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Data;
using Portal.Demo;

namespace Portal.Tests.Security;

/// <summary>
/// Who may give which command. A command that is not in the table fails the test. What is the owner's alone is refused to everybody else
/// where it runs, whatever page or endpoint it came through.
/// </summary>
public sealed class CommandWalkTests(WalkOn portal) : IClassFixture<WalkOn>
{
    private enum Giver
    {
        /// <summary>Only the subscriber whose account it is.</summary>
        Owner,

        /// <summary>A gateway key; its scope is asked where the API takes the call, see the table of routes.</summary>
        Gateway,

        /// <summary>Whoever holds the link in a mail about the account, which says nothing but what this does.</summary>
        Link,

        /// <summary>Support alone, in accounts of others.</summary>
        Support,

        /// <summary>Administrators, in accounts of others.</summary>
        Admin,

        /// <summary>No page or endpoint gives it: Portal itself, for what is due, and the demo.</summary>
        Portal,
    }

    private static readonly Dictionary<Type, Giver> _givers = new()
    {
        [typeof(ClaimCredit)] = Giver.Owner,
        [typeof(ClaimEveryPeriod)] = Giver.Owner,
        [typeof(TurnOnExtraUsage)] = Giver.Owner,
        [typeof(TurnOffExtraUsage)] = Giver.Owner,
        [typeof(SetCap)] = Giver.Owner,
        [typeof(SetDailyCap)] = Giver.Owner,
        [typeof(SetModelCap)] = Giver.Owner,
        [typeof(ChangePlan)] = Giver.Owner,
        [typeof(CancelPlan)] = Giver.Owner,
        [typeof(KeepPlan)] = Giver.Owner,
        [typeof(DisputeCharge)] = Giver.Owner,
        [typeof(WithdrawDispute)] = Giver.Owner,
        [typeof(LeaveAccount)] = Giver.Owner,
        [typeof(SetAlertThresholds)] = Giver.Owner,
        [typeof(SetAlertMail)] = Giver.Owner,
        [typeof(ReadAlerts)] = Giver.Owner,
        [typeof(LetSupportLook)] = Giver.Owner,
        [typeof(StopAlertMail)] = Giver.Link,
        [typeof(Authorize)] = Giver.Gateway,
        [typeof(Settle)] = Giver.Gateway,
        [typeof(Release)] = Giver.Gateway,
        [typeof(RecordUsage)] = Giver.Gateway,
        [typeof(PutAccount)] = Giver.Gateway,
        [typeof(GrantGoodwill)] = Giver.Support,
        [typeof(PinPlanTerms)] = Giver.Admin,
        [typeof(ReplayParked)] = Giver.Admin,
        [typeof(ApproveGoodwill)] = Giver.Support,
        [typeof(RejectGoodwill)] = Giver.Support,
        [typeof(WithdrawGoodwill)] = Giver.Support,
        [typeof(TakeDispute)] = Giver.Support,
        [typeof(AnswerDispute)] = Giver.Support,
        [typeof(WriteNote)] = Giver.Support,
        [typeof(LookAtAccount)] = Giver.Support,
        [typeof(CorrectCharge)] = Giver.Portal,
        [typeof(Wake)] = Giver.Portal,
        [typeof(GivePromotionalCredit)] = Giver.Portal,
    };

    private static readonly Dictionary<Type, Func<AccountDoor, string, Actor, Task>> _ownerCommands = new()
    {
        [typeof(ClaimCredit)] = (door, account, by) => door.Submit(new ClaimCredit(account, by)),
        [typeof(ClaimEveryPeriod)] = (door, account, by) => door.Submit(new ClaimEveryPeriod(account, true, by)),
        [typeof(TurnOnExtraUsage)] = (door, account, by) => door.Submit(new TurnOnExtraUsage(account, Money.FromDollars(30), "I agree.", by)),
        [typeof(TurnOffExtraUsage)] = (door, account, by) => door.Submit(new TurnOffExtraUsage(account, by)),
        [typeof(SetCap)] = (door, account, by) => door.Submit(new SetCap(account, Money.FromDollars(25), by)),
        [typeof(SetDailyCap)] = (door, account, by) => door.Submit(new SetDailyCap(account, Money.FromDollars(5), by)),
        [typeof(SetModelCap)] = (door, account, by) => door.Submit(new SetModelCap(account, "claude-sonnet-5-5", Money.FromDollars(5), by)),
        [typeof(ChangePlan)] = (door, account, by) => door.Submit(new ChangePlan(account, "max-5x", by)),
        [typeof(CancelPlan)] = (door, account, by) => door.Submit(new CancelPlan(account, by)),
        [typeof(KeepPlan)] = (door, account, by) => door.Submit(new KeepPlan(account, by)),
        [typeof(DisputeCharge)] = (door, account, by) => door.Submit(new DisputeCharge(account, 1, "It was not my request.", by)),
        [typeof(WithdrawDispute)] = (door, account, by) => door.Submit(new WithdrawDispute(account, 1, by)),
        [typeof(LeaveAccount)] = (door, account, by) => door.Submit(new LeaveAccount(account, by)),
        [typeof(SetAlertThresholds)] = (door, account, by) => door.Submit(new SetAlertThresholds(account, AlertKind.CapUsed, [80], by)),
        [typeof(SetAlertMail)] = (door, account, by) => door.Submit(new SetAlertMail(account, AlertKind.Refused, false, by)),
        [typeof(ReadAlerts)] = (door, account, by) => door.Submit(new ReadAlerts(account, 1, by)),
        [typeof(LetSupportLook)] = (door, account, by) => door.Submit(new LetSupportLook(account, false, by)),
    };

    private static readonly Dictionary<Type, Func<AccountDoor, string, Actor, Task>> _supportCommands = new()
    {
        [typeof(GrantGoodwill)] = (door, account, by) => door.Submit(new GrantGoodwill(account, Guid.CreateVersion7(), Money.FromDollars(1), DateTimeOffset.MaxValue.AddYears(-1), "A mistake of ours.", "T-1", by)),
        [typeof(ApproveGoodwill)] = (door, account, by) => door.Submit(new ApproveGoodwill(account, Guid.Empty, by)),
        [typeof(RejectGoodwill)] = (door, account, by) => door.Submit(new RejectGoodwill(account, Guid.Empty, "No.", by)),
        [typeof(WithdrawGoodwill)] = (door, account, by) => door.Submit(new WithdrawGoodwill(account, Guid.Empty, by)),
        [typeof(TakeDispute)] = (door, account, by) => door.Submit(new TakeDispute(account, 1, null, by)),
        [typeof(AnswerDispute)] = (door, account, by) => door.Submit(new AnswerDispute(account, 1, "It stands.", by)),
        [typeof(WriteNote)] = (door, account, by) => door.Submit(new WriteNote(account, Guid.CreateVersion7(), "A note.", by)),
        [typeof(LookAtAccount)] = (door, account, by) => door.Submit(new LookAtAccount(account, by)),
    };

    [Fact]
    public void The_table_has_every_command_and_no_other()
    {
        var commands = typeof(Command).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Command)) && !type.IsAbstract);
        Assert.Equal(commands.Select(c => c.Name).Order(StringComparer.Ordinal), _givers.Keys.Select(c => c.Name).Order(StringComparer.Ordinal));
        Assert.Equal(Names(_givers.Where(g => g.Value == Giver.Owner).Select(g => g.Key)), Names(_ownerCommands.Keys));
        Assert.Equal(Names(_givers.Where(g => g.Value == Giver.Support).Select(g => g.Key)), Names(_supportCommands.Keys));
    }

    [Fact]
    public async Task What_is_for_support_is_refused_to_everybody_else_and_writes_nothing()
    {
        var door = portal.Host.Services.GetRequiredService<AccountDoor>();
        var before = await Written();
        foreach (var (type, submit) in _supportCommands)
        {
            foreach (var by in new[] { portal.Owner, portal.Other, portal.Admin, Actor.Key("test"), Actor.Portal, Actor.User("nobody") })
            {
                var refused = await Record.ExceptionAsync(() => submit(door, WalkOn.Theirs, by));
                Assert.True(refused is NotAllowedException, $"{type.Name} by {by.Id}: {refused?.GetType().Name ?? "done"}");
            }
            await Assert.ThrowsAsync<NotAllowedException>(() => submit(door, "no-such-account", portal.Support));
        }
        Assert.Equal(before, await Written());
        foreach (var submit in _supportCommands.Values)
        {
            await submit(door, WalkOn.Theirs, portal.Support);
        }
        Assert.NotEqual(before, await Written());
    }

    [Fact]
    public async Task What_is_for_administrators_is_refused_to_everybody_else_and_writes_nothing()
    {
        var door = portal.Host.Services.GetRequiredService<AccountDoor>();
        var before = await Written();
        foreach (var by in new[] { portal.Owner, portal.Other, portal.Support, Actor.Key("test"), Actor.Portal, Actor.User("nobody") })
        {
            await Assert.ThrowsAsync<NotAllowedException>(() => door.Submit(new PinPlanTerms(WalkOn.Theirs, null, "Agreed so.", by)));
        }
        await Assert.ThrowsAsync<NotAllowedException>(() => door.Submit(new PinPlanTerms("no-such-account", null, "Agreed so.", portal.Admin)));
        Assert.Equal(before, await Written());
        Assert.IsType<PinOutcome.Unchanged>(await door.Submit(new PinPlanTerms(WalkOn.Theirs, null, "Agreed so.", portal.Admin)));
    }

    [Fact]
    public async Task What_an_administrator_replays_is_refused_to_everybody_else_and_writes_nothing()
    {
        var door = portal.Host.Services.GetRequiredService<AccountDoor>();
        Assert.IsType<EventAnswer.Parked>(await door.Submit(new RecordUsage(WalkOn.Theirs, "walk", "parked", null, "claude-unheard-of", "headless", null, new Usage { OutputTokens = 1 }, null, Actor.Key("test"))));
        var before = await Written();
        foreach (var by in new[] { portal.Owner, portal.Other, portal.Support, Actor.Key("test"), Actor.Portal, Actor.User("nobody") })
        {
            await Assert.ThrowsAsync<NotAllowedException>(() => door.Submit(new ReplayParked(UsageEventId.KeyOf("walk", "parked"), by)));
            await Assert.ThrowsAsync<NotAllowedException>(() => door.Submit(new ReplayParked("no such event", by)));
        }
        Assert.Equal(before, await Written());
        Assert.IsType<ReplayAnswer.StillParked>(await door.Submit(new ReplayParked(UsageEventId.KeyOf("walk", "parked"), portal.Admin)));
    }

    [Fact]
    public async Task What_is_the_owners_alone_is_refused_to_everybody_else_and_writes_nothing()
    {
        var door = portal.Host.Services.GetRequiredService<AccountDoor>();
        var before = await Written();
        Actor[] others = [portal.Owner, portal.Support, portal.Admin, Actor.Key("test"), Actor.Portal, Actor.User("nobody")];
        foreach (var (type, submit) in _ownerCommands)
        {
            foreach (var by in others)
            {
                var refused = await Record.ExceptionAsync(() => submit(door, WalkOn.Theirs, by));
                Assert.True(refused is NotAllowedException, $"{type.Name} by {by.Id}: {refused?.GetType().Name ?? "done"}");
            }

            // An account that does not exist is not told from one that is another's.
            await Assert.ThrowsAsync<NotAllowedException>(() => submit(door, "no-such-account", portal.Owner));
        }
        Assert.Equal(before, await Written());

        // The same commands are the owner's to give: the refusals above are about who asks, not what.
        foreach (var submit in _ownerCommands.Values)
        {
            await submit(door, WalkOn.Theirs, portal.Other);
        }
        Assert.NotEqual(before, await Written());
    }

    private static IEnumerable<string> Names(IEnumerable<Type> types) => types.Select(type => type.Name).Order(StringComparer.Ordinal);

    private async Task<string> Written()
    {
        await using var db = portal.Database.Open();
        var account = await db.Set<Account>().AsNoTracking().SingleAsync(a => a.Key == WalkOn.Theirs);
        return $"{await db.Set<Account>().CountAsync()} accounts, {await db.Set<Entry>().CountAsync()} entries, {await db.Set<AuditRecord>().CountAsync()} audit records, "
            + $"{await db.Set<AccountChange>().CountAsync()} changes, {await db.Set<Grant>().CountAsync()} grants, {JsonSerializer.Serialize(account.Settings, LedgerJson.Options)}";
    }
}
