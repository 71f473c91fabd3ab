using System.Net;
using Portal.SignIn;

namespace Portal.Tests.SignIn;

public sealed class PasswordLinksOnSqlite(PortalOn<SqliteDatabase> portal) : PasswordLinkTests<SqliteDatabase>(portal);

public sealed class PasswordLinksOnPostgres(PortalOn<PostgresDatabase> portal) : PasswordLinkTests<PostgresDatabase>(portal);

/// <summary>Links in mails: the invitation that sets a first password, and the one that sets a new password.</summary>
public abstract class PasswordLinkTests<TDatabase>(PortalOn<TDatabase> portal) : PortalTests<TDatabase>(portal)
    where TDatabase : TestDatabase, new()
{
    private const string New = "quite another long password";

    [Fact]
    public async Task An_invitation_sets_the_first_password_once()
    {
        var email = $"{Guid.NewGuid():n}@example.org";
        await Host.Invite(email);
        var link = (await Host.MailTo(email, "Your invitation")).Link();
        using var browser = new FormClient(Host.Address);

        var set = await SetPassword(browser, link, New);
        var signedIn = await browser.SignIn(email, New);
        var again = await browser.Get(link);

        Assert.Equal(HttpStatusCode.Found, set.Status);
        Assert.Equal(HttpStatusCode.Found, signedIn.Status);
        Assert.Contains("This invitation no longer works.", again.Html, StringComparison.Ordinal);
        Assert.True((await Host.Find(email)).EmailConfirmed);
    }

    [Fact]
    public async Task A_forgotten_password_is_replaced_by_a_link_that_works_once()
    {
        var email = await Host.NewSubscriber();
        using var browser = new FormClient(Host.Address);
        await browser.Submit("/sign-in/forgotten", "forgotten", ("Input.Email", email));
        var link = (await Host.MailTo(email, "Set a new password")).Link();

        var set = await SetPassword(browser, link, New);

        Assert.Equal(HttpStatusCode.Found, set.Status);
        Assert.Contains("This link no longer works.", (await browser.Get(link)).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.SignIn(email, People.Password)).Status);
        Assert.Equal(HttpStatusCode.Found, (await browser.SignIn(email, New)).Status);
        Assert.NotNull(await Host.MailTo(email, "Your password was changed"));
    }

    [Fact]
    public async Task A_new_password_ends_a_lockout()
    {
        var email = await Host.NewSubscriber();
        using var browser = new FormClient(Host.Address);
        for (var tries = 0; tries < 5; tries++)
        {
            await browser.SignIn(email, "not the password at all");
        }

        await browser.Submit("/sign-in/forgotten", "forgotten", ("Input.Email", email));
        await SetPassword(browser, (await Host.MailTo(email, "Set a new password")).Link(), New);

        Assert.Equal(HttpStatusCode.Found, (await browser.SignIn(email, New)).Status);
    }

    [Fact]
    public async Task Asking_for_a_link_answers_the_same_whether_or_not_somebody_has_the_address()
    {
        var email = await Host.NewSubscriber();
        using var browser = new FormClient(Host.Address);

        var known = await browser.Submit("/sign-in/forgotten", "forgotten", ("Input.Email", email));
        var unknown = await browser.Submit("/sign-in/forgotten", "forgotten", ("Input.Email", "nobody@example.org"));

        Assert.Contains("Look at your mail.", known.Html, StringComparison.Ordinal);
        Assert.Equal(known.Same, unknown.Same);
    }

    [Fact]
    public async Task Who_was_invited_and_forgot_is_invited_again()
    {
        var email = await Host.NewUser(Roles.Subscriber, password: null);
        using var browser = new FormClient(Host.Address);

        await browser.Submit("/sign-in/forgotten", "forgotten", ("Input.Email", email));

        Assert.Contains("/sign-in/invitation?", (await Host.MailTo(email, "Your invitation")).Link(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("elevenchars", "elevenchars", "shorter than 12 characters")]
    [InlineData("password12345", "password12345", "is guessed soon")]
    [InlineData("a password of some length", "a password of some lenght", "The two passwords differ")]
    public async Task A_password_that_will_not_do_changes_nothing(string password, string again, string why)
    {
        var email = await Host.NewUser(Roles.Subscriber, password: null);
        await Host.Invite(email);
        using var browser = new FormClient(Host.Address);

        var answer = await SetPassword(browser, (await Host.MailTo(email, "Your invitation")).Link(), password, again);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains(why, answer.Html, StringComparison.Ordinal);
        Assert.Null((await Host.Find(email)).PasswordHash);
    }

    [Theory]
    [InlineData("/sign-in/reset")]
    [InlineData("/sign-in/reset?user=nobody&code=bm90aGluZw")]
    [InlineData("/sign-in/reset?user=nobody&code=%F0%9F%92%B8")]
    [InlineData("/sign-in/invitation")]
    [InlineData("/sign-in/invitation?user=nobody&code=!!!")]
    public async Task A_made_up_link_says_that_it_does_not_work(string link)
    {
        using var browser = new FormClient(Host.Address);

        var page = await browser.Get(link);

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("no longer works.", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_of_one_person_sets_nobody_elses_password()
    {
        var mine = await Host.NewSubscriber();
        var other = await Host.Find(await Host.NewSubscriber());
        using var browser = new FormClient(Host.Address);
        await browser.Submit("/sign-in/forgotten", "forgotten", ("Input.Email", mine));
        var link = (await Host.MailTo(mine, "Set a new password")).Link();

        var page = await browser.Get(link.Replace((await Host.Find(mine)).Id, other.Id, StringComparison.Ordinal));

        Assert.Contains("This link no longer works.", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Links_in_mails_lead_to_portal_whatever_host_the_request_named()
    {
        var email = await Host.NewSubscriber();
        using var browser = new FormClient(Host.Address);
        var page = await browser.Get("/sign-in/forgotten");
        using var client = Host.NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in/forgotten");
        request.Headers.Host = "evil.example";
        request.Headers.Add("Cookie", browser.Cookies.GetCookieHeader(Host.Address));
        request.Content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["__RequestVerificationToken"] = FormClient.Token(page),
            ["_handler"] = "forgotten",
            ["Input.Email"] = email,
        });

        await client.SendAsync(request);

        var link = (await Host.MailTo(email, "Set a new password")).Link();
        Assert.StartsWith($"http://{Host.Address.Authority}/", link, StringComparison.Ordinal);
    }

    private static Task<Answer> SetPassword(FormClient browser, string link, string password, string? again = null) =>
        browser.Submit(link, "new-password", ("Input.Password", password), ("Input.Again", again ?? password));
}
