using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Admin.People;
using Portal.Data;
using Portal.SignIn;
using Portal.SignIn.Sessions;
using Portal.Tests.SignIn;

namespace Portal.Tests.Admin;

public sealed class StaffChangesOnSqlite(SignInOn<SqliteDatabase> portal) : StaffChangesTests<SqliteDatabase>(portal);

public sealed class StaffChangesOnPostgres(SignInOn<PostgresDatabase> portal) : StaffChangesTests<PostgresDatabase>(portal);

/// <summary>Who becomes staff and who stops being it, and that somebody is always left who can decide that.</summary>
public abstract class StaffChangesTests<TDatabase>(SignInOn<TDatabase> portal) : SignInTest<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    private const string Why = "They joined the support team today.";

    private StaffChanges Changes => Host.Services.GetRequiredService<StaffChanges>();

    [Fact]
    public async Task Who_is_invited_gets_the_role_a_link_and_a_record_with_the_reason()
    {
        var (_, admin) = await NewAdmin();
        var email = $"{Guid.NewGuid():n}@example.org";

        Assert.Equal(StaffOutcome.Done, await Changes.Invite($" {email} ", Roles.Support, Why, admin));
        Assert.Equal(StaffOutcome.WasSo, await Changes.Invite(email.ToUpperInvariant(), Roles.Support, Why, admin));

        Assert.Contains("/sign-in/invitation?user=", (await Host.MailTo(email, "Your invitation")).Link(), StringComparison.Ordinal);
        var record = Assert.Single(await Audit(email));
        Assert.Equal((admin.Id, "GiveRole", "Done", Why), (record.Actor, record.Action, record.Outcome, record.Reason));
        Assert.Equal("""{"roles":["Support"]}""", record.After);
        var member = (await Staff()).Single(m => m.Email == email);
        Assert.Equal((false, false, null), (member.HasAccepted, member.Counts, member.LastSignIn));
    }

    [Fact]
    public async Task Who_has_a_sign_in_keeps_it_and_is_told()
    {
        var (_, admin) = await NewAdmin();
        var email = await Host.NewSubscriber();
        Assert.Equal(StaffOutcome.Done, await Changes.Invite(email, Roles.Support, Why, admin));
        Assert.Contains("It counts once you have a second factor", (await Host.MailTo(email, "You are Support now")).Text, StringComparison.Ordinal);
        Assert.Equal("""{"roles":["Subscriber","Support"]}""", (await Audit(email))[^1].After);
        (await SignedIn(email)).Dispose();
    }

    [Fact]
    public async Task A_role_that_is_taken_away_ends_the_sessions_and_counts_at_the_next_command()
    {
        var (_, admin) = await NewAdmin();
        var (email, other) = await NewAdmin();
        using var browser = await SignedIn(email);
        var theirs = await LatestActor(email);
        Assert.True(await MayAct(theirs));

        Assert.Equal(StaffOutcome.Done, await Changes.Take(other.UserId!, Roles.Admin, Why, admin));
        Assert.Equal(StaffOutcome.WasSo, await Changes.Take(other.UserId!, Roles.Admin, Why, admin));

        Assert.False(await MayAct(theirs));
        Assert.Equal("/sign-in", new Uri(Host.Address, (await browser.Get("/profile")).Path!).AbsolutePath);
        Assert.All(await Rows<SignInSession>(s => s.UserId == other.UserId), session => Assert.Equal(SessionEnd.Role, session.EndedBy));
        Assert.Contains("took the role Admin away", (await Host.MailTo(email, "You are no longer Admin")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(await Staff(), m => m.Email == email);
    }

    [Fact]
    public async Task Two_administrators_who_take_the_role_from_each_other_at_once_leave_one()
    {
        await OnlyTheseAreAdmins();
        var pair = new[] { (await NewAdmin()).Actor, (await NewAdmin()).Actor };
        var answers = await Task.WhenAll(pair.Select((by, i) => Task.Run(() => Tried(() => Changes.Take(pair[1 - i].UserId!, Roles.Admin, Why, by)))));
        Assert.Equal(["Done", "NotAllowedException"], answers.Order(StringComparer.Ordinal));
        Assert.Single(await Staff(), m => m.Roles.Contains(Roles.Admin));
    }

    [Fact]
    public async Task The_last_administrator_who_can_act_keeps_the_role()
    {
        await OnlyTheseAreAdmins();
        var (_, last) = await NewAdmin();
        // Invited, and never came: they could not act.
        Assert.Equal(StaffOutcome.Done, await Changes.Invite($"{Guid.NewGuid():n}@example.org", Roles.Admin, Why, last));

        Assert.Equal(StaffOutcome.LastAdmin, await Changes.Take(last.UserId!, Roles.Admin, Why, last));
        Assert.True(await MayAct(last));

        await NewAdmin();
        Assert.Equal(StaffOutcome.Done, await Changes.Take(last.UserId!, Roles.Admin, Why, last));
        Assert.False(await MayAct(last));
    }

    [Fact]
    public async Task Nobody_gives_a_role_to_themselves_or_without_a_reason()
    {
        var (email, admin) = await NewAdmin();
        Assert.Equal(StaffOutcome.Oneself, await Changes.Invite(email, Roles.Support, Why, admin));
        Assert.Equal(StaffOutcome.NoReason, await Changes.Invite("new@example.org", Roles.Support, "because       ", admin));
        Assert.Equal(StaffOutcome.WrongAddress, await Changes.Invite("new", Roles.Support, Why, admin));
        await Assert.ThrowsAsync<NotAllowedException>(() => Changes.Invite("new@example.org", Roles.Subscriber, Why, admin));
        Assert.Equal([Roles.Admin], (await Staff()).Single(m => m.Email == email).Roles);
        Assert.DoesNotContain(await Staff(), m => m.Email == "new@example.org");
    }

    [Fact]
    public async Task Only_an_administrator_changes_people_and_whoever_else_asks_changes_nothing()
    {
        var (email, target) = await NewAdmin();
        var support = Actor.User((await Host.Find(await Host.NewUser(Roles.Support))).Id);
        foreach (var by in new[] { support, Actor.User((await Host.Find(await Host.NewSubscriber())).Id), Actor.Portal, Actor.Key("test"), Actor.User("nobody") })
        {
            var before = (await Rows<AuditRecord>(_ => true)).Count;
            await Assert.ThrowsAsync<NotAllowedException>(() => Changes.Invite("new@example.org", Roles.Admin, Why, by));
            await Assert.ThrowsAsync<NotAllowedException>(() => Changes.Take(target.UserId!, Roles.Admin, Why, by));
            await Assert.ThrowsAsync<NotAllowedException>(() => Changes.EndSessions(target.UserId!, Why, by));
            Assert.Equal(before, (await Rows<AuditRecord>(_ => true)).Count);
        }
        Assert.Contains(await Staff(), m => m.Email == email);
    }

    [Fact]
    public async Task Ended_sessions_are_over_and_say_who_ended_them()
    {
        var (_, admin) = await NewAdmin();
        var (email, other) = await NewAdmin();
        using var browser = await SignedIn(email);
        Assert.Single((await Staff()).Single(m => m.Email == email).Sessions, session => session.PassedSecondFactor);

        Assert.Equal(StaffOutcome.Done, await Changes.EndSessions(other.UserId!, Why, admin));

        Assert.Equal("/sign-in", new Uri(Host.Address, (await browser.Get("/profile")).Path!).AbsolutePath);
        Assert.Equal(SessionEnd.ByAdmin, Assert.Single(await Rows<SignInSession>(s => s.UserId == other.UserId)).EndedBy);
        Assert.Equal("""{"sessions":1}""", (await Audit(email))[^1].After);
    }

    private async Task<(string Email, Actor Actor)> NewAdmin()
    {
        var email = await Host.NewUser(Roles.Admin);
        return (email, Actor.User((await Host.Find(email)).Id));
    }

    private async Task<IReadOnlyList<StaffMember>> Staff() => (await Host.Services.GetRequiredService<PeopleReader>().Read()).Staff;

    /// <summary>Those of other tests stop being administrators.</summary>
    private async Task OnlyTheseAreAdmins()
    {
        await using var db = Database.Open();
        await db.UserRoles.Where(has => has.RoleId == Roles.Admin).ExecuteDeleteAsync();
    }

    private Task<bool> MayAct(Actor by) => Host.Services.GetRequiredService<StaffDesk>().Do(by, Roles.Admin, _ => Task.FromResult(true)).ContinueWith(done => done.IsCompletedSuccessfully, TaskScheduler.Default);

    private static async Task<string> Tried(Func<Task<StaffOutcome>> change)
    {
        try
        {
            return $"{await change()}";
        }
        catch (NotAllowedException refused)
        {
            return refused.GetType().Name;
        }
    }
}
