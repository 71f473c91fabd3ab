using System.Net;
using Ledger;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Portal.SignIn;
using Portal.SignIn.Register;

namespace Portal.Tests.SignIn;

/// <summary>An application where strangers may register, on Pro.</summary>
public sealed class RegisterOn<TDatabase> : SignInOn<TDatabase> where TDatabase : TestDatabase, new()
{
    protected override HostOptions Options
    {
        get
        {
            var options = base.Options;
            return options with { Settings = new Dictionary<string, string>(options.Settings) { ["Portal:SignIn:Register:DefaultPlan"] = "pro" } };
        }
    }
}

public sealed class RegisterOnSqlite(RegisterOn<SqliteDatabase> portal) : RegisterTests<SqliteDatabase>(portal), IClassFixture<RegisterOn<SqliteDatabase>>;

public sealed class RegisterOnPostgres(RegisterOn<PostgresDatabase> portal) : RegisterTests<PostgresDatabase>(portal), IClassFixture<RegisterOn<PostgresDatabase>>;

/// <summary>A stranger confirms an address, sets a password, and has an account; whoever has a sign-in already only learns of it by mail.</summary>
public abstract class RegisterTests<TDatabase>(SignInOn<TDatabase> portal) : SignInSteps<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    private const string Subject = "Your registration at Portal";

    [Fact]
    public async Task A_confirmed_address_and_a_password_make_a_subscriber_with_an_open_account()
    {
        var email = NewAddress();
        using var browser = new FormClient(Host.Address);
        await Ask(browser, email);
        var link = (await Host.MailTo(email, Subject)).Link();
        Assert.Null(await Host.Find(email));

        var set = await SetPassword(browser, link);
        var signedIn = await browser.SignIn(email, People.Password);

        Assert.EndsWith("/sign-in?done=registered", set.Location, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, signedIn.Status);
        var user = await Host.Find(email);
        var account = Assert.Single(await Rows<Account>(a => a.Owner == user.Id));
        Assert.Equal(("pro", AccountStatus.Open), (account.Plan, account.Status));
        Assert.Matches("^[a-z2-9]{16}$", account.Key);
        Assert.True(user.EmailConfirmed);
        Assert.Contains("$20.00", (await browser.Get("/")).Html, StringComparison.Ordinal);
        Assert.Empty(await Rows<Registration>(r => r.UserId == user.Id));
        var record = (await Audit(email))[0];
        Assert.Equal(("Register", record.Subject, $$"""{"account":"{{account.Key}}","plan":"pro"}"""), (record.Action, record.Actor, record.After));
    }

    [Fact]
    public async Task The_answer_is_the_same_for_an_address_that_is_known_and_its_owner_is_told()
    {
        var known = await Host.NewSubscriber();
        var invited = await Host.NewUser(Roles.Subscriber, password: null);
        using var browser = new FormClient(Host.Address);

        var aboutKnown = await Ask(browser, known);
        var aboutInvited = await Ask(browser, invited);
        var aboutUnknown = await Ask(browser, NewAddress());

        Assert.Contains("Look at your mail.", aboutKnown.Html, StringComparison.Ordinal);
        Assert.Equal(aboutKnown.Same, aboutUnknown.Same);
        Assert.Equal(aboutKnown.Same, aboutInvited.Same);
        Assert.EndsWith("/sign-in", (await Host.MailTo(known, "Someone tried to register with your address")).Link(), StringComparison.Ordinal);
        Assert.Contains("/sign-in/invitation?", (await Host.MailTo(invited, "Your invitation")).Link(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_works_once()
    {
        var email = NewAddress();
        using var browser = new FormClient(Host.Address);
        await Ask(browser, email);
        var link = (await Host.MailTo(email, Subject)).Link();
        var page = await browser.Get(link);
        await SetPassword(browser, link);

        var shown = await browser.Get(link);
        var sent = await browser.Post(link, ("__RequestVerificationToken", FormClient.Token(page)), ("_handler", "new-password"), ("Input.Password", "quite another long password"), ("Input.Again", "quite another long password"));

        Assert.Contains("This link no longer works.", shown.Html, StringComparison.Ordinal);
        Assert.NotEqual(HttpStatusCode.Found, sent.Status);
        Assert.Equal(HttpStatusCode.Found, (await browser.SignIn(email, People.Password)).Status);
    }

    [Fact]
    public async Task Two_links_of_one_address_used_at_once_make_one_person_with_one_account()
    {
        var email = NewAddress();
        using var browser = new FormClient(Host.Address);
        await Ask(browser, email);
        var first = (await Host.MailTo(email, Subject)).Link();
        Time.Advance(TimeSpan.FromSeconds(1));
        await Ask(browser, email.ToUpperInvariant());
        var second = (await Host.MailTo(email.ToUpperInvariant(), Subject)).Link();
        var accounts = (await Rows<Account>(_ => true)).Count;

        var answers = await Task.WhenAll(new[] { first, second, first, second }.Select(async link =>
        {
            using var own = new FormClient(Host.Address);
            return await SetPassword(own, link);
        }));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Found);
        var normal = email.ToUpperInvariant();
        var user = Assert.Single(await Rows<User>(u => u.NormalizedEmail == normal));
        Assert.Single(await Rows<Account>(a => a.Owner == user.Id));
        Assert.Equal(accounts + 1, (await Rows<Account>(_ => true)).Count);
        Assert.Single(await Rows<IdentityUserRole<string>>(r => r.UserId == user.Id));
    }

    [Fact]
    public async Task A_link_that_is_too_old_or_made_up_does_not_work()
    {
        var email = NewAddress();
        using var browser = new FormClient(Host.Address);
        await Ask(browser, email);
        var link = (await Host.MailTo(email, Subject)).Link();
        Time.Advance(TimeSpan.FromMinutes(59));
        var inTime = await browser.Get(link);
        Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Contains(email, inTime.Html, StringComparison.Ordinal);
        foreach (var old in new[] { link, "/sign-in/register/confirm", "/sign-in/register/confirm?code=!!!", "/sign-in/register/confirm?code=bm90aGluZw" })
        {
            Assert.Contains("This link no longer works.", (await browser.Get(old)).Html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_password_that_will_not_do_makes_nobody()
    {
        var email = NewAddress();
        using var browser = new FormClient(Host.Address);
        await Ask(browser, email);
        var link = (await Host.MailTo(email, Subject)).Link();

        var refused = await SetPassword(browser, link, "password12345");
        var set = await SetPassword(browser, link);

        Assert.Contains("is guessed soon", refused.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, set.Status);
    }

    [Fact]
    public async Task What_a_crash_left_over_is_opened_later_and_once()
    {
        var email = await Host.NewSubscriber();
        var user = await Host.Find(email);
        await using (var db = Database.Open())
        {
            db.Add(new Registration { UserId = user.Id, Account = $"left-{user.Id[..8]}", Plan = "pro" });
            await db.SaveChangesAsync();
        }

        var opener = Host.Services.GetRequiredService<AccountOpener>();
        await Task.WhenAll(opener.Once(), opener.Once());
        await opener.Once();

        Assert.Equal($"left-{user.Id[..8]}", Assert.Single(await Rows<Account>(a => a.Owner == user.Id)).Key);
        Assert.Empty(await Rows<Registration>(r => r.UserId == user.Id));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nothing at all")]
    public async Task What_is_no_address_gets_no_mail(string email)
    {
        using var browser = new FormClient(Host.Address);

        Assert.Contains("This is no e-mail address.", (await Ask(browser, email)).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sign_in_page_leads_there()
    {
        using var browser = new FormClient(Host.Address);

        Assert.Contains("""href="/sign-in/register""", (await browser.Get("/sign-in")).Html, StringComparison.Ordinal);
    }

    private static Task<Answer> Ask(FormClient browser, string email) => browser.Submit("/sign-in/register", "register", ("Input.Email", email));

    private static Task<Answer> SetPassword(FormClient browser, string link, string password = People.Password) =>
        browser.Submit(link, "new-password", ("Input.Password", password), ("Input.Again", password));

    private static string NewAddress() => $"{Guid.NewGuid():n}@example.org";
}

/// <summary>Where the provider has not said that strangers may register, they may not.</summary>
public sealed class RegisterIsOff(PortalOn<SqliteDatabase> portal) : IClassFixture<PortalOn<SqliteDatabase>>
{
    [Fact]
    public async Task Nothing_leads_there_and_there_is_no_form()
    {
        using var browser = new FormClient(portal.Host.Address);
        var signIn = await browser.Get("/sign-in");
        var page = await browser.Get("/sign-in/register");

        var sent = await browser.Post("/sign-in/register", ("__RequestVerificationToken", FormClient.Token(signIn)), ("_handler", "register"), ("Input.Email", "new@example.org"));

        Assert.DoesNotContain("/sign-in/register", signIn.Html, StringComparison.Ordinal);
        Assert.Contains("You cannot register here.", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<form", page.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, sent.Status);
    }
}
