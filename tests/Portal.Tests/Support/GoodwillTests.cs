using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.Settings;
using Portal.Tests.Accounts;

namespace Portal.Tests.Support;

public sealed class GoodwillOnSqlite(DoorOn<SqliteDatabase> portal) : GoodwillTests<SqliteDatabase>(portal);

public sealed class GoodwillOnPostgres(DoorOn<PostgresDatabase> portal) : GoodwillTests<PostgresDatabase>(portal);

/// <summary>Support gives credit: up to the limit alone, above it with a second person, and in either case once.</summary>
public abstract class GoodwillTests<TDatabase>(DoorOn<TDatabase> portal) : StaffTests<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    [Fact]
    public async Task Up_to_the_limit_it_is_given_at_once_and_the_request_says_so()
    {
        var account = await Open();
        var granted = Assert.IsType<GoodwillOutcome.Granted>(await Give(account, 25)).Request;
        Assert.Equal((GoodwillState.Granted, 1, null), (granted.State, granted.Grant, granted.DecidedBy));
        Assert.Equal(Money.FromDollars(25), (await BalanceOf(account)).Credit.Remaining);
        var audit = Assert.Single(await Rows<AuditRecord>(a => a.Subject == account && a.Action == "GrantGoodwill"));
        Assert.Equal((Support.Id, Reason, "Granted"), (audit.Actor, audit.Reason, audit.Outcome));
        Assert.Contains("\"ticket\":\"T-1\"", audit.After, StringComparison.Ordinal);
        Assert.DoesNotContain("@", audit.After, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Above_the_limit_it_waits_and_a_second_person_makes_the_grant()
    {
        var account = await Open();
        var waiting = Assert.IsType<GoodwillOutcome.Waiting>(await Give(account, 26));
        Assert.Equal(Money.FromDollars(25), waiting.Limit);
        Assert.Empty(await Rows<Grant>(g => g.Account == account));

        var granted = Assert.IsType<GoodwillOutcome.Granted>(await Door.Submit(new ApproveGoodwill(account, waiting.Request.Id, Colleague))).Request;

        Assert.Equal((Support.Id, Colleague.Id), (granted.RequestedBy, granted.DecidedBy));
        Assert.Equal(Money.FromDollars(26), Assert.Single(await Rows<Grant>(g => g.Account == account)).Amount);
        Assert.Equal(["ApproveGoodwill", "GrantGoodwill"], (await Rows<AuditRecord>(a => a.Subject == account && a.Action.EndsWith("Goodwill"))).Select(a => a.Action).Order());
    }

    [Fact]
    public async Task Many_small_grants_are_no_way_around_the_limit_and_the_next_day_begins_anew()
    {
        var account = await Open();
        Assert.IsType<GoodwillOutcome.Granted>(await Give(account, 20));
        Assert.IsType<GoodwillOutcome.Waiting>(await Give(account, 6));
        Assert.IsType<GoodwillOutcome.Waiting>(await Give(account, 6, by: Colleague));
        Assert.IsType<GoodwillOutcome.Granted>(await Give(account, 5));
        Time.Advance(TimeSpan.FromDays(1));
        Assert.IsType<GoodwillOutcome.Granted>(await Give(account, 6));
    }

    [Fact]
    public async Task Small_grants_at_once_see_each_other()
    {
        var account = await Open();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Give(account, 10)));
        Assert.Equal(2, outcomes.OfType<GoodwillOutcome.Granted>().Count());
        Assert.Equal(8, outcomes.OfType<GoodwillOutcome.Waiting>().Count());
    }

    [Fact]
    public async Task Nobody_approves_what_they_asked_for_in_whatever_role_or_session()
    {
        var account = await Open();
        var id = Assert.IsType<GoodwillOutcome.Waiting>(await Give(account, 50, by: Both)).Request.Id;
        foreach (var by in new[] { Both, BothElsewhere, Both with { Session = null, RequestId = "another" } })
        {
            Assert.IsType<GoodwillOutcome.SamePerson>(await Door.Submit(new ApproveGoodwill(account, id, by)));
            Assert.IsType<GoodwillOutcome.SamePerson>(await Door.Submit(new RejectGoodwill(account, id, "No.", by)));
        }
        Assert.Empty(await Rows<Grant>(g => g.Account == account));
        Assert.IsType<GoodwillOutcome.Granted>(await Door.Submit(new ApproveGoodwill(account, id, Support)));
    }

    [Fact]
    public async Task Two_approvers_at_once_on_two_instances_make_one_grant()
    {
        await using var other = PortalHost.Start(Fixture.Database, Fixture.AnotherInstance);
        var doors = new[] { Door, (AccountDoor)other.Services.GetService(typeof(AccountDoor))! };
        for (var round = 0; round < 5; round++)
        {
            var account = await Open();
            var id = Assert.IsType<GoodwillOutcome.Waiting>(await Give(account, 50)).Request.Id;
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => doors[i % 2].Submit(new ApproveGoodwill(account, id, i % 4 < 2 ? Colleague : Both))));
            Assert.Single(outcomes.OfType<GoodwillOutcome.Granted>());
            Assert.Equal(9, outcomes.OfType<GoodwillOutcome.Already>().Count());
            Assert.Equal(Money.FromDollars(50), Assert.Single(await Rows<Grant>(g => g.Account == account)).Amount);
        }
    }

    [Fact]
    public async Task What_breaks_between_approval_and_grant_leaves_neither_and_the_repeat_makes_one_grant()
    {
        var account = await Open();
        var id = Assert.IsType<GoodwillOutcome.Waiting>(await Give(account, 50)).Request.Id;
        await using (var db = Fixture.Database.Open())
        {
            await db.Database.ExecuteSqlRawAsync(Breaks);
        }
        await Assert.ThrowsAnyAsync<Exception>(() => Door.Submit(new ApproveGoodwill(account, id, Colleague)));
        Assert.Equal(GoodwillState.Waiting, Assert.Single(await Rows<GoodwillRequest>(g => g.Id == id)).State);
        Assert.Empty(await Rows<Grant>(g => g.Account == account));
        await using (var db = Fixture.Database.Open())
        {
            await db.Database.ExecuteSqlRawAsync(Fixture.Database.Provider == DatabaseSettings.Postgresql ? "DROP TRIGGER breaks ON goodwill_requests" : "DROP TRIGGER breaks");
        }

        Assert.IsType<GoodwillOutcome.Granted>(await Door.Submit(new ApproveGoodwill(account, id, Colleague)));
        Assert.IsType<GoodwillOutcome.Already>(await Door.Submit(new ApproveGoodwill(account, id, Colleague)));
        Assert.Single(await Rows<Grant>(g => g.Account == account));
    }

    [Fact]
    public async Task A_double_click_asks_once()
    {
        var account = await Open();
        var id = Guid.CreateVersion7();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Door.Submit(new GrantGoodwill(account, id, Money.FromDollars(5), Now.AddDays(9), Reason, "T-1", Support))));
        Assert.Single(outcomes.OfType<GoodwillOutcome.Granted>());
        Assert.Equal(4, outcomes.OfType<GoodwillOutcome.Already>().Count());
        Assert.Equal(Money.FromDollars(5), (await BalanceOf(account)).Credit.Remaining);
    }

    [Fact]
    public async Task It_is_rejected_with_a_reason_or_taken_back_and_then_never_given()
    {
        var account = await Open();
        var rejected = Assert.IsType<GoodwillOutcome.Waiting>(await Give(account, 50)).Request.Id;
        Assert.IsType<GoodwillOutcome.WrongText>(await Door.Submit(new RejectGoodwill(account, rejected, " ", Colleague)));
        Assert.Equal("Too much.", Assert.IsType<GoodwillOutcome.Rejected>(await Door.Submit(new RejectGoodwill(account, rejected, "Too much.", Colleague))).Request.DecisionReason);
        var withdrawn = Assert.IsType<GoodwillOutcome.Waiting>(await Give(account, 50)).Request.Id;
        Assert.IsType<GoodwillOutcome.NotTheirs>(await Door.Submit(new WithdrawGoodwill(account, withdrawn, Colleague)));
        Assert.IsType<GoodwillOutcome.Withdrawn>(await Door.Submit(new WithdrawGoodwill(account, withdrawn, Support)));
        foreach (var id in new[] { rejected, withdrawn })
        {
            Assert.IsType<GoodwillOutcome.Already>(await Door.Submit(new ApproveGoodwill(account, id, Colleague)));
        }
        Assert.Empty(await Rows<Grant>(g => g.Account == account));
    }

    [Fact]
    public async Task What_would_be_of_no_use_is_refused()
    {
        var account = await Open();
        Assert.IsType<GoodwillOutcome.WrongAmount>(await Give(account, 0));
        Assert.IsType<GoodwillOutcome.WrongText>(await Door.Submit(new GrantGoodwill(account, Guid.CreateVersion7(), Money.FromDollars(1), Now.AddDays(9), " ", "T-1", Support)));
        Assert.IsType<GoodwillOutcome.WrongText>(await Door.Submit(new GrantGoodwill(account, Guid.CreateVersion7(), Money.FromDollars(1), Now.AddDays(9), Reason, "", Support)));
        Assert.IsType<GoodwillOutcome.ExpiryHasPassed>(await Door.Submit(new GrantGoodwill(account, Guid.CreateVersion7(), Money.FromDollars(1), Now, Reason, "T-1", Support)));
        var late = Assert.IsType<GoodwillOutcome.Waiting>(await Door.Submit(new GrantGoodwill(account, Guid.CreateVersion7(), Money.FromDollars(90), Now.AddDays(2), Reason, "T-1", Support))).Request.Id;
        Time.Advance(TimeSpan.FromDays(2));
        Assert.IsType<GoodwillOutcome.ExpiryHasPassed>(await Door.Submit(new ApproveGoodwill(account, late, Colleague)));
        await Door.Submit(new PutAccount(account, "owner", "pro", null, AccountStatus.Closed, Gateway));
        Assert.IsType<GoodwillOutcome.AccountClosed>(await Give(account, 1));
        Assert.IsType<GoodwillOutcome.Unknown>(await Door.Submit(new ApproveGoodwill(account, Guid.CreateVersion7(), Colleague)));
        Assert.Empty(await Rows<Grant>(g => g.Account == account));
    }

    [Fact]
    public async Task Nobody_gives_to_an_account_of_their_own_nor_approves_it()
    {
        var account = $"own-{Guid.NewGuid():N}";
        await Door.Submit(new PutAccount(account, "support2", "pro", null, AccountStatus.Open, Gateway));
        await Assert.ThrowsAsync<NotAllowedException>(() => Give(account, 1, by: Colleague));
        var id = Assert.IsType<GoodwillOutcome.Waiting>(await Give(account, 50)).Request.Id;
        await Assert.ThrowsAsync<NotAllowedException>(() => Door.Submit(new ApproveGoodwill(account, id, Colleague)));
    }

    [Fact]
    public async Task A_request_of_another_account_is_none()
    {
        var (account, other) = (await Open(), await Open());
        var id = Assert.IsType<GoodwillOutcome.Waiting>(await Give(account, 50)).Request.Id;
        Assert.IsType<GoodwillOutcome.Unknown>(await Door.Submit(new ApproveGoodwill(other, id, Colleague)));
    }

    [Fact]
    public async Task A_note_is_written_once_and_the_database_keeps_it_as_it_is()
    {
        var (account, id) = (await Open(), Guid.CreateVersion7());
        Assert.Equal(NoteOutcome.Written, await Door.Submit(new WriteNote(account, id, " They called.\nAll is well. ", Support)));
        Assert.Equal(NoteOutcome.Already, await Door.Submit(new WriteNote(account, id, "Another text.", Support)));
        Assert.Equal(NoteOutcome.WrongText, await Door.Submit(new WriteNote(account, Guid.CreateVersion7(), "\u0007", Support)));
        var note = Assert.Single(await Rows<AccountNote>(n => n.Account == account));
        Assert.Equal(("They called.\nAll is well.", Support.Id, Now), (note.Text, note.Author, note.At));
        Assert.DoesNotContain(await Rows<AuditRecord>(a => a.Subject == account), a => $"{a.Before}{a.After}{a.Reason}".Contains("called", StringComparison.Ordinal));
        await using var db = Fixture.Database.Open();
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => db.Database.ExecuteSqlRawAsync("UPDATE account_notes SET text = 'other'"));
    }

    [Fact]
    public async Task A_look_leaves_a_record()
    {
        var account = await Open();
        await Door.Submit(new LookAtAccount(account, Support));
        Assert.Equal(Support.Id, Assert.Single(await Rows<AuditRecord>(a => a.Subject == account && a.Action == "LookAtAccount")).Actor);
        await Assert.ThrowsAsync<NotAllowedException>(() => Door.Submit(new LookAtAccount(account, Actor.User("admin"))));
    }

    private Task<GoodwillOutcome> Give(string account, long dollars, Actor? by = null) =>
        Door.Submit(new GrantGoodwill(account, Guid.CreateVersion7(), Money.FromDollars(dollars), Now.AddDays(30), Reason, "T-1", by ?? Support));

    /// <summary>The approval cannot be written, although the grant already was, in the same transaction.</summary>
    private string Breaks => Fixture.Database.Provider == DatabaseSettings.Postgresql
        ? "CREATE TRIGGER breaks BEFORE UPDATE ON goodwill_requests FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        : "CREATE TRIGGER breaks BEFORE UPDATE ON goodwill_requests BEGIN SELECT RAISE(ABORT, 'it breaks'); END";
}
