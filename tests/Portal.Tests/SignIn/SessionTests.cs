using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Data;
using Portal.SignIn;
using Portal.SignIn.Sessions;

namespace Portal.Tests.SignIn;

public sealed class SessionsOnSqlite(SignInOn<SqliteDatabase> portal) : SessionTests<SqliteDatabase>(portal);

public sealed class SessionsOnPostgres(SignInOn<PostgresDatabase> portal) : SessionTests<PostgresDatabase>(portal);

/// <summary>Each sign-in of a browser is a session, and whatever ends it counts at the next request and at the next command.</summary>
public abstract class SessionTests<TDatabase>(SignInOn<TDatabase> portal) : SignInTest<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    [Fact]
    public async Task The_person_sees_where_they_are_signed_in_and_nobody_elses()
    {
        var email = await Host.NewSubscriber();
        using var firefox = new FormClient(Host.Address) { UserAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" };
        using var phone = new FormClient(Host.Address) { UserAgent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1" };
        using var other = await SignedIn(await Host.NewSubscriber());
        await firefox.SignIn(email, People.Password);
        await phone.SignIn(email, People.Password, remember: true);

        var page = await firefox.Get("/profile/sessions");

        Assert.Contains("You are signed in 2 times.", page.Html, StringComparison.Ordinal);
        Assert.Contains("<strong>Firefox on Linux</strong> (this one)", page.Html, StringComparison.Ordinal);
        Assert.Contains("<strong>Safari on iPhone</strong>", page.Html, StringComparison.Ordinal);
        Assert.Contains("with password", page.Html, StringComparison.Ordinal);
        Assert.Contains("Stays signed in", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Unknown device", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ending_one_signs_that_browser_out_and_no_other_and_says_why()
    {
        var email = await Host.NewSubscriber();
        using var here = await SignedIn(email);
        using var there = await SignedIn(email);
        var id = (await LatestActor(email)).Session!;

        var ended = await here.Submit("/profile/sessions", "end", ("Session", id));

        Assert.EndsWith("/profile/sessions?done=ended", ended.Location, StringComparison.Ordinal);
        Assert.Contains("signed in here and nowhere else", (await here.Get("/profile/sessions")).Html, StringComparison.Ordinal);
        var gone = await there.Get("/profile");
        Assert.Equal(HttpStatusCode.Found, gone.Status);
        Assert.Equal(["GiveRole", "AcceptInvitation", "SignIn", "SignIn", "EndSession"], (await Audit(email)).Select(r => r.Action));
    }

    [Fact]
    public async Task The_sign_in_page_says_once_why_the_session_is_over()
    {
        var email = await Host.NewSubscriber();
        using var here = await SignedIn(email);
        using var there = await SignedIn(email);
        await here.Submit("/profile/sessions", "end", ("Session", (await LatestActor(email)).Session!));

        var first = await there.Get("/sign-in");
        var second = await there.Get("/sign-in");

        Assert.Contains("This sign-in was ended on the page of your sessions", first.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("This sign-in was ended", second.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_ends_what_is_anothers()
    {
        var theirs = await Host.NewSubscriber();
        using var them = await SignedIn(theirs);
        using var me = await SignedIn(await Host.NewSubscriber());

        await me.Submit("/profile/sessions", "end", ("Session", (await LatestActor(theirs)).Session!));

        Assert.Equal(HttpStatusCode.OK, (await them.Get("/profile")).Status);
        Assert.Equal(["GiveRole", "AcceptInvitation", "SignIn"], (await Audit(theirs)).Select(r => r.Action));
    }

    [Fact]
    public async Task Signing_out_everywhere_counts_at_the_next_request_and_the_next_command()
    {
        var (email, account) = await NewOwner();
        using var there = await SignedIn(email, remember: true);
        var page = await LatestActor(email);
        using var here = await SignedIn(email);
        await Door.Submit(new ClaimEveryPeriod(account, true, page));

        var answer = await here.Submit("/profile/sessions", "everywhere");

        Assert.EndsWith("/sign-in?done=everywhere", answer.Location, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NotAllowedException>(() => Door.Submit(new ClaimEveryPeriod(account, false, page)));
        Assert.Equal(HttpStatusCode.Found, (await here.Get("/profile")).Status);
        Assert.Contains("You were signed out everywhere", (await there.Get("/sign-in")).Html, StringComparison.Ordinal);
        var record = Assert.Single(await Audit(email), r => r.Action == "SignOutEverywhere");
        Assert.Equal(record.Subject, record.Actor);
    }

    [Fact]
    public async Task Signing_out_ends_what_other_pages_of_the_same_browser_may_do()
    {
        var (email, account) = await NewOwner();
        using var browser = await SignedIn(email);
        var page = await LatestActor(email);
        var elsewhere = await SignedIn(email);
        var elsewheres = await LatestActor(email);

        await browser.Post("/sign-out", ("__RequestVerificationToken", FormClient.Token(await browser.Get("/profile"))));

        await Assert.ThrowsAsync<NotAllowedException>(() => Door.Submit(new ClaimEveryPeriod(account, true, page)));
        await Door.Submit(new ClaimEveryPeriod(account, true, elsewheres));
        Assert.Equal(SessionEnd.SignedOut, (await Rows<SignInSession>(s => s.Id == page.Session)).Single().EndedBy);
        elsewhere.Dispose();
    }

    [Fact]
    public async Task A_role_that_is_taken_away_counts_at_the_next_command_and_ends_every_session()
    {
        var (email, account) = await NewOwner();
        using var browser = await SignedIn(email);
        var page = await LatestActor(email);
        await Door.Submit(new ClaimEveryPeriod(account, true, page));

        await RemoveRole(email, Roles.Subscriber);

        await Assert.ThrowsAsync<NotAllowedException>(() => Door.Submit(new ClaimEveryPeriod(account, false, page)));
        Assert.False((await Viewer(email)).IsIn);
        Assert.Contains("What you may do here was changed.", (await browser.Get("/sign-in")).Html, StringComparison.Ordinal);
        var record = Assert.Single(await Audit(email), r => r.Action == "RemoveRole");
        Assert.Equal(("user:an-admin", """{"role":"Subscriber"}"""), (record.Actor, record.After));
    }

    [Fact]
    public async Task A_lock_counts_at_the_next_command_and_closes_the_pages_while_it_lasts()
    {
        var (email, account) = await NewOwner();
        using var browser = await SignedIn(email);
        var page = await LatestActor(email);

        await Change(email, user => user.LockoutEnd = Time.GetUtcNow().AddHours(1));

        await Assert.ThrowsAsync<NotAllowedException>(() => Door.Submit(new ClaimEveryPeriod(account, true, page)));
        Assert.Contains("Your sign-in is locked for now.", (await browser.Get("/sign-in")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_security_stamp_ends_sessions_whoever_gave_it()
    {
        var (email, account) = await NewOwner();
        using var browser = await SignedIn(email);
        var page = await LatestActor(email);

        await Change(email, user => user.SecurityStamp = "another");

        await Assert.ThrowsAsync<NotAllowedException>(() => Door.Submit(new ClaimEveryPeriod(account, true, page)));
        Assert.Contains("Something about your sign-in was changed.", (await browser.Get("/sign-in")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_is_not_used_ends_and_one_that_is_used_lasts_as_long_as_one_may()
    {
        var email = await Host.NewSubscriber();
        using var unused = await SignedIn(email);
        using var used = await SignedIn(email);

        Time.Advance(TimeSpan.FromHours(11));
        Assert.Equal(HttpStatusCode.OK, (await used.Get("/profile")).Status);
        Time.Advance(TimeSpan.FromHours(2));
        Assert.Contains("You did nothing here for a while", (await unused.Get("/sign-in")).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await used.Get("/profile")).Status);
        Time.Advance(TimeSpan.FromHours(10));
        Assert.Equal(HttpStatusCode.OK, (await used.Get("/profile")).Status);

        Time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(HttpStatusCode.Found, (await used.Get("/profile")).Status);
    }

    [Fact]
    public async Task Whoever_chose_to_stay_signed_in_stays_for_weeks_but_not_for_ever()
    {
        var email = await Host.NewSubscriber();
        using var browser = await SignedIn(email, remember: true);
        for (var day = 0; day < 84; day += 12)
        {
            Time.Advance(TimeSpan.FromDays(12));
            Assert.Equal(HttpStatusCode.OK, (await browser.Get("/profile")).Status);
        }

        Time.Advance(TimeSpan.FromDays(6));

        Assert.Contains("A sign-in lasts at most", (await browser.Get("/sign-in")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Use_is_written_down_once_a_minute()
    {
        var email = await Host.NewSubscriber();
        using var browser = await SignedIn(email);
        var id = (await LatestActor(email)).Session;
        var signedIn = Time.GetUtcNow();

        Time.Advance(TimeSpan.FromSeconds(59));
        await browser.Get("/profile");
        var early = (await Rows<SignInSession>(s => s.Id == id)).Single();
        Time.Advance(TimeSpan.FromSeconds(1));
        await browser.Get("/profile");
        var later = (await Rows<SignInSession>(s => s.Id == id)).Single();

        Assert.Equal(signedIn, early.LastSeenAt);
        Assert.Equal(signedIn.AddMinutes(1), later.LastSeenAt);
    }

    [Fact]
    public async Task A_new_sign_in_clears_what_is_long_over()
    {
        var email = await Host.NewSubscriber();
        using var old = await SignedIn(email);
        var id = (await LatestActor(email)).Session;
        Time.Advance(TimeSpan.FromDays(40));

        using var now = await SignedIn(email);

        Assert.Empty(await Rows<SignInSession>(s => s.Id == id));
    }

    [Fact]
    public async Task A_cookie_without_a_session_is_nobodys()
    {
        var email = await Host.NewSubscriber();
        await using var scope = Host.Services.CreateAsyncScope();
        var viewer = scope.ServiceProvider.GetRequiredService<Viewer>();
        var principal = await scope.ServiceProvider.GetRequiredService<IUserClaimsPrincipalFactory<User>>().CreateAsync(await Host.Find(email));

        Assert.Null(await viewer.Who(principal));
        Assert.Null(await viewer.Who(new ClaimsPrincipal()));
    }

    [Fact]
    public async Task The_viewer_has_the_roles_of_now_and_is_nobody_once_the_session_is_over()
    {
        var email = await Host.NewUser(Roles.Support);
        using var browser = await SignedIn(email);

        var before = (await Viewer(email)).Acting;
        await Change(email, (users, user) => users.AddToRoleAsync(user, Roles.Subscriber));
        var withRole = (await Viewer(email)).Acting;
        await Change(email, (users, user) => users.UpdateSecurityStampAsync(user));
        var after = (await Viewer(email)).Acting;

        Assert.Equal((await LatestActor(email)).Session, before!.Actor.Session);
        Assert.True(before.Is(Roles.Support));
        Assert.False(before.Is(Roles.Subscriber));
        Assert.True(withRole!.Is(Roles.Subscriber));
        Assert.Null(after);
    }

    private async Task<(bool IsIn, Acting? Acting)> Viewer(string email)
    {
        await using var scope = Host.Services.CreateAsyncScope();
        var principal = new ClaimsPrincipal(new ClaimsIdentity([new Claim(SignInSession.Claim, (await LatestActor(email)).Session!)]));
        var acting = await scope.ServiceProvider.GetRequiredService<Viewer>().Who(principal);
        return (acting is not null, acting);
    }

    private async Task RemoveRole(string email, string role)
    {
        await using var scope = Host.Services.CreateAsyncScope();
        var user = await scope.ServiceProvider.GetRequiredService<UserManager<User>>().FindByEmailAsync(email);
        Assert.True((await scope.ServiceProvider.GetRequiredService<SignInChanges>().RemoveRole(user!, role, Actor.User("an-admin"))).Succeeded);
    }

    private Task Change(string email, Action<User> change) => Change(email, (users, user) =>
    {
        change(user);
        return users.UpdateAsync(user);
    });

    private async Task Change(string email, Func<UserManager<User>, User, Task<IdentityResult>> change)
    {
        await using var scope = Host.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        Assert.True((await change(users, (await users.FindByEmailAsync(email))!)).Succeeded);
    }
}

/// <summary>A browser is named as its owner knows it.</summary>
public sealed class DeviceTests
{
    [Theory]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36", "Chrome on Windows")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0", "Edge on Windows")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15", "Safari on Mac")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux")]
    [InlineData("Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36", "Chrome on Android")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0 Mobile/15E148 Safari/604.1", "Chrome on iPhone")]
    [InlineData("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36", "Chrome on ChromeOS")]
    [InlineData("curl/8.5.0", "curl")]
    [InlineData("SomethingNew/1.0 (Linux)", "Browser on Linux")]
    [InlineData("", "Unknown device")]
    [InlineData(null, "Unknown device")]
    public void Is_named(string? userAgent, string name) => Assert.Equal(name, Device.Of(userAgent));
}
