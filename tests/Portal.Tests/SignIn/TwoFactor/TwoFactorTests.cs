using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Tests.SignIn.TwoFactor;

public sealed class TwoFactorOnSqlite(SignInOn<SqliteDatabase> portal) : TwoFactorTests<SqliteDatabase>(portal);

public sealed class TwoFactorOnPostgres(SignInOn<PostgresDatabase> portal) : TwoFactorTests<PostgresDatabase>(portal);

/// <summary>Codes of an authenticator app: turning them on, signing in with them, and that each works once.</summary>
public abstract class TwoFactorTests<TDatabase>(SignInOn<TDatabase> portal) : TwoFactorTest<TDatabase>(portal)
    where TDatabase : TestDatabase, new()
{
    [Fact]
    public async Task Once_it_is_on_the_password_alone_opens_nothing_and_a_code_signs_in()
    {
        var person = await TurnedOn();
        var browser = await AtSecondStep(person.Email);

        var before = await browser.Get("/profile");
        var answer = await Enter(browser, person.App.Code());

        Assert.StartsWith("/sign-in?", before.Path, StringComparison.Ordinal);
        Assert.True(IsIn(answer));
        Assert.Contains(person.Email, (await browser.Get("/profile")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_that_asked_for_the_sign_in_is_shown_after_the_second_step()
    {
        var person = await TurnedOn();
        var browser = NewBrowser();

        var step = await browser.SignIn(person.Email, People.Password, "/sign-in?returnUrl=%2Fhistory%3Fkind%3Dcharge");
        var answer = await browser.Submit(step.Location!, "code", ("Input.Code", person.App.Code()));

        Assert.Equal("/history?kind=charge", answer.Path);
    }

    [Fact]
    public async Task A_code_that_signed_in_is_refused_for_ever_after()
    {
        var person = await TurnedOn();
        var code = person.App.Code();

        Assert.True(IsIn(await Enter(await AtSecondStep(person.Email), code)));
        var again = await Enter(await AtSecondStep(person.Email), code);
        NextStep();
        var later = await Enter(await AtSecondStep(person.Email), code);

        Assert.Contains("The code is wrong, or it was used already.", again.Html, StringComparison.Ordinal);
        Assert.Contains("The code is wrong, or it was used already.", later.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_code_that_turned_it_on_does_not_sign_in()
    {
        var email = await Host.NewSubscriber();
        var browser = NewBrowser();
        await browser.SignIn(email, People.Password);
        var (app, _) = await TurnOn(browser);

        Assert.False(IsIn(await Enter(await AtSecondStep(email), app.Code())));
        Assert.True(IsIn(await Enter(await AtSecondStep(email), app.Code(steps: 1))));
    }

    [Fact]
    public async Task An_older_code_is_refused_once_a_later_one_was_used()
    {
        var person = await TurnedOn();
        var older = person.App.Code();

        Assert.True(IsIn(await Enter(await AtSecondStep(person.Email), person.App.Code(steps: 1))));

        Assert.False(IsIn(await Enter(await AtSecondStep(person.Email), older)));
    }

    [Fact]
    public async Task Of_two_requests_with_one_code_at_once_one_signs_in()
    {
        for (var round = 0; round < 3; round++)
        {
            var person = await TurnedOn();
            FormClient[] browsers = [await AtSecondStep(person.Email), await AtSecondStep(person.Email), await AtSecondStep(person.Email)];

            var answers = await Task.WhenAll(browsers.Select(browser => Task.Run(() => Enter(browser, person.App.Code()))));

            Assert.Single(answers, IsIn);
        }
    }

    [Fact]
    public async Task A_change_of_the_profile_does_not_bring_a_used_code_back()
    {
        var person = await TurnedOn();
        var stale = await Host.Find(person.Email);
        Assert.True(IsIn(await Enter(await AtSecondStep(person.Email), person.App.Code())));

        await using (var db = Database.Open())
        {
            db.Update(stale);
            await db.SaveChangesAsync();
        }

        Assert.False(IsIn(await Enter(await AtSecondStep(person.Email), person.App.Code())));
    }

    [Fact]
    public async Task After_five_wrong_codes_the_right_one_is_refused_and_the_owner_is_told_that_the_password_is_known()
    {
        var person = await TurnedOn();
        var browser = await AtSecondStep(person.Email);
        for (var tries = 0; tries < 4; tries++)
        {
            await Enter(browser, "000000");
        }

        var fifth = await Enter(browser, "000000");
        var right = await Enter(browser, person.App.Code());

        Assert.Contains("There were 5 wrong tries", fifth.Html, StringComparison.Ordinal);
        Assert.Contains("There were 5 wrong tries", right.Html, StringComparison.Ordinal);
        Assert.Contains("they know your password", (await Host.MailTo(person.Email, "Your sign-in is locked")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_password_again_gives_no_more_tries()
    {
        var person = await TurnedOn();
        for (var tries = 0; tries < 5; tries++)
        {
            await Enter(await AtSecondStep(person.Email), "000000");
        }

        var answer = await NewBrowser().SignIn(person.Email, People.Password);

        Assert.Contains("You are not signed in.", answer.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/sign-in/two-factor")]
    [InlineData("/sign-in/recovery")]
    public async Task The_second_step_alone_is_nobodys(string page) =>
        Assert.Contains("The password comes first", (await NewBrowser().Get(page)).Html, StringComparison.Ordinal);

    [Fact]
    public async Task The_second_step_has_to_follow_within_five_minutes()
    {
        var person = await TurnedOn();
        var browser = await AtSecondStep(person.Email);

        Time.Advance(TimeSpan.FromMinutes(6));

        Assert.Contains("The password comes first", (await browser.Get("/sign-in/two-factor")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_remembered_device_is_not_asked_again_until_every_sign_in_is_ended()
    {
        var person = await TurnedOn();
        var browser = await AtSecondStep(person.Email);
        await browser.Submit("/sign-in/two-factor", "code", ("Input.Code", person.App.Code()), ("Input.RememberDevice", "true"));

        var again = await browser.SignIn(person.Email, People.Password);
        await Host.EndEverySignIn(person.Email);
        Time.Advance(TimeSpan.FromMinutes(1));
        var after = await browser.SignIn(person.Email, People.Password);

        Assert.True(IsIn(again));
        Assert.Equal("/sign-in/two-factor", after.Path);
    }

    [Fact]
    public async Task A_wrong_first_code_turns_nothing_on()
    {
        var email = await Host.NewSubscriber();
        var browser = NewBrowser();
        await browser.SignIn(email, People.Password);
        var page = await browser.Get(Profile);

        var answer = await TurnOn(browser, page, "000000");

        Assert.Contains("The code is wrong, or it was used already.", answer.Html, StringComparison.Ordinal);
        Assert.Equal(KeyOn(page), KeyOn(answer));
        Assert.False((await Host.Find(email)).TwoFactorEnabled);
    }

    [Fact]
    public async Task A_key_that_was_shown_to_one_person_turns_it_on_for_nobody_else()
    {
        var (mine, theirs) = (NewBrowser(), NewBrowser());
        await mine.SignIn(await Host.NewSubscriber(), People.Password);
        await theirs.SignIn(await Host.NewSubscriber(), People.Password);
        var page = await theirs.Get(Profile);
        var app = new AuthenticatorApp(KeyOn(page), Time.GetUtcNow);

        var own = await mine.Get(Profile);
        var answer = await TurnOn(mine, page with { Html = page.Html.Replace(FormClient.Token(page), FormClient.Token(own), StringComparison.Ordinal) }, app.Code());

        Assert.Contains("This page was too old.", answer.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Turning_it_on_ends_every_other_sign_in()
    {
        var email = await Host.NewSubscriber();
        var (here, elsewhere) = (NewBrowser(), NewBrowser());
        await here.SignIn(email, People.Password);
        await elsewhere.SignIn(email, People.Password);

        await TurnOn(here);

        Assert.Equal(System.Net.HttpStatusCode.OK, (await here.Get("/profile")).Status);
        Assert.Equal(System.Net.HttpStatusCode.Found, (await elsewhere.Get("/profile")).Status);
    }

    [Theory]
    [InlineData("not the password at all", true, "The password is wrong.")]
    [InlineData(People.Password, false, "The code is wrong, or it was used already.")]
    public async Task Turning_it_off_takes_the_password_and_a_code(string password, bool rightCode, string why)
    {
        var person = await TurnedOn();

        var answer = await TurnOff(person, password, rightCode ? person.App.Code() : "000000");

        Assert.Contains(why, answer.Html, StringComparison.Ordinal);
        Assert.True((await Host.Find(person.Email)).TwoFactorEnabled);
    }

    [Fact]
    public async Task Once_it_is_off_the_password_alone_signs_in_and_nothing_of_it_is_left()
    {
        var person = await TurnedOn();

        var answer = await TurnOff(person, People.Password, person.App.Code());

        Assert.Contains("Two-factor sign-in is off.", answer.Html, StringComparison.Ordinal);
        Assert.True(IsIn(await NewBrowser().SignIn(person.Email, People.Password)));
        await using var db = Database.Open();
        var id = (await Host.Find(person.Email)).Id;
        Assert.DoesNotContain(await db.UserTokens.Where(token => token.UserId == id).ToListAsync(), token => token.Value != "");
    }

    [Fact]
    public async Task Wrong_tries_on_the_profile_lock_like_those_at_the_sign_in()
    {
        var person = await TurnedOn();
        for (var tries = 0; tries < 5; tries++)
        {
            await TurnOff(person, "not the password at all", "000000");
        }

        Assert.Contains("You are not signed in.", (await NewBrowser().SignIn(person.Email, People.Password)).Html, StringComparison.Ordinal);
        Assert.True((await Host.Find(person.Email)).TwoFactorEnabled);
    }

    [Fact]
    public async Task Each_change_is_in_the_audit_without_secrets_and_mailed()
    {
        var person = await TurnedOn();
        await TurnOff(person, People.Password, person.App.Code());

        Assert.NotNull(await Host.MailTo(person.Email, "Two-factor sign-in is on"));
        Assert.NotNull(await Host.MailTo(person.Email, "Two-factor sign-in is off"));
        var records = (await Audit(person.Email)).Where(record => record.Action.EndsWith("TwoFactor", StringComparison.Ordinal)).ToList();
        Assert.Equal(["TurnOnTwoFactor", "TurnOffTwoFactor"], records.Select(record => record.Action));
        Assert.All(records, record => Assert.Equal(record.Subject, record.Actor));
        Assert.All(records, record =>
        {
            var text = JsonSerializer.Serialize(record);
            Assert.DoesNotContain(person.App.Key, text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(person.Email, text, StringComparison.OrdinalIgnoreCase);
        });
    }

    private static Task<Answer> TurnOff(Person person, string password, string code) =>
        person.Browser.Submit(Profile, "turn-off", ("Off.Password", password), ("Off.Code", code));
}
