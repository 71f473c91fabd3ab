using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Portal.SignIn;
using Portal.SignIn.Sessions;

namespace Portal.Tests.SignIn.Passkeys;

public sealed class PasskeysOnSqlite(SignInOn<SqliteDatabase> portal) : PasskeyTests<SqliteDatabase>(portal);

public sealed class PasskeysOnPostgres(SignInOn<PostgresDatabase> portal) : PasskeyTests<PostgresDatabase>(portal);

/// <summary>People add passkeys, sign in with them, name them and remove them.</summary>
public abstract class PasskeyTests<TDatabase>(SignInOn<TDatabase> portal) : PasskeyTest<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    [Fact]
    public async Task A_passkey_is_added_by_who_knows_the_password_and_signs_in_without_it()
    {
        var email = await Host.NewSubscriber();
        var browser = Kept(await SignedIn(email));
        var device = NewDevice();
        Assert.Contains("You have none.", (await browser.Get(Profile)).Html, StringComparison.Ordinal);

        IsAdded(await Add(browser, device, "My phone"));

        var page = (await browser.Get(Profile)).Html;
        Assert.Contains("<strong>My phone</strong>", page, StringComparison.Ordinal);
        Assert.Contains("never used yet", page, StringComparison.Ordinal);
        Time.Advance(TimeSpan.FromMinutes(2));
        var next = NewBrowser();
        IsIn(await SignInWith(next, device));
        page = (await next.Get(Profile)).Html;
        Assert.DoesNotContain("never used yet", page, StringComparison.Ordinal);
        Assert.Contains("signed in", (await next.Get("/profile/sessions")).Html, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(Time.GetUtcNow(), Assert.Single(await PasskeysOf(email)).LastUsedAt);
        Assert.Equal(["SignIn", "AddPasskey", "SignIn"], await Actions(email));
        Assert.Contains("\"My phone\" was added", (await Host.MailTo(email, "You have a new passkey")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_counts_as_two_factors_so_that_no_code_is_asked_for()
    {
        var (email, browser, device) = await WithPasskey();
        await using (var scope = Host.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GiveApp((await scope.ServiceProvider.GetRequiredService<UserManager<User>>().FindByEmailAsync(email))!);
        }

        Assert.Equal("/sign-in/two-factor", (await NewBrowser().SignIn(email, People.Password)).Path);
        IsIn(await SignInWith(NewBrowser(), device));

        var id = (await Host.Find(email)).Id;
        var session = (await Rows<SignInSession>(s => s.UserId == id)).MaxBy(s => s.SignedInAt + TimeSpan.FromTicks(s.Method == "passkey" ? 1 : 0))!;
        Assert.Equal(("passkey", true, false), (session.Method, session.PassedSecondFactor, session.Remembered));
    }

    [Fact]
    public async Task Whoever_chose_to_stay_signed_in_stays()
    {
        var (email, _, device) = await WithPasskey();

        IsIn(await SignInWith(NewBrowser(), device, stay: true));

        var id = (await Host.Find(email)).Id;
        Assert.True((await Rows<SignInSession>(s => s.UserId == id && s.Method == "passkey")).Single().Remembered);
    }

    [Fact]
    public async Task It_leads_to_the_page_that_asked_and_never_to_another_site()
    {
        var (_, _, device) = await WithPasskey();

        Assert.Equal("/credit", (await SignInWith(NewBrowser(), device, "/sign-in?returnUrl=%2Fcredit")).Path);
        Time.Advance(TimeSpan.FromSeconds(1));
        IsIn(await SignInWith(NewBrowser(), device, "/sign-in?returnUrl=%2F%2Fevil.example"));
        Time.Advance(TimeSpan.FromSeconds(1));
        IsIn(await SignInWith(NewBrowser(), device, "/sign-in?returnUrl=https%3A%2F%2Fevil.example"));
    }

    [Fact]
    public async Task It_has_the_browsers_name_unless_its_owner_gives_it_one_and_is_renamed()
    {
        var email = await Host.NewSubscriber();
        var browser = Kept(new FormClient(Host.Address) { UserAgent = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0" });
        await browser.SignIn(email, People.Password);
        IsAdded(await Add(browser, NewDevice()));
        var passkey = Assert.Single(await PasskeysOf(email));
        Assert.Equal("Firefox on Linux", passkey.Data.Name);

        var renamed = await browser.Submit($"{Profile}/{passkey.Id}", "rename", ("NewName", " Desk <b> "));
        var empty = await browser.Submit($"{Profile}/{passkey.Id}", "rename", ("NewName", "  "));
        var long_ = await browser.Submit($"{Profile}/{passkey.Id}", "rename", ("NewName", new string('x', 65)));

        Assert.Equal($"{Profile}/{passkey.Id}?done=true", renamed.Path);
        Assert.Contains("Desk &lt;b&gt;", (await browser.Get(Profile)).Html, StringComparison.Ordinal);
        Assert.All([empty, long_], answer => Assert.Contains("Type a name of 1 to 64 characters.", answer.Html, StringComparison.Ordinal));
        Assert.Equal("Desk <b>", Assert.Single(await PasskeysOf(email)).Data.Name);
        Assert.Equal(["SignIn", "AddPasskey", "RenamePasskey"], await Actions(email));
    }

    [Fact]
    public async Task Removing_it_asks_for_the_password_ends_every_other_session_and_it_signs_in_no_more()
    {
        var (email, browser, device) = await WithPasskey();
        var other = NewBrowser();
        IsIn(await SignInWith(other, device));
        var passkey = Assert.Single(await PasskeysOf(email));

        var wrong = await browser.Submit($"{Profile}/{passkey.Id}", "remove", ("Input.Password", "not the password at all"));
        Assert.Contains("This is not your password.", wrong.Html, StringComparison.Ordinal);
        Assert.Single(await PasskeysOf(email));
        var removed = await browser.Submit($"{Profile}/{passkey.Id}", "remove", ("Input.Password", People.Password));

        Assert.Equal($"{Profile}?done=removed", removed.Path);
        Assert.Equal(HttpStatusCode.OK, (await browser.Get("/profile")).Status);
        Assert.Equal(HttpStatusCode.Found, (await other.Get("/profile")).Status);
        IsRefused(await SignInWith(NewBrowser(), device));
        Assert.Contains("everyone else", (await Host.MailTo(email, "A passkey was removed")).Text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("RemovePasskey", (await Audit(email))[^1].Action);
    }

    [Fact]
    public async Task Staff_meet_their_duty_with_it_at_once_and_at_every_sign_in_and_their_last_one_stays()
    {
        var email = await Host.NewUser(Roles.Admin, password: null);
        await using (var scope = Host.Services.CreateAsyncScope())
        {
            var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
            Assert.True((await users.AddPasswordAsync((await users.FindByEmailAsync(email))!, People.Password)).Succeeded);
        }

        var (browser, device) = (NewBrowser(), NewDevice());
        Assert.Equal("/profile/two-factor", (await browser.SignIn(email, People.Password)).Path);
        Assert.Contains("Your role Admin does not count yet.", (await browser.Get(Profile)).Html, StringComparison.Ordinal);

        IsAdded(await Add(browser, device));

        Assert.DoesNotContain("does not count", (await browser.Get("/sign-in/denied")).Html, StringComparison.Ordinal);
        var next = NewBrowser();
        IsIn(await SignInWith(next, device));
        Assert.DoesNotContain("does not count", (await next.Get("/sign-in/denied")).Html, StringComparison.Ordinal);
        var step = NewBrowser();
        Assert.Equal("/sign-in/two-factor", (await step.SignIn(email, People.Password)).Path);
        Assert.Contains("Your passkey is your second factor here", (await step.Get("/sign-in/two-factor")).Html, StringComparison.Ordinal);
        var page = (await next.Get($"{Profile}/{Assert.Single(await PasskeysOf(email)).Id}")).Html;
        Assert.Contains("Staff need a second factor, and this is your only one.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Remove this passkey", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_only_way_in_stays()
    {
        var (email, browser, _) = await WithPasskey();
        var id = Assert.Single(await PasskeysOf(email)).Id;
        var removal = await browser.Get($"{Profile}/{id}");
        await using (var scope = Host.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<Portal.Data.PortalDb>();
            (await db.Users.FindAsync((await Host.Find(email)).Id))!.PasswordHash = null;
            await db.SaveChangesAsync();
        }

        Assert.Contains("This is your only way to sign in.", (await browser.Get($"{Profile}/{id}")).Html, StringComparison.Ordinal);
        await browser.Post($"{Profile}/{id}", ("__RequestVerificationToken", FormClient.Token(removal)), ("_handler", "remove"));

        Assert.Single(await PasskeysOf(email));
    }

    [Fact]
    public async Task Who_is_locked_out_or_signed_out_everywhere_is_so_for_passkeys_too()
    {
        var (email, _, device) = await WithPasskey();
        var browser = NewBrowser();
        IsIn(await SignInWith(browser, device));
        await Host.EndEverySignIn(email);
        Assert.Equal(HttpStatusCode.Found, (await browser.Get("/profile")).Status);

        await Lock(email, Time.GetUtcNow().AddHours(1));
        var locked = await SignInWith(NewBrowser(), device);
        await Lock(email, null);
        Time.Advance(TimeSpan.FromSeconds(1));

        IsRefused(locked);
        IsIn(await SignInWith(NewBrowser(), device));
        Assert.Contains("PasskeyAndLocked", (await Audit(email)).Select(r => r.Outcome));
    }

    [Fact]
    public async Task The_waiting_after_others_wrong_passwords_keeps_no_passkey_out()
    {
        var (email, _, device) = await WithPasskey();
        for (var n = 0; n < 6; n++)
        {
            await NewBrowser().SignIn(email, $"wrong password number {n}");
        }

        Assert.NotEqual("/", (await NewBrowser().SignIn(email, People.Password)).Path);
        IsIn(await SignInWith(NewBrowser(), device));
    }

    [Fact]
    public async Task The_file_of_a_persons_data_names_it_and_it_goes_with_them()
    {
        var (email, browser, device) = await WithPasskey();
        var data = await browser.Post("/profile/data/file", ("__RequestVerificationToken", FormClient.Token(await browser.Get("/profile/data"))), ("Input.Password", People.Password));
        Assert.Contains("\"last_used_at\": null", data.Html, StringComparison.Ordinal);
        var id = (await Host.Find(email)).Id;

        Assert.Equal("/sign-in?done=left", (await browser.Submit("/profile/leave", "leave", ("Input.Password", People.Password), ("Input.Word", email))).Path);

        Assert.Empty(await Rows<Portal.SignIn.Passkeys.Passkey>(p => p.UserId == id));
        IsRefused(await SignInWith(NewBrowser(), device));
    }

    [Fact]
    public async Task Without_scripts_the_pages_say_what_is_missing()
    {
        var browser = Kept(await SignedIn(await Host.NewSubscriber()));

        foreach (var page in new[] { await NewBrowser().Get("/sign-in"), await browser.Get(Profile) })
        {
            Assert.Contains("<noscript>", page.Html, StringComparison.Ordinal);
            Assert.Contains("Passkeys need JavaScript", page.Html, StringComparison.Ordinal);
            Assert.Matches("<script src=\"passkeys[^\"]*\\.js\" defer nonce=\"[0-9a-f]{32}\"", page.Html);
        }
    }

    private async Task Lock(string email, DateTimeOffset? until)
    {
        await using var scope = Host.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        Assert.True((await users.SetLockoutEndDateAsync((await users.FindByEmailAsync(email))!, until)).Succeeded);
    }
}
