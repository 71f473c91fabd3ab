using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Portal.SignIn;
using Portal.SignIn.Sessions;

namespace Portal.Tests.SignIn.OpenIdConnect;

public sealed class LinkingOnSqlite(ProviderOn<SqliteDatabase> portal) : LinkingTests<SqliteDatabase>(portal);

public sealed class LinkingOnPostgres(ProviderOn<PostgresDatabase> portal) : LinkingTests<PostgresDatabase>(portal);

/// <summary>Who of the people here somebody at the provider is: decided once, by proof, and never by an address.</summary>
public abstract class LinkingTests<TDatabase>(ProviderOn<TDatabase> portal) : ProviderTest<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    [Fact]
    public async Task An_equal_address_links_nobody_even_if_it_is_verified()
    {
        var email = await Host.NewSubscriber();
        var browser = NewBrowser();

        var answer = await Come(browser, NewSubject(), email, verified: true);

        Assert.Equal(LinkPage, answer.Path);
        var page = await browser.Get(LinkPage);
        Assert.Contains("We do not know this Acme Login sign-in yet", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Link them", page.Html, StringComparison.Ordinal);
        Assert.False(await IsIn(browser));
        Assert.Empty(await Logins(email));
        Assert.Empty(await Actions(email));
    }

    [Fact]
    public async Task Who_then_signs_in_with_the_password_and_confirms_is_linked_and_comes_in_that_way_from_then_on()
    {
        var (email, subject, browser) = (await Host.NewSubscriber(), NewSubject(), NewBrowser());
        await Come(browser, subject, "me@elsewhere.example");

        var signedIn = await browser.SignIn(email, People.Password, $"/sign-in?returnUrl={LinkPage}");
        var question = await browser.Get(LinkPage);
        Assert.Empty(await Logins(email));
        var confirmed = await browser.Submit(LinkPage, "link");

        Assert.Equal(LinkPage, signedIn.Path);
        Assert.Contains("me@elsewhere.example", question.Html, StringComparison.Ordinal);
        Assert.Contains(email, question.Html, StringComparison.Ordinal);
        Assert.Equal($"{Profile}?done=linked", confirmed.Path);
        var login = Assert.Single(await Logins(email));
        Assert.Equal((Provider.Address.ToString().TrimEnd('/'), subject), (login.LoginProvider, login.ProviderKey));
        Assert.Contains("whoever signs in there as me@elsewhere.example", (await Host.MailTo(email, "Acme Login signs you in")).Text, StringComparison.Ordinal);
        Assert.Equal(["SignIn", "LinkProvider"], await Actions(email));

        var later = NewBrowser();
        Assert.Equal("/", (await Come(later, subject)).Path);
        Assert.Contains($"You are signed in as {email}.", (await later.Get("/profile")).Html, StringComparison.Ordinal);
        var id = (await Host.Find(email)).Id;
        Assert.Contains("Acme Login", (await Rows<SignInSession>(session => session.UserId == id)).Select(session => session.Method));
        Assert.Empty(await Rows<IdentityUserToken<string>>(token => token.UserId == id));
    }

    [Fact]
    public async Task Who_has_a_second_factor_confirms_after_it_and_not_before()
    {
        var (email, subject, browser) = (await Host.NewSubscriber(), NewSubject(), NewBrowser());
        var app = await GiveApp(email);
        await Come(browser, subject);

        var step = await browser.SignIn(email, People.Password, $"/sign-in?returnUrl={LinkPage}");
        var tooEarly = await browser.Get(LinkPage);
        var after = await browser.Submit(step.Path!, "code", ("Input.Code", app.Code()));
        await browser.Submit(LinkPage, "link");

        Assert.StartsWith("/sign-in/two-factor", step.Path, StringComparison.Ordinal);
        Assert.DoesNotContain("Link them", tooEarly.Html, StringComparison.Ordinal);
        Assert.Equal(LinkPage, after.Path);
        Assert.Equal(subject, Assert.Single(await Logins(email)).ProviderKey);
    }

    [Fact]
    public async Task A_session_from_before_confirms_nothing_because_it_may_be_left_open_by_someone_else()
    {
        var email = await Host.NewSubscriber();
        using var browser = await SignedIn(email);

        await Come(browser, NewSubject());
        var page = await browser.Get(LinkPage);
        await browser.Submit(LinkPage, "link");

        Assert.Contains("Sign in with your password once more.", page.Html, StringComparison.Ordinal);
        Assert.Empty(await Logins(email));
    }

    [Fact]
    public async Task A_quarter_of_an_hour_later_there_is_nothing_to_confirm()
    {
        var (email, browser) = (await Host.NewSubscriber(), NewBrowser());
        await Come(browser, NewSubject());
        Time.Advance(TimeSpan.FromMinutes(16));
        await browser.SignIn(email, People.Password);

        Assert.Contains("There is nothing to link", (await browser.Get(LinkPage)).Html, StringComparison.Ordinal);
        Assert.Empty(await Logins(email));
    }

    [Fact]
    public async Task Who_was_invited_and_comes_with_the_same_verified_address_is_linked_and_in()
    {
        var (email, subject, browser) = (await Host.NewUser(Roles.Subscriber, password: null), NewSubject(), NewBrowser());

        var answer = await Come(browser, subject, email.ToUpperInvariant(), verified: true, returnUrl: "/history?kind=charge");

        Assert.Equal("/history?kind=charge", answer.Path);
        Assert.True(await IsIn(browser));
        Assert.Equal(subject, Assert.Single(await Logins(email)).ProviderKey);
        Assert.True((await Host.Find(email)).EmailConfirmed);
        Assert.Equal(["LinkProvider", "SignIn"], await Actions(email));
        await Host.MailTo(email, "Acme Login signs you in");
    }

    [Fact]
    public async Task Who_was_invited_is_not_linked_by_an_address_that_is_not_verified()
    {
        var (email, browser) = (await Host.NewUser(Roles.Subscriber, password: null), NewBrowser());

        var answer = await Come(browser, NewSubject(), email, verified: false);

        Assert.Equal(LinkPage, answer.Path);
        Assert.Empty(await Logins(email));
        Assert.False((await Host.Find(email)).EmailConfirmed);
    }

    [Fact]
    public async Task An_invitation_that_was_taken_up_by_one_of_the_providers_people_is_not_there_for_another()
    {
        var email = await Host.NewUser(Roles.Subscriber, password: null);
        await Come(NewBrowser(), NewSubject(), email, verified: true);
        var second = NewBrowser();

        Assert.Equal(LinkPage, (await Come(second, NewSubject(), email, verified: true)).Path);

        Assert.False(await IsIn(second));
        Assert.Single(await Logins(email));
    }

    [Fact]
    public async Task Nobody_is_made_for_somebody_whom_nobody_knows_and_the_page_says_what_to_do()
    {
        var browser = NewBrowser();

        var answer = await Come(browser, NewSubject(), "new@elsewhere.example", verified: true);

        Assert.Equal(LinkPage, answer.Path);
        Assert.Contains("mails you an invitation", (await browser.Get(LinkPage)).Html, StringComparison.Ordinal);
        Assert.Empty(await Rows<User>(user => user.Email == "new@elsewhere.example"));
    }

    [Fact]
    public async Task Signing_in_with_the_provider_asks_for_the_second_factor_too()
    {
        var (email, subject) = await NewLinked();
        var app = await GiveApp(email);
        var browser = NewBrowser();

        var step = await Come(browser, subject, returnUrl: "/history");
        var before = await IsIn(browser);
        var answer = await browser.Submit(step.Path!, "code", ("Input.Code", app.Code()));

        Assert.Equal("/sign-in/two-factor?returnUrl=%2Fhistory", step.Path);
        Assert.False(before);
        Assert.Equal("/history", answer.Path);
        Assert.True(await IsIn(browser));
    }

    [Fact]
    public async Task Who_is_locked_out_does_not_come_in_by_the_provider()
    {
        var (email, subject) = await NewLinked();
        await using (var scope = Host.Services.CreateAsyncScope())
        {
            var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
            await users.SetLockoutEndDateAsync((await users.FindByEmailAsync(email))!, DateTimeOffset.MaxValue);
        }

        var browser = NewBrowser();

        Assert.Equal("/sign-in/provider/failed?why=locked", (await Come(browser, subject)).Path);
        Assert.False(await IsIn(browser));
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("//evil.example")]
    public async Task No_link_leads_by_the_provider_to_another_site(string returnUrl)
    {
        var (_, subject) = await NewLinked();

        Assert.Equal(new Uri(Host.Address, "/"), new Uri(Host.Address, (await Come(NewBrowser(), subject, returnUrl: returnUrl)).Location));
    }

    private async Task<AuthenticatorApp> GiveApp(string email)
    {
        await using var scope = Host.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        return await scope.ServiceProvider.GiveApp((await users.FindByEmailAsync(email))!);
    }
}
