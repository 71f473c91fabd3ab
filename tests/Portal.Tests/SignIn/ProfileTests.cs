using System.Net;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.SignIn;
using Portal.SignIn.Sessions;

namespace Portal.Tests.SignIn;

public sealed class ProfileOnSqlite(SignInOn<SqliteDatabase> portal) : ProfileTests<SqliteDatabase>(portal);

public sealed class ProfileOnPostgres(SignInOn<PostgresDatabase> portal) : ProfileTests<PostgresDatabase>(portal);

/// <summary>Another password, another e-mail address: asked for with the present password, told to the owner, counting at once everywhere.</summary>
public abstract class ProfileTests<TDatabase>(SignInOn<TDatabase> portal) : SignInTest<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    private const string New = "quite another long password";

    [Fact]
    public async Task Another_password_ends_all_other_sessions_and_this_one_goes_on()
    {
        var (email, account) = await NewOwner();
        using var there = await SignedIn(email);
        var theirs = await LatestActor(email);
        using var here = await SignedIn(email);
        var mine = await LatestActor(email);

        var changed = await ChangePassword(here, People.Password, New);

        Assert.EndsWith("/profile/password?done=true", changed.Location, StringComparison.Ordinal);
        Assert.Contains("Your password is changed.", (await here.Get("/profile/password?done=true")).Html, StringComparison.Ordinal);
        await Door.Submit(new ClaimEveryPeriod(account, true, mine));
        await Assert.ThrowsAsync<NotAllowedException>(() => Door.Submit(new ClaimEveryPeriod(account, false, theirs)));
        Assert.Contains("Your password was changed.", (await there.Get("/sign-in")).Html, StringComparison.Ordinal);
        Assert.NotNull(await Host.MailTo(email, "Your password was changed"));
        Assert.Equal("ChangePassword", (await Audit(email))[^1].Action);
        using var anew = new FormClient(Host.Address);
        Assert.Equal(HttpStatusCode.OK, (await anew.SignIn(email, People.Password)).Status);
        Assert.Equal(HttpStatusCode.Found, (await anew.SignIn(email, New)).Status);
    }

    [Theory]
    [InlineData("not the password at all", New, New, "This is not your password.", "present")]
    [InlineData("", New, New, "This is not your password.", "present")]
    [InlineData(People.Password, "password12345", "password12345", "is guessed soon", "password")]
    [InlineData(People.Password, New, "quite another", "The two passwords differ.", "again")]
    [InlineData(People.Password, People.Password, People.Password, "This is the password that you have.", "password")]
    public async Task What_is_wrong_with_a_new_password_stands_above_the_form_in_focus_and_at_the_field(string present, string password, string again, string why, string field)
    {
        var email = await Host.NewSubscriber();
        using var browser = await SignedIn(email);

        var refused = await ChangePassword(browser, present, password, again);

        Assert.Equal(HttpStatusCode.OK, refused.Status);
        Assert.Matches($"""id="errors" role="alert" tabindex="-1" autofocus[\s\S]*href="/profile/password#{field}">[^<]*{why}""", refused.Html);
        Assert.Matches($"""id="{field}"[^>]*aria-describedby="[^"]*{field}-error" aria-invalid="true"[\s\S]*id="{field}-error" class="field-error">[^<]*{why}""", refused.Html);
        Assert.DoesNotContain(password, refused.Html.Replace(why, "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal("SignIn", (await Audit(email))[^1].Action);
        using var anew = new FormClient(Host.Address);
        Assert.Equal(HttpStatusCode.Found, (await anew.SignIn(email, People.Password)).Status);
    }

    [Fact]
    public async Task Another_address_counts_once_its_link_is_used_and_works_once()
    {
        var (email, account) = await NewOwner();
        using var there = await SignedIn(email);
        using var here = await SignedIn(email);
        var mine = await LatestActor(email);
        var another = NewAddress();

        var asked = await AskForEmail(here, another);
        var link = (await Host.MailTo(another, "Confirm your e-mail address")).Link();
        var notice = await Host.MailTo(email, "Someone wants to change your e-mail address");
        var looked = await here.Get(link);
        var meanwhile = (await Host.Find(email)).EmailConfirmed;
        var confirmed = await here.Submit(link, "confirm");

        Assert.Contains("Look at the mail of the new address.", asked.Html, StringComparison.Ordinal);
        Assert.Contains(another, notice.Text, StringComparison.Ordinal);
        Assert.Contains("Use this address", looked.Html, StringComparison.Ordinal);
        Assert.True(meanwhile);
        Assert.EndsWith("/profile/email?done=true", confirmed.Location, StringComparison.Ordinal);
        Assert.Contains($"You sign in with {another}", (await here.Get("/profile/email?done=true")).Html, StringComparison.Ordinal);
        await Door.Submit(new ClaimEveryPeriod(account, true, mine));
        Assert.Contains("Your e-mail address was changed.", (await there.Get("/sign-in")).Html, StringComparison.Ordinal);
        Assert.Contains(another, (await Host.MailTo(email, "Your e-mail address was changed")).Text, StringComparison.Ordinal);
        Assert.Contains("This link no longer works.", (await here.Get(link)).Html, StringComparison.Ordinal);
        using var anew = new FormClient(Host.Address);
        Assert.Equal(HttpStatusCode.OK, (await anew.SignIn(email, People.Password)).Status);
        Assert.Equal(HttpStatusCode.Found, (await anew.SignIn(another, People.Password)).Status);
        Assert.Equal(["AskForEmail", "ChangeEmail", "SignIn"], (await Audit(another)).TakeLast(3).Select(r => r.Action));
        Assert.DoesNotContain(await Audit(another), r => $"{r.Before} {r.After} {r.Reason}".Contains('@', StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_link_works_where_nobody_is_signed_in_and_signs_nobody_in()
    {
        var email = await Host.NewSubscriber();
        using var here = await SignedIn(email);
        var another = NewAddress();
        await AskForEmail(here, another);
        using var elsewhere = new FormClient(Host.Address);

        var confirmed = await elsewhere.Submit((await Host.MailTo(another, "Confirm your e-mail address")).Link(), "confirm");

        Assert.EndsWith("/sign-in?done=email", confirmed.Location, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await elsewhere.Get("/profile")).Status);
        Assert.Equal(HttpStatusCode.Found, (await here.Get("/profile")).Status);
    }

    [Fact]
    public async Task The_page_does_not_say_whether_somebody_has_the_new_address_but_its_owner_is_told()
    {
        var taken = await Host.NewSubscriber();
        using var browser = await SignedIn(await Host.NewSubscriber());
        using var other = await SignedIn(await Host.NewSubscriber());

        var one = await AskForEmail(browser, taken);
        var two = await AskForEmail(other, NewAddress());

        Assert.Equal(WithoutAddress(one), WithoutAddress(two));
        Assert.EndsWith("/sign-in", (await Host.MailTo(taken, "Someone wanted to use your e-mail address")).Link(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_two_want_goes_to_the_first()
    {
        var another = NewAddress();
        var links = new List<string>();
        foreach (var email in new[] { await Host.NewSubscriber(), await Host.NewSubscriber() })
        {
            using var browser = await SignedIn(email);
            await AskForEmail(browser, another);
            links.Add(await LinkFrom(another, links));
        }

        var answers = await Task.WhenAll(links.Select(async link =>
        {
            using var elsewhere = new FormClient(Host.Address);
            return await elsewhere.Submit(link, "confirm");
        }));

        Assert.Single(answers, answer => answer.Location?.EndsWith("/sign-in?done=email", StringComparison.Ordinal) == true);
        Assert.Single(answers, answer => answer.Html.Contains("This link no longer works.", StringComparison.Ordinal));
        Assert.Single(await Rows<User>(u => u.Email == another));
    }

    [Theory]
    [InlineData("nothing at all", People.Password, "This is no e-mail address.")]
    [InlineData("", People.Password, "This is no e-mail address.")]
    [InlineData(null, People.Password, "This is your address already.")]
    [InlineData("new@example.org", "not the password at all", "This is not your password.")]
    public async Task A_wrong_wish_for_another_address_is_refused(string? wanted, string password, string why)
    {
        var email = await Host.NewSubscriber();
        using var browser = await SignedIn(email);

        var refused = await browser.Submit("/profile/email", "email", ("Input.NewEmail", wanted ?? email.ToUpperInvariant()), ("Input.Password", password));

        Assert.Contains(why, refused.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Look at the mail", refused.Html, StringComparison.Ordinal);
        Assert.Equal("SignIn", (await Audit(email))[^1].Action);
    }

    [Fact]
    public async Task A_link_of_one_person_or_for_another_address_changes_nothing()
    {
        var mine = await Host.NewSubscriber();
        using var browser = await SignedIn(mine);
        var another = NewAddress();
        await AskForEmail(browser, another);
        var link = (await Host.MailTo(another, "Confirm your e-mail address")).Link();
        var other = await Host.Find(await Host.NewSubscriber());

        var forAnother = await browser.Get(link.Replace((await Host.Find(mine)).Id, other.Id, StringComparison.Ordinal));
        var cut = await browser.Get(link[..^8]);

        Assert.Contains("This link no longer works.", forAnother.Html, StringComparison.Ordinal);
        Assert.Contains("This link no longer works.", cut.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_has_no_password_proves_themselves_by_having_signed_in_just_now()
    {
        var email = await Host.NewSubscriber();
        using var browser = await SignedIn(email);
        await using (var db = Database.Open())
        {
            (await db.FindAsync<User>((await Host.Find(email)).Id))!.PasswordHash = null;
            await db.SaveChangesAsync();
        }

        Time.Advance(TimeSpan.FromMinutes(11));
        var late = await ChangePassword(browser, "", New);
        var session = (await LatestActor(email)).Session;
        await using (var db = Database.Open())
        {
            // As if they had come in once more.
            var now = Time.GetUtcNow();
            await db.Set<SignInSession>().Where(s => s.Id == session).ExecuteUpdateAsync(set => set.SetProperty(s => s.SignedInAt, now));
        }

        var inTime = await ChangePassword(browser, "", New);

        Assert.Contains("You signed in too long ago.", late.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, inTime.Status);
        Assert.Equal(HttpStatusCode.Found, (await browser.SignIn(email, New)).Status);
    }

    [Fact]
    public async Task Nobody_who_is_not_signed_in_sees_a_form_of_the_profile()
    {
        using var nobody = new FormClient(Host.Address);
        foreach (var path in new[] { "/profile", "/profile/email", "/profile/password", "/profile/sessions" })
        {
            var answer = await nobody.Get(path);
            Assert.Equal((HttpStatusCode.Found, $"/sign-in?returnUrl={Uri.EscapeDataString(path)}"), (answer.Status, new Uri(Host.Address, answer.Location!).PathAndQuery));
        }
    }

    private static Task<Answer> AskForEmail(FormClient browser, string wanted) =>
        browser.Submit("/profile/email", "email", ("Input.NewEmail", wanted), ("Input.Password", People.Password));

    private static Task<Answer> ChangePassword(FormClient browser, string present, string password, string? again = null) =>
        browser.Submit("/profile/password", "new-password", ("Present", present), ("Input.Password", password), ("Input.Again", again ?? password));

    private static string NewAddress() => $"{Guid.NewGuid():n}@example.org";

    private static string WithoutAddress(Answer page) => System.Text.RegularExpressions.Regex.Replace(page.Same, "[0-9a-f]{32}@example.org", "");

    private async Task<string> LinkFrom(string email, IReadOnlyList<string> before)
    {
        var link = "";
        await Eventually.Holds(async () => !before.Contains(link = (await Host.MailTo(email, "Confirm your e-mail address")).Link()));
        return link;
    }
}
