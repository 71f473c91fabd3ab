using System.Net;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.SignIn;

namespace Portal.Tests.SignIn;

public sealed class SignInOnSqlite(PortalOn<SqliteDatabase> portal) : SignInTests<SqliteDatabase>(portal);

public sealed class SignInOnPostgres(PortalOn<PostgresDatabase> portal) : SignInTests<PostgresDatabase>(portal);

/// <summary>Signing in and out.</summary>
public abstract class SignInTests<TDatabase>(PortalOn<TDatabase> portal) : PortalTests<TDatabase>(portal)
    where TDatabase : TestDatabase, new()
{
    [Fact]
    public async Task The_right_password_signs_in_and_leads_to_the_overview()
    {
        var email = await Host.NewSubscriber();
        using var browser = new FormClient(Host.Address);

        var answer = await browser.SignIn(email, People.Password);

        Assert.Equal(HttpStatusCode.Found, answer.Status);
        Assert.Equal(new Uri(Host.Address, "/"), new Uri(Host.Address, answer.Location));
        Assert.NotNull(browser.Cookies.GetCookies(Host.Address)["portal-sign-in"]);
    }

    [Fact]
    public async Task The_page_that_asked_for_the_sign_in_is_shown_next()
    {
        var email = await Host.NewSubscriber();
        using var browser = new FormClient(Host.Address);

        var answer = await browser.SignIn(email, People.Password, "/sign-in?returnUrl=%2Fhistory%3Fkind%3Dcharge");

        Assert.Equal(new Uri(Host.Address, "/history?kind=charge"), new Uri(Host.Address, answer.Location));
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("/\t/evil.example")]
    [InlineData("evil.example")]
    [InlineData("javascript:alert(1)")]
    public async Task No_link_leads_from_the_sign_in_to_another_site(string returnUrl)
    {
        var email = await Host.NewSubscriber();
        using var browser = new FormClient(Host.Address);

        var answer = await browser.SignIn(email, People.Password, $"/sign-in?returnUrl={Uri.EscapeDataString(returnUrl)}");

        Assert.Equal(new Uri(Host.Address, "/"), new Uri(Host.Address, answer.Location));
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_address_and_no_password_yet_get_the_same_answer()
    {
        var known = await Host.NewSubscriber();
        var invited = await Host.NewUser(Roles.Subscriber, password: null);
        using var browser = new FormClient(Host.Address);

        var wrong = await browser.SignIn(known, "not the password at all");
        var unknown = await browser.SignIn("nobody@example.org", "not the password at all");
        var without = await browser.SignIn(invited, "not the password at all");

        Assert.Equal(HttpStatusCode.OK, wrong.Status);
        Assert.Contains("The address or the password is wrong", wrong.Html, StringComparison.Ordinal);
        Assert.Equal(wrong.Same, unknown.Same);
        Assert.Equal(wrong.Same, without.Same);
    }

    [Fact]
    public async Task After_five_wrong_passwords_the_right_one_is_refused_with_the_same_answer_and_the_owner_is_told()
    {
        var email = await Host.NewSubscriber();
        using var browser = new FormClient(Host.Address);
        Answer? wrong = null;
        for (var tries = 0; tries < 5; tries++)
        {
            wrong = await browser.SignIn(email, "not the password at all");
        }

        var right = await browser.SignIn(email, People.Password);

        Assert.Equal(HttpStatusCode.OK, right.Status);
        Assert.Equal(wrong!.Same, right.Same);
        var mail = await Host.MailTo(email, "Your sign-in is locked");
        Assert.EndsWith("/sign-in/forgotten", mail.Link(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_passwords_sent_at_once_are_all_counted()
    {
        var email = await Host.NewSubscriber();

        await Task.WhenAll(Enumerable.Range(0, 5).Select(async _ =>
        {
            using var stranger = new FormClient(Host.Address);
            await stranger.SignIn(email, "not the password at all");
        }));
        await Host.MailTo(email, "Your sign-in is locked");

        using var browser = new FormClient(Host.Address);
        Assert.Equal(HttpStatusCode.OK, (await browser.SignIn(email, People.Password)).Status);
    }

    [Fact]
    public async Task Wrong_passwords_of_strangers_change_nothing_where_the_owner_has_signed_in_before()
    {
        var email = await Host.NewSubscriber();
        using var owner = new FormClient(Host.Address);
        await owner.SignIn(email, People.Password);
        using var stranger = new FormClient(Host.Address);
        for (var tries = 0; tries < 6; tries++)
        {
            await stranger.SignIn(email, "not the password at all");
        }

        Assert.Equal(HttpStatusCode.OK, (await stranger.SignIn(email, People.Password)).Status);
        Assert.Equal(HttpStatusCode.OK, (await owner.Get("/profile")).Status);
        Assert.Equal(HttpStatusCode.Found, (await owner.SignIn(email, People.Password)).Status);
    }

    [Fact]
    public async Task The_right_password_ends_the_row_of_wrong_ones()
    {
        var email = await Host.NewSubscriber();
        using var first = new FormClient(Host.Address);
        for (var round = 0; round < 2; round++)
        {
            for (var tries = 0; tries < 4; tries++)
            {
                await first.SignIn(email, "not the password at all");
            }

            using var another = new FormClient(Host.Address);
            Assert.Equal(HttpStatusCode.Found, (await another.SignIn(email, People.Password)).Status);
        }
    }

    [Fact]
    public async Task Every_try_about_a_known_person_is_in_the_audit_by_id_and_never_by_address()
    {
        var email = await Host.NewSubscriber();
        using var browser = new FormClient(Host.Address);
        for (var tries = 0; tries < 5; tries++)
        {
            await browser.SignIn(email, "not the password at all");
        }

        await browser.Submit("/sign-in/forgotten", "forgotten", ("Input.Email", email));
        await browser.Submit((await Host.MailTo(email, "Set a new password")).Link(), "new-password", ("Input.Password", "quite another long password"), ("Input.Again", "quite another long password"));
        await browser.SignIn(email, "quite another long password");

        var id = SignInAudit.Subject((await Host.Find(email)).Id);
        await using var db = Database.Open();
        var records = await db.Set<AuditRecord>().AsNoTracking().OrderBy(r => r.Id).ToListAsync();
        Assert.Equal(
            ["GiveRole Done by portal", "AcceptInvitation Done by user", .. Enumerable.Repeat("SignIn WrongPassword by somebody", 4), "SignIn WrongPasswordAndWait by somebody", "ResetPassword Done by user", "SignIn Done by user"],
            records.Where(r => r.Subject == id).Select(r => $"{r.Action} {r.Outcome} by {r.Actor.Split(':')[0]}"));
        Assert.DoesNotContain(records, r => $"{r.Actor} {r.Subject} {r.Before} {r.After} {r.Reason}".Contains('@', StringComparison.Ordinal));
    }

    [Fact]
    public async Task Signing_out_ends_the_sign_in()
    {
        var email = await Host.NewSubscriber();
        using var browser = new FormClient(Host.Address);
        await browser.SignIn(email, People.Password);
        var page = await browser.Get("/sign-in/denied");

        var answer = await browser.Post("/sign-out", ("__RequestVerificationToken", FormClient.Token(page)));

        Assert.Equal(HttpStatusCode.Found, answer.Status);
        Assert.Null(browser.Cookies.GetCookies(Host.Address)["portal-sign-in"]);
        Assert.Equal("\"cache\", \"storage\"", Assert.Single(answer.Response.Headers.GetValues("Clear-Site-Data")));
    }

    [Fact]
    public async Task Signing_out_needs_the_token_of_our_own_page()
    {
        var email = await Host.NewSubscriber();
        using var browser = new FormClient(Host.Address);
        await browser.SignIn(email, People.Password);

        var answer = await browser.Post("/sign-out");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.NotNull(browser.Cookies.GetCookies(Host.Address)["portal-sign-in"]);
    }

    [Fact]
    public async Task Two_invitations_of_one_address_at_once_make_one_user()
    {
        var email = $"{Guid.NewGuid():n}@example.org";

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Host.Invite(email))));

        Assert.Equal(email, (await Host.Find(email)).Email);
    }
}
