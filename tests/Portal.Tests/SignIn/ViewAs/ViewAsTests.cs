using System.Net;
using Ledger;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Data;
using Portal.Keys;
using Portal.SignIn;
using Portal.SignIn.Sessions;
using Portal.SignIn.ViewAs;

namespace Portal.Tests.SignIn.ViewAs;

public sealed class ViewAsOnSqlite(SignInOn<SqliteDatabase> portal) : ViewAsTests<SqliteDatabase>(portal);

public sealed class ViewAsOnPostgres(SignInOn<PostgresDatabase> portal) : ViewAsTests<PostgresDatabase>(portal);

/// <summary>Support looks with a subscriber's eyes: who may, what they see, that they change nothing, and each way in which it ends.</summary>
public abstract class ViewAsTests<TDatabase>(SignInOn<TDatabase> portal) : SignInTest<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    private const string Reason = "She asks why a request was refused.";

    private ViewAsBook Book => Host.Services.GetRequiredService<ViewAsBook>();

    [Fact]
    public async Task Support_sees_the_subscribers_pages_and_stays_who_they_are()
    {
        var (email, account) = await NewOwner();
        var support = await Host.NewUser(Roles.Support);
        using var browser = await SignedIn(support);
        Assert.Equal("/sign-in/denied", (await browser.Get("/credit")).Path!.Split('?')[0]);

        var started = await Form(browser, account, Reason, "T-1042");

        Assert.Equal("/", started.Path);
        var page = await browser.Get("/credit");
        Assert.Contains($"You view as the subscriber of <code>{account}</code>", page.Html, StringComparison.Ordinal);
        Assert.Contains($"T-1042: {Reason}", page.Html, StringComparison.Ordinal);
        Assert.Contains("30:00", page.Html, StringComparison.Ordinal);
        Assert.Contains("End view-as", page.Html, StringComparison.Ordinal);
        Assert.Contains("waits for you to claim it", page.Html, StringComparison.Ordinal);
        await browser.Get("/extra-usage");
        await browser.Get("/extra-usage?again=1");
        var records = (await Rows<AuditRecord>(r => r.Subject == account && r.Action != "PutAccount")).OrderBy(r => r.Id).ToList();
        Assert.Equal(["StartViewAs", "ViewAsPage", "ViewAsPage"], records.Select(r => r.Action));
        Assert.All(records, r => Assert.Equal(SignInAudit.Subject(Host.Find(support).Result.Id), r.Actor));
        Assert.Equal(Reason, records[0].Reason);
        Assert.Contains("\"page\":\"/extra-usage\"", records[^1].After, StringComparison.Ordinal);
        Assert.All(records, r => Assert.DoesNotContain(email, $"{r.Before}{r.After}{r.Actor}", StringComparison.Ordinal));

        var mail = await Host.MailTo(email, "Support looks at your account");
        Assert.Contains(Reason, mail.Text, StringComparison.Ordinal);
        Assert.Contains("/support-access", mail.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(support, mail.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("too short", "T-1", "A reason has 15 to 500 characters.")]
    [InlineData("              no blanks count", "T-1", null)]
    [InlineData("         short         ", "T-1", "A reason has 15 to 500 characters.")]
    [InlineData(Reason, "", "no spaces")]
    [InlineData(Reason, "the ticket of today", "no spaces")]
    public async Task It_needs_a_reason_and_a_ticket(string reason, string ticket, string? refusal)
    {
        var (_, account) = await NewOwner();
        using var browser = await SignedIn(await Host.NewUser(Roles.Support));

        var answer = await Form(browser, account, reason, ticket);

        Assert.Equal(refusal is null, answer.Path == "/");
        Assert.Contains(refusal ?? "", answer.Html, StringComparison.Ordinal);
        Assert.Equal(refusal is null ? 1 : 0, (await Rows<ViewAsSession>(v => v.Account == account)).Count);
    }

    [Fact]
    public async Task Nobody_views_as_staff_or_themselves_or_whoever_forbade_it_nor_twice_at_once()
    {
        var (support, browser) = await NewSupport();
        using var _ = browser;
        Assert.IsType<StartOutcome.OwnAccount>(await Book.Start(await AccountOf(support.UserId!), Reason, "T-1", support));
        foreach (var role in new[] { Roles.Support, Roles.Admin })
        {
            Assert.IsType<StartOutcome.OfStaff>(await Book.Start(await AccountOf((await Host.Find(await Host.NewUser(role))).Id), Reason, "T-1", support));
        }
        Assert.IsType<StartOutcome.UnknownAccount>(await Book.Start("no-such-account", Reason, "T-1", support));
        var (email, account) = await NewOwner();
        var owner = Actor.User((await Host.Find(email)).Id);
        Assert.True(await Door.Submit(new LetSupportLook(account, false, owner)));
        Assert.IsType<StartOutcome.Forbidden>(await Book.Start(account, Reason, "T-1", support));
        // It says so before anybody writes a reason.
        var page = await browser.Get($"/support/view-as/{account}");
        Assert.Contains("The subscriber has forbidden it", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Input.Reason", page.Html, StringComparison.Ordinal);
        Assert.Equal(["Forbidden"], (await Rows<AuditRecord>(r => r.Subject == account && r.Action == "StartViewAs")).Select(r => r.Outcome));
        Assert.True(await Door.Submit(new LetSupportLook(account, true, owner)));

        var both = await Task.WhenAll(Book.Start(account, Reason, "T-1", support), Book.Start(account, Reason, "T-1", support));

        Assert.Single(both.OfType<StartOutcome.Started>());
        Assert.Single(both.OfType<StartOutcome.AlreadyViewing>());
        var (_, another) = await NewOwner();
        Assert.IsType<StartOutcome.AlreadyViewing>(await Book.Start(another, Reason, "T-1", support));
    }

    [Fact]
    public async Task Nobody_but_support_begins_it()
    {
        var (email, account) = await NewOwner();
        var admin = await Host.NewUser(Roles.Admin);
        foreach (var who in new[] { email, admin })
        {
            using var browser = await SignedIn(who);
            Assert.Equal("/sign-in/denied", (await browser.Get($"/support/view-as/{account}")).Path!.Split('?')[0]);
            var actor = await LatestActor(who);
            await Assert.ThrowsAsync<NotAllowedException>(() => Book.Start(account, Reason, "T-1", actor));
        }
        // Without a session there is nothing that could view as.
        var (support, other) = await NewSupport();
        using var _ = other;
        await Assert.ThrowsAsync<NotAllowedException>(() => Book.Start(account, Reason, "T-1", Actor.User(support.UserId!)));
    }

    [Fact]
    public async Task Whatever_is_written_is_refused_meanwhile_and_may_be_written_after()
    {
        var (email, account) = await NewOwner();
        var (support, browser) = await NewSupport();
        using var _ = browser;
        await Book.Start(account, Reason, "T-1", support);
        Func<Task>[] writes =
        [
            () => Door.Submit(new ClaimCredit(account, support)),
            () => Door.Submit(new LetSupportLook(account, false, support)),
            () => Door.Submit(new WriteNote(account, Guid.CreateVersion7(), "A mistake of ours.", support)),
            () => Host.Services.GetRequiredService<PersonalTokens>().Make(account, "token", 30, support),
            () => Host.Services.GetRequiredService<StaffDesk>().Do(support, Roles.Support, _ => Task.FromResult(true)),
            () => WithChanges((changes, user) => changes.SignOutEverywhere(user, support), support),
            () => WithChanges((changes, user) => changes.EndSession(user, support.Session!, SessionEnd.EndedByOwner, support), support),
        ];
        foreach (var write in writes)
        {
            Assert.Equal(NotAllowedException.WhileViewing, (await Assert.ThrowsAsync<NotAllowedException>(write)).Message);
        }

        Assert.True(await Book.End(support));

        Assert.Equal(NoteOutcome.Written, await Door.Submit(new WriteNote(account, Guid.CreateVersion7(), "A mistake of ours.", support)));
        Assert.True(await Host.Services.GetRequiredService<StaffDesk>().Do(support, Roles.Support, _ => Task.FromResult(true)));
        // The subscriber's own were never refused.
        Assert.IsType<ClaimOutcome.Claimed>(await Door.Submit(new ClaimCredit(account, Actor.User((await Host.Find(email)).Id))));
    }

    [Fact]
    public async Task It_ends_to_the_second_and_nothing_renews_it()
    {
        var (_, account) = await NewOwner();
        var (support, browser) = await NewSupport();
        using var _ = browser;
        var view = Assert.IsType<StartOutcome.Started>(await Book.Start(account, Reason, "T-1", support)).ViewAs;
        Assert.Equal(TimeSpan.FromMinutes(30), view.EndsAt - view.StartedAt);

        Time.Advance(TimeSpan.FromMinutes(30) - TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, (await browser.Get("/credit")).Status);
        await Assert.ThrowsAsync<NotAllowedException>(() => Door.Submit(new WriteNote(account, Guid.CreateVersion7(), "A mistake of ours.", support)));

        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("/sign-in/denied", (await browser.Get("/credit")).Path!.Split('?')[0]);
        Assert.False(await Book.Visit(view.Id, "/usage"));
        Assert.Equal(NoteOutcome.Written, await Door.Submit(new WriteNote(account, Guid.CreateVersion7(), "A mistake of ours.", support)));

        Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(new Ended(ViewAsEnd.TimeOver, view.EndsAt), await EndOf(view.Id));
        Assert.Contains("its time had passed", (await browser.Get("/view-as/over")).Html, StringComparison.Ordinal);
        Assert.IsType<StartOutcome.Started>(await Book.Start(account, Reason, "T-1", support));
    }

    [Fact]
    public async Task It_ends_when_the_subscriber_forbids_it_in_the_middle()
    {
        var (email, account) = await NewOwner();
        var (support, browser) = await NewSupport();
        using var _ = browser;
        var view = Assert.IsType<StartOutcome.Started>(await Book.Start(account, Reason, "T-1", support)).ViewAs;
        Assert.Equal(HttpStatusCode.OK, (await browser.Get("/credit")).Status);

        await Door.Submit(new LetSupportLook(account, false, Actor.User((await Host.Find(email)).Id)));

        Assert.Equal("/sign-in/denied", (await browser.Get("/credit")).Path!.Split('?')[0]);
        Assert.Equal(ViewAsEnd.Forbidden, (await EndOf(view.Id)).By);
        // To allow it again begins nothing.
        await Door.Submit(new LetSupportLook(account, true, Actor.User((await Host.Find(email)).Id)));
        Assert.Null(await Book.Of(support.Session));
    }

    [Fact]
    public async Task It_ends_when_the_role_is_taken_away_in_the_middle()
    {
        var (_, account) = await NewOwner();
        var (support, browser) = await NewSupport();
        using var _ = browser;
        var view = Assert.IsType<StartOutcome.Started>(await Book.Start(account, Reason, "T-1", support)).ViewAs;

        await WithChanges((changes, user) => changes.RemoveRole(user, Roles.Support, Actor.User("an-admin")), support);

        Assert.StartsWith("/sign-in?", (await browser.Get("/credit")).Path, StringComparison.Ordinal);
        Assert.Null(await Book.Of(support.Session));
        Assert.Equal(ViewAsEnd.Role, (await EndOf(view.Id)).By);
    }

    [Fact]
    public async Task It_ends_with_the_session_and_with_the_owner_becoming_staff()
    {
        var (_, account) = await NewOwner();
        var (support, browser) = await NewSupport();
        using var _ = browser;
        var view = Assert.IsType<StartOutcome.Started>(await Book.Start(account, Reason, "T-1", support)).ViewAs;
        var page = await browser.Get("/credit");
        await browser.Post("/sign-out", ("__RequestVerificationToken", FormClient.Token(page)));
        Assert.Equal(ViewAsEnd.SignedOut, (await EndOf(view.Id)).By);

        var (email, another) = await NewOwner();
        var (second, next) = await NewSupport();
        using var __ = next;
        view = Assert.IsType<StartOutcome.Started>(await Book.Start(another, Reason, "T-1", second)).ViewAs;
        await using (var scope = Host.Services.CreateAsyncScope())
        {
            var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
            await users.AddToRoleAsync((await users.FindByEmailAsync(email))!, Roles.Admin);
        }
        Assert.Equal("/sign-in/denied", (await next.Get("/credit")).Path!.Split('?')[0]);
        Assert.Equal(ViewAsEnd.Subject, (await EndOf(view.Id)).By);
    }

    [Fact]
    public async Task The_staff_member_ends_it_and_is_told_so()
    {
        var (_, account) = await NewOwner();
        var (_, browser) = await NewSupport();
        using var _ = browser;
        await Form(browser, account, Reason, "T-1");
        var page = await browser.Get("/credit");

        var ended = await browser.Post("/view-as/end", ("__RequestVerificationToken", FormClient.Token(page)));

        Assert.Equal("/view-as/over", ended.Path);
        Assert.Contains("is over: you ended it", (await browser.Get("/view-as/over")).Html, StringComparison.Ordinal);
        Assert.Equal("/sign-in/denied", (await browser.Get("/credit")).Path!.Split('?')[0]);
        Assert.Equal(HttpStatusCode.OK, (await browser.Get("/support")).Status);
        Assert.Single(await Rows<AuditRecord>(r => r.Subject == account && r.Action == "EndViewAs" && r.Outcome == "Staff"));
    }

    private static Task<Answer> Form(FormClient browser, string account, string reason, string ticket) =>
        browser.Submit($"/support/view-as/{account}", "start", ("Input.Reason", reason), ("Input.Ticket", ticket));

    private async Task<(Actor Actor, FormClient Browser)> NewSupport()
    {
        var email = await Host.NewUser(Roles.Support);
        var browser = await SignedIn(email);
        return (await LatestActor(email), browser);
    }

    private async Task<string> AccountOf(string owner)
    {
        var account = $"account-{Guid.NewGuid():n}";
        Assert.IsType<PutAnswer.Done>(await Door.Submit(new PutAccount(account, owner, "pro", null, AccountStatus.Open, Actor.Key("test"))));
        return account;
    }

    private async Task<bool> WithChanges<T>(Func<SignInChanges, User, Task<T>> change, Actor whose)
    {
        await using var scope = Host.Services.CreateAsyncScope();
        var user = await scope.ServiceProvider.GetRequiredService<UserManager<User>>().FindByIdAsync(whose.UserId!);
        await change(scope.ServiceProvider.GetRequiredService<SignInChanges>(), user!);
        return true;
    }

    private sealed record Ended(ViewAsEnd? By, DateTimeOffset? At);

    /// <summary>How it ended, once that is written down, in the row and in the audit alike.</summary>
    private async Task<Ended> EndOf(string id)
    {
        await Book.EndWhatIsOver();
        var view = Assert.Single(await Rows<ViewAsSession>(v => v.Id == id));
        Assert.Equal([view.EndedBy.ToString()], (await Rows<AuditRecord>(r => r.Subject == view.Account && r.Action == "EndViewAs")).Select(r => r.Outcome));
        return new Ended(view.EndedBy, view.EndedAt);
    }
}
