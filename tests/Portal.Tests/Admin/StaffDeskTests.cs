using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Data;
using Portal.SignIn;
using Portal.SignIn.Sessions;
using Portal.Tests.SignIn;

namespace Portal.Tests.Admin;

/// <summary>Staff do what they may now, not what they could when the page was opened; and what is done stands in the audit.</summary>
public abstract class StaffDeskTests<TDatabase>(PortalOn<TDatabase> portal) : PortalTests<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    private StaffDesk Desk => Host.Services.GetRequiredService<StaffDesk>();

    [Fact]
    public async Task What_is_done_and_its_record_are_stored_together()
    {
        var admin = await NewStaff(Roles.Admin);
        await Desk.Do(admin, Roles.Admin, Note);
        var record = Assert.Single(await Records(admin));
        Assert.Equal((admin.Id, "a test", "Done"), (record.Actor, record.Subject, record.Outcome));
    }

    [Fact]
    public async Task A_failure_stores_neither()
    {
        var admin = await NewStaff(Roles.Admin);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Desk.Do<bool>(admin, Roles.Admin, async work =>
        {
            await Note(work);
            throw new InvalidOperationException("A bug.");
        }));
        Assert.Empty(await Records(admin));
    }

    [Fact]
    public async Task Only_the_role_itself_opens_it()
    {
        foreach (var by in new[] { await NewStaff(Roles.Support), await NewStaff(Roles.Subscriber), Actor.Portal, Actor.Key("test"), Actor.User("nobody") })
        {
            await Assert.ThrowsAsync<NotAllowedException>(() => Desk.Do(by, Roles.Admin, Note));
            Assert.Empty(await Records(by));
        }
    }

    [Fact]
    public async Task A_role_that_was_taken_away_counts_no_more_at_the_next_command()
    {
        var admin = await NewStaff(Roles.Admin);
        await Desk.Do(admin, Roles.Admin, Note);
        await using (var db = Database.Open())
        {
            await db.UserRoles.Where(has => has.UserId == admin.UserId).ExecuteDeleteAsync();
        }
        await Assert.ThrowsAsync<NotAllowedException>(() => Desk.Do(admin, Roles.Admin, Note));
    }

    [Fact]
    public async Task A_session_that_ended_or_passed_no_second_factor_counts_for_nothing()
    {
        var admin = await NewStaff(Roles.Admin);
        foreach (var (id, passed, ended) in new[] { ("plain", false, false), ("ended", true, true), ("good", true, false) })
        {
            await AddSession(admin, id, passed, ended);
            var refused = await Record.ExceptionAsync(() => Desk.Do(admin with { Session = id }, Roles.Admin, Note));
            Assert.Equal(id != "good", refused is NotAllowedException);
        }
    }

    private static Task<bool> Note(StaffWork work)
    {
        work.Audit("Test", "a test", "Done");
        return Task.FromResult(true);
    }

    private async Task<Actor> NewStaff(string role) => Actor.User((await Host.Find(await Host.NewUser(role))).Id);

    private async Task AddSession(Actor of, string id, bool passed, bool ended)
    {
        await using var db = Database.Open();
        var now = Host.Services.GetRequiredService<Clock>().Now;
        var stamp = await db.Users.Where(u => u.Id == of.UserId).Select(u => u.SecurityStamp).SingleAsync();
        var session = new SignInSession { Id = id, UserId = of.UserId!, Stamp = stamp!, PassedSecondFactor = passed, LastsUntil = now.AddDays(1), EndsAt = now.AddDays(1) };
        if (ended)
        {
            session.End(SessionEnd.EndedByOwner, now);
        }
        db.Add(session);
        await db.SaveChangesAsync();
    }

    private async Task<List<AuditRecord>> Records(Actor by)
    {
        await using var db = Database.Open();
        return await db.Set<AuditRecord>().AsNoTracking().Where(r => r.Action == "Test" && r.Actor == by.Id).ToListAsync();
    }
}

public sealed class StaffDeskOnSqlite(PortalOn<SqliteDatabase> portal) : StaffDeskTests<SqliteDatabase>(portal);

public sealed class StaffDeskOnPostgres(PortalOn<PostgresDatabase> portal) : StaffDeskTests<PostgresDatabase>(portal);
