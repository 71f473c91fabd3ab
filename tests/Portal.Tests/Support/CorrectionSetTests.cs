using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.Support;
using Portal.Tests.Accounts;

namespace Portal.Tests.Support;

public sealed class CorrectionSetsOnSqlite(DoorOn<SqliteDatabase> portal) : CorrectionSetTests<SqliteDatabase>(portal);

public sealed class CorrectionSetsOnPostgres(DoorOn<PostgresDatabase> portal) : CorrectionSetTests<PostgresDatabase>(portal);

/// <summary>Charges are reversed as a set: the set is fixed when it is asked for, above the limit a second person agrees, and each charge is reversed at most once.</summary>
public abstract class CorrectionSetTests<TDatabase>(DoorOn<TDatabase> portal) : StaffTests<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    [Fact]
    public async Task An_incident_of_500_charges_in_three_accounts_is_undone_to_the_nano_after_one_approval()
    {
        var (accounts, from) = (await Incident(500), Now);
        var filter = Everything(from) with { App = accounts[0] };
        var shown = await Corrections.Preview(filter);
        Assert.Equal((500, 3), (shown.Charges, shown.Accounts));
        Assert.Equal(shown.List, shown.Credit + shown.Extra + shown.Uncollected);
        var before = await Task.WhenAll(accounts.Select(BalanceOf));
        var request = new CorrectionRequest(Guid.CreateVersion7(), filter, shown, Reason, "INC-7", Now.AddDays(30));

        Assert.IsType<CorrectionOutcome.Waiting>(await Corrections.Request(request, Support));
        await Work.Once();
        Assert.All(await Items(request.Id), i => Assert.Equal(CorrectionResult.Pending, i.Result));
        Assert.IsType<CorrectionOutcome.SamePerson>(await Corrections.Approve(request.Id, Support));
        Assert.IsType<CorrectionOutcome.Approved>(await Corrections.Approve(request.Id, Colleague));
        await Work.Once();

        Assert.Equal((500, 1), ((await Items(request.Id)).Count(i => i.Result == CorrectionResult.Reversed), (await Rows<Correction>(c => c.Id == request.Id && c.State == CorrectionState.Done)).Count));
        var after = await Task.WhenAll(accounts.Select(BalanceOf));
        Assert.Equal(shown.Credit, Money.Sum(after, b => b.Credit.Remaining) - Money.Sum(before, b => b.Credit.Remaining));
        Assert.Equal(shown.Extra, Money.Sum(before, b => b.ExtraUsage.Used) - Money.Sum(after, b => b.ExtraUsage.Used));
        Assert.All(await Rows<Entry>(e => accounts.Contains(e.Account) && e.Kind == EntryKind.Reversal), e => Assert.Equal((Support.Id, Reason), (e.Actor, e.Reason)));
        Assert.Contains("\"Reversed\":500", Assert.Single(await Rows<AuditRecord>(a => a.Subject == $"correction:{request.Id}" && a.Action == "FinishCorrection")).After, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_stops_in_the_middle_goes_on_where_it_stopped_and_two_instances_share_it()
    {
        var accounts = await Incident(250);
        var id = await Ask(Everything(Now) with { App = accounts[0] });
        Assert.IsType<CorrectionOutcome.Approved>(await Corrections.Approve(id, Colleague));
        using var stop = new CancellationTokenSource();
        var first = Work.Once(stop.Token);
        while (!await Any(id, CorrectionResult.Reversed))
        {
            await Task.Yield();
        }
        await stop.CancelAsync();
        await Record.ExceptionAsync(() => first);
        Assert.True(await Any(id, CorrectionResult.Pending), "It was done before it was stopped.");

        await using var other = PortalHost.Start(Fixture.Database, Fixture.AnotherInstance);
        await Task.WhenAll(Work.Once(), ((CorrectionWork)other.Services.GetService(typeof(CorrectionWork))!).Once());

        Assert.Equal(250, (await Items(id)).Count(i => i.Result == CorrectionResult.Reversed));
        Assert.Equal(250, (await Rows<ReversedCharge>(r => accounts.Contains(r.Account))).Count);
        Assert.Single(await Rows<AuditRecord>(a => a.Subject == $"correction:{id}" && a.Action == "FinishCorrection"));
    }

    [Fact]
    public async Task The_set_is_the_one_that_was_shown_and_what_comes_later_is_not_in_it()
    {
        var account = await Open(claimed: true, cap: Money.FromDollars(300));
        await Use(account, 3, 5_000);
        var filter = Everything(Now) with { Account = account };
        var shown = await Corrections.Preview(filter);
        await Use(account, 1, 100);
        var request = new CorrectionRequest(Guid.CreateVersion7(), filter, shown, Reason, "T-2", Now.AddDays(30));
        var now = Assert.IsType<CorrectionOutcome.NotAsShown>(await Corrections.Request(request, Support)).Now;
        Assert.Equal(4, now.Charges);
        Assert.Empty(await Items(request.Id));

        Assert.IsType<CorrectionOutcome.Waiting>(await Corrections.Request(request with { Shown = now }, Support));
        await Use(account, 2, 100);
        Assert.IsType<CorrectionOutcome.Already>(await Corrections.Request(request with { Shown = now }, Support));
        await Corrections.Approve(request.Id, Colleague);
        await Work.Once();
        Assert.Equal(4, (await Rows<ReversedCharge>(r => r.Account == account)).Count);
    }

    [Fact]
    public async Task A_charge_that_was_reversed_meanwhile_is_not_reversed_again_and_the_result_says_so()
    {
        var account = await Open(claimed: true, cap: Money.FromDollars(300));
        await Use(account, 3, 5_000);
        var id = await Ask(Everything(Now) with { Account = account });
        Assert.IsType<ReversalOutcome.Reversed>(await Door.Submit(new ReverseCharge(account, 2, "Sooner.", null, Support)));
        await Corrections.Approve(id, Colleague);
        await Work.Once();
        Assert.Equal([CorrectionResult.Reversed, CorrectionResult.AlreadyReversed, CorrectionResult.Reversed], (await Items(id)).OrderBy(i => i.Charge).Select(i => i.Result));
    }

    [Fact]
    public async Task Below_the_limit_one_person_is_enough_and_what_they_did_within_a_day_counts_together()
    {
        var account = await Open(claimed: true, cap: Money.FromDollars(500));
        await Use(account, 3, 4_500);
        Assert.IsType<CorrectionOutcome.Approved>(await Corrections.Request(await One(account, 1), Support));
        Assert.IsType<CorrectionOutcome.Approved>(await Corrections.Request(await One(account, 2), Support));
        var third = await One(account, 3);
        Assert.Equal(Money.FromDollars(100), Assert.IsType<CorrectionOutcome.Waiting>(await Corrections.Request(third, Support)).Limit);
        Assert.IsType<CorrectionOutcome.NotTheirs>(await Corrections.Withdraw(third.Id, Colleague));
        Assert.IsType<CorrectionOutcome.Withdrawn>(await Corrections.Withdraw(third.Id, Support));
        Assert.IsType<CorrectionOutcome.Already>(await Corrections.Approve(third.Id, Colleague));
        Assert.IsType<CorrectionOutcome.Approved>(await Corrections.Request(await One(account, 3), Colleague));
        await Work.Once();
        Assert.Equal(3, (await Rows<ReversedCharge>(r => r.Account == account)).Count);
    }

    [Fact]
    public async Task Only_what_was_asked_for_and_approved_is_reversed()
    {
        var account = await Open(cap: Money.FromDollars(300));
        await Use(account, 1, 10_001);
        var id = await Ask(Everything(Now) with { Account = account });
        await Assert.ThrowsAsync<NotAllowedException>(() => Door.Submit(new CorrectCharge(id, account, 1)));
        await Assert.ThrowsAsync<NotAllowedException>(() => Door.Submit(new CorrectCharge(Guid.CreateVersion7(), account, 1)));
        Assert.Empty(await Rows<ReversedCharge>(r => r.Account == account));
    }

    [Fact]
    public async Task Two_approvers_at_once_are_one_and_a_rejection_says_why()
    {
        var account = await Open(cap: Money.FromDollars(300));
        await Use(account, 2, 10_000);
        var id = await Ask(Everything(Now) with { Account = account });
        Assert.IsType<CorrectionOutcome.WrongText>(await Corrections.Reject(id, "", Colleague));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => i % 2 == 0 ? Corrections.Approve(id, Colleague) : Corrections.Reject(id, "Look again.", Both)));
        Assert.Single(outcomes, o => o is CorrectionOutcome.Approved or CorrectionOutcome.Rejected);
        Assert.Equal(5, outcomes.OfType<CorrectionOutcome.Already>().Count());
    }

    [Fact]
    public async Task Nobody_corrects_or_approves_for_an_account_of_their_own_and_only_support_does_at_all()
    {
        var account = $"own-{Guid.NewGuid():N}";
        await Door.Submit(new PutAccount(account, "support2", "pro", null, AccountStatus.Open, Gateway));
        await Use(account, 1, 20_000);
        var request = new CorrectionRequest(Guid.CreateVersion7(), Everything(Now) with { Account = account }, await Corrections.Preview(Everything(Now) with { Account = account }), Reason, "T-3", Now.AddDays(30));
        Assert.IsType<CorrectionOutcome.OwnAccount>(await Corrections.Request(request, Colleague));
        foreach (var by in new[] { Owner, Gateway, Actor.Portal, Actor.User("admin"), Actor.User("nobody"), Support with { Session = "one-that-ended" } })
        {
            await Assert.ThrowsAsync<NotAllowedException>(() => Corrections.Request(request, by));
            await Assert.ThrowsAsync<NotAllowedException>(() => Corrections.Approve(request.Id, by));
        }
        Assert.IsType<CorrectionOutcome.Waiting>(await Corrections.Request(request, Support));
        Assert.IsType<CorrectionOutcome.OwnAccount>(await Corrections.Approve(request.Id, Colleague));
        Assert.IsType<CorrectionOutcome.Approved>(await Corrections.Approve(request.Id, Both));
    }

    [Fact]
    public async Task What_there_is_nothing_of_or_what_is_not_said_is_refused()
    {
        var account = await Open(claimed: true);
        var filter = Everything(Now) with { Account = account };
        var request = new CorrectionRequest(Guid.CreateVersion7(), filter, await Corrections.Preview(filter), Reason, "T-4", Now.AddDays(30));
        Assert.IsType<CorrectionOutcome.Empty>(await Corrections.Request(request, Support));
        Assert.IsType<CorrectionOutcome.WrongText>(await Corrections.Request(request with { Reason = "" }, Support));
        Assert.IsType<CorrectionOutcome.ExpiryHasPassed>(await Corrections.Request(request with { GoodwillUntil = Now }, Support));
        Assert.IsType<CorrectionOutcome.Unknown>(await Corrections.Approve(request.Id, Colleague));
        Assert.Empty(await Rows<Correction>(c => c.Id == request.Id));
    }

    private static CorrectionFilter Everything(DateTimeOffset now) => new(null, null, now.AddDays(-1), now.AddSeconds(1), null, null, null);

    private async Task<CorrectionRequest> One(string account, long charge)
    {
        var filter = Everything(Now) with { Account = account, Charge = charge };
        return new CorrectionRequest(Guid.CreateVersion7(), filter, await Corrections.Preview(filter), Reason, "T-5", Now.AddDays(30));
    }

    private async Task<Guid> Ask(CorrectionFilter filter)
    {
        var request = new CorrectionRequest(Guid.CreateVersion7(), filter, await Corrections.Preview(filter), Reason, "T-6", Now.AddDays(30));
        Assert.IsType<CorrectionOutcome.Waiting>(await Corrections.Request(request, Support));
        return request.Id;
    }

    /// <summary>Three accounts that one app charged so often together; the first one's key is the app's name. Each charge is an odd number of nano-dollars.</summary>
    private async Task<string[]> Incident(int charges)
    {
        string[] accounts = [await Open(claimed: true, cap: Money.FromDollars(200)), await Open(claimed: true), await Open(cap: Money.FromDollars(50))];
        await Task.WhenAll(Enumerable.Range(0, charges).Select(i => Door.Submit(new RecordUsage(
            accounts[i % 3], "incident", $"{accounts[0]}-{i}", null, Sonnet, "ci_action", accounts[0], new Usage { OutputTokens = 60_001 + i, CacheReadTokens = 7 }, null, Gateway))));
        return accounts;
    }

    private async Task Use(string account, int times, int cents)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.IsType<EventAnswer.Recorded>(await Door.Submit(Tell(account, $"{Guid.NewGuid()}", cents)));
        }
    }

    private Task<List<CorrectionItem>> Items(Guid id) => Rows<CorrectionItem>(i => i.Correction == id);

    private async Task<bool> Any(Guid id, CorrectionResult result)
    {
        await using var db = Fixture.Database.Open();
        return await db.Set<CorrectionItem>().AnyAsync(i => i.Correction == id && i.Result == result);
    }
}
