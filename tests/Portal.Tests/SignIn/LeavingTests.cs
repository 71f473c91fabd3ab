using System.Net;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Data;
using Portal.SignIn;
using Portal.SignIn.Profile;
using Portal.SignIn.Sessions;

namespace Portal.Tests.SignIn;

public sealed class LeavingOnSqlite(SignInOn<SqliteDatabase> portal) : LeavingTests<SqliteDatabase>(portal);

public sealed class LeavingOnPostgres(SignInOn<PostgresDatabase> portal) : LeavingTests<PostgresDatabase>(portal);

/// <summary>Who leaves is told what it costs, is asked twice, and then is forgotten: the ledger and the audit keep an id that is nobody's.</summary>
public abstract class LeavingTests<TDatabase>(SignInOn<TDatabase> portal) : LeavingPeople<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    [Fact]
    public async Task Alerts_and_what_was_chosen_about_them_go_and_nothing_is_told_any_more()
    {
        var (email, account, _) = await NewOwnerWithEverything();
        var me = Actor.User((await Host.Find(email)).Id);
        await Door.Submit(new SetAlertThresholds(account, AlertKind.CapUsed, [33], me));
        Assert.NotEmpty(await Rows<Alert>(a => a.Account == account));
        Assert.NotEmpty(await Rows<AlertDelivery>(d => d.Account == account));
        using var browser = await SignedIn(email);

        await Leave(browser, account);
        await Hold(account, "after", 1_000);

        Assert.Empty(await Rows<Alert>(a => a.Account == account));
        Assert.Empty(await Rows<AlertDelivery>(d => d.Account == account));
        Assert.Empty((await Rows<Account>(a => a.Key == account)).Single().AlertChoices.Cap);
    }

    [Fact]
    public async Task Leaving_closes_the_account_and_no_table_names_the_person_any_more()
    {
        var (email, account, token) = await NewOwnerWithEverything();
        var id = (await Host.Find(email)).Id;
        using var elsewhere = await SignedIn(email, remember: true);
        using var browser = await SignedIn(email);
        Assert.Equal(HttpStatusCode.OK, await Ask(token));
        Assert.Equal(["disputes", "users"], (await TablesThatSay(email)).Order(StringComparer.Ordinal));

        var answer = await Leave(browser, account);

        Assert.EndsWith("/sign-in?done=left", answer.Location, StringComparison.Ordinal);
        Assert.Contains("You have left.", (await browser.Get("/sign-in?done=left")).Html, StringComparison.Ordinal);
        Assert.Empty(await TablesThatSay(email));
        Assert.Empty((await TablesThatSay(id)).Except(["accounts", "account_changes", "entries", "audit_records"]));
        Assert.Equal(AccountStatus.Closed, (await Rows<Account>(a => a.Key == account)).Single().Status);
        Assert.Equal(HttpStatusCode.Unauthorized, await Ask(token));
        Assert.Equal(HttpStatusCode.Found, (await elsewhere.Get("/profile")).Status);
        Assert.Equal(HttpStatusCode.Found, (await browser.Get("/profile")).Status);
        using var again = new FormClient(Host.Address);
        Assert.NotEqual(HttpStatusCode.Found, (await again.SignIn(email, People.Password)).Status);
    }

    [Fact]
    public async Task The_audit_says_by_ids_who_left_and_that_the_account_was_closed_and_a_mail_says_goodbye()
    {
        var (email, account) = await NewOwner();
        var me = Actor.User((await Host.Find(email)).Id).Id;
        using var browser = await SignedIn(email);

        await Leave(browser, email);

        var closed = Assert.Single(await Rows<AuditRecord>(r => r.Subject == account && r.Action == "LeaveAccount"));
        Assert.Equal((me, "Changed"), (closed.Actor, closed.Outcome));
        var left = Assert.Single(await Rows<AuditRecord>(r => r.Subject == me && r.Action == "Leave"));
        Assert.Equal(me, left.Actor);
        var mail = await Host.MailTo(email, "You have left");
        Assert.Contains($"Your account {account} is closed. For its last period $20.00 is due", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_says_what_is_owed_and_may_still_settle_and_that_is_what_then_happens()
    {
        var (email, account, _) = await NewOwnerWithEverything();
        using var browser = await SignedIn(email);

        var page = (await browser.Get("/profile/leave")).Html;

        Assert.Equal(("$20.00", "$2.00", "$22.00 USD"), (Figure(page, "Plan fee of the period"), Figure(page, "Extra usage of the period, less discounts"), Figure(page, "Due for the period")));
        Assert.Contains("of extra usage that would then be due as well", page, StringComparison.Ordinal);
        Assert.Matches(">\\$3.00<", page);
        Assert.DoesNotContain("Credit that is lost", page, StringComparison.Ordinal);
        await Leave(browser, account);
        Assert.Equal(Money.FromDollars(22), await Due(account));
        Assert.IsType<AuthorizeAnswer.Refused>(await Hold(account, "later", 1));
        Assert.IsType<SettleAnswer.Settled>(await Door.Submit(new Settle($"{account}-hold", new Usage { OutputTokens = 100_000 }, null, Gateway)));
        Assert.Equal(Money.FromDollars(23), await Due(account));
    }

    [Fact]
    public async Task The_page_says_which_credit_is_lost_claimed_or_not()
    {
        var (email, account) = await NewOwner();
        using var browser = await SignedIn(email);

        var unclaimed = (await browser.Get("/profile/leave")).Html;
        await Door.Submit(new ClaimCredit(account, await LatestActor(email)));
        await Use(account, "some", 500_000);
        var claimed = (await browser.Get("/profile/leave")).Html;

        Assert.Equal(("$0.00", "$20.00"), (Figure(unclaimed, "Credit that is lost"), Figure(unclaimed, "Credit that you could still claim, also lost")));
        Assert.Equal("$15.00", Figure(claimed, "Credit that is lost"));
        Assert.DoesNotContain("could still claim", claimed, StringComparison.Ordinal);
        Assert.Contains("Nothing is held that could still become due.", claimed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_password_and_the_typed_word_nothing_happens()
    {
        var (email, account) = await NewOwner();
        using var browser = await SignedIn(email);

        var wrongPassword = await Leave(browser, account, "another password of some length");
        var noPassword = await Leave(browser, account, "");
        var wrongWord = await Leave(browser, "yes");
        var noWord = await Leave(browser, "");

        Assert.All([wrongPassword, noPassword], page => Assert.Contains("""<p id="password-error" class="field-error">This is not your present password.</p>""", page.Html, StringComparison.Ordinal));
        Assert.All([wrongWord, noWord], page => Assert.Contains("""<p id="word-error" class="field-error">Type""", page.Html, StringComparison.Ordinal));
        Assert.All([wrongPassword, noPassword, wrongWord, noWord], page => Assert.Contains("You have not left.", page.Html, StringComparison.Ordinal));
        Assert.Equal(AccountStatus.Open, (await Rows<Account>(a => a.Key == account)).Single().Status);
        Assert.DoesNotContain(await Audit(email), r => r.Action == "Leave");
        Assert.Equal(HttpStatusCode.OK, (await browser.Get("/profile")).Status);
    }

    [Fact]
    public async Task Somebody_without_a_password_leaves_within_ten_minutes_of_signing_in()
    {
        var (email, account) = await NewOwner();
        using var late = await SignedIn(email);
        await TakePasswordAway(email);
        var token = FormClient.Token(await late.Get("/profile/leave"));
        Time.Advance(TimeSpan.FromMinutes(10));

        var refused = await late.Post("/profile/leave", ("__RequestVerificationToken", token), ("_handler", "leave"), ("Input.Word", account));

        Assert.Contains("You signed in too long ago.", refused.Html, StringComparison.Ordinal);
        var (other, theirs) = await NewOwner();
        using var fresh = await SignedIn(other);
        await TakePasswordAway(other);
        Assert.EndsWith("done=left", (await Leave(fresh, theirs, "")).Location, StringComparison.Ordinal);
        Assert.Equal(AccountStatus.Open, (await Rows<Account>(a => a.Key == account)).Single().Status);
    }

    [Fact]
    public async Task Whoever_works_here_asks_an_administrator_and_the_last_administrator_stays()
    {
        var leaving = Host.Services.GetRequiredService<Leaving>();
        var (support, admin) = (await Staff(Roles.Support), await Staff(Roles.Admin));

        Assert.Equal(LeaveOutcome.IsStaff, await leaving.Leave(support.User, support.Actor));
        Assert.Equal(LeaveOutcome.IsLastAdmin, await leaving.Leave(admin.User, admin.Actor));
        await Staff(Roles.Admin);
        Assert.Equal(LeaveOutcome.IsStaff, await leaving.Leave(admin.User, admin.Actor));

        Assert.Equal(2, (await Rows<User>(u => u.Id == support.User.Id || u.Id == admin.User.Id)).Count);
    }

    [Fact]
    public async Task A_subscriber_who_became_staff_reads_whom_to_ask()
    {
        var (email, account) = await NewOwner();
        using var browser = await SignedIn(email);
        await Give(email, Roles.Support);

        var page = (await browser.Get("/profile/leave")).Html;
        var token = FormClient.Token(await browser.Get("/profile/data"));
        await browser.Post("/profile/leave", ("__RequestVerificationToken", token), ("_handler", "leave"), ("Input.Password", People.Password), ("Input.Word", account));

        Assert.Contains("Ask an administrator to take your role away; then you can leave.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<form class=\"form\"", page, StringComparison.Ordinal);
        Assert.Equal(AccountStatus.Open, (await Rows<Account>(a => a.Key == account)).Single().Status);
        Assert.NotNull(await Host.Find(email));
    }

    [Fact]
    public async Task What_stopped_in_between_is_finished_by_leaving_again()
    {
        var (email, account) = await NewOwner();
        using var browser = await SignedIn(email);
        await Door.Submit(new LeaveAccount(account, await LatestActor(email)));

        Assert.Contains("It is closed already. Your sign-in is still here.", (await browser.Get("/profile/leave")).Html, StringComparison.Ordinal);
        var answer = await Leave(browser, account);

        Assert.EndsWith("done=left", answer.Location, StringComparison.Ordinal);
        Assert.Empty(await TablesThatSay(email));
        Assert.Single(await Rows<AuditRecord>(r => r.Subject == account && r.Action == "LeaveAccount"));
    }

    [Fact]
    public async Task Leaving_twice_at_once_happens_once()
    {
        var (email, account) = await NewOwner();
        using var browser = await SignedIn(email);
        var (user, by, leaving) = (await Host.Find(email), await LatestActor(email), Host.Services.GetRequiredService<Leaving>());

        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Record.ExceptionAsync(() => leaving.Leave(user, by)).AsTask()));

        Assert.Single(both, result => result is null);
        Assert.Single(both, result => result is NotAllowedException);
        Assert.Single(await Rows<AuditRecord>(r => r.Action == "Leave" && r.Actor == by.Id));
        Assert.Equal(AccountStatus.Closed, (await Rows<Account>(a => a.Key == account)).Single().Status);
    }

    [Fact]
    public async Task A_session_that_has_ended_forgets_nobody()
    {
        var email = await Host.NewSubscriber();
        using var browser = await SignedIn(email);
        var (user, by) = (await Host.Find(email), await LatestActor(email));
        await using (var db = Database.Open())
        {
            await db.Set<SignInSession>().Where(s => s.Id == by.Session).ExecuteDeleteAsync();
        }

        await Assert.ThrowsAsync<NotAllowedException>(() => Host.Services.GetRequiredService<Leaving>().Leave(user, by));

        Assert.NotNull(await Host.Find(email));
    }

    [Fact]
    public async Task Somebody_without_an_account_leaves_too()
    {
        var email = await Host.NewSubscriber();
        using var browser = await SignedIn(email);

        Assert.EndsWith("done=left", (await Leave(browser, email)).Location, StringComparison.Ordinal);

        Assert.Empty(await TablesThatSay(email));
    }

    /// <summary>The amount in the line of a page's figures that begins with these words.</summary>
    private static string Figure(string page, string words)
    {
        var at = page.IndexOf($"<dt>{words}</dt>", StringComparison.Ordinal);
        Assert.True(at >= 0, $"The page has no line '{words}'.");
        var data = page.IndexOf("<data", at, StringComparison.Ordinal);
        var start = page.IndexOf('>', data) + 1;
        return page[start..page.IndexOf('<', start)];
    }

    private async Task<Money> Due(string account) => (await Host.Services.GetRequiredService<AccountStatements>().Of(account))![0].Statement.TotalDue;

    private async Task<HttpStatusCode> Ask(string token)
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        using var client = Client(token);
        using var answer = await client.GetAsync(new Uri("/v1/balance", UriKind.Relative));
        return answer.StatusCode;
    }

    private async Task<(User User, Actor Actor)> Staff(string role)
    {
        var email = await Host.NewSubscriber();
        using var browser = await SignedIn(email);
        await Give(email, role);
        return (await Host.Find(email), await LatestActor(email));
    }

    private async Task Give(string email, string role)
    {
        var id = (await Host.Find(email)).Id;
        await using var db = Database.Open();
        db.UserRoles.Add(new() { UserId = id, RoleId = role });
        await db.SaveChangesAsync();
    }
}
