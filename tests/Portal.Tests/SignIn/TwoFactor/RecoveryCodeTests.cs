using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Tests.SignIn.TwoFactor;

public sealed class RecoveryCodesOnSqlite(SignInOn<SqliteDatabase> portal) : RecoveryCodeTests<SqliteDatabase>(portal);

public sealed class RecoveryCodesOnPostgres(SignInOn<PostgresDatabase> portal) : RecoveryCodeTests<PostgresDatabase>(portal);

/// <summary>The codes for the day the phone is gone.</summary>
public abstract class RecoveryCodeTests<TDatabase>(SignInOn<TDatabase> portal) : TwoFactorTest<TDatabase>(portal)
    where TDatabase : TestDatabase, new()
{
    [Fact]
    public async Task Ten_are_shown_once_to_read_and_to_save_without_a_script()
    {
        var email = await Host.NewSubscriber();
        var browser = NewBrowser();
        await browser.SignIn(email, People.Password);
        var (_, page) = await TurnOn(browser);

        var codes = RecoveryCodes(page);

        Assert.Equal(Portal.SignIn.TwoFactor.RecoveryCodes.Count, codes.Distinct().Count());
        Assert.All(codes, code => Assert.Matches("^[2-9B-Y]{4}(-[2-9B-Y]{4}){3}$", code));
        Assert.Contains($"""download="recovery-codes.txt" href="data:text/plain;charset=utf-8,{string.Join("%0A", codes)}%0A""", page.Html, StringComparison.Ordinal);
        var again = await browser.Get(Profile);
        Assert.DoesNotContain(codes[0], again.Html, StringComparison.Ordinal);
        Assert.Contains("All ten are left.", again.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_signs_in_once_and_the_owner_is_told()
    {
        var person = await TurnedOn();

        Assert.True(IsIn(await Redeem(await AtSecondStep(person.Email), person.RecoveryCodes[3])));
        var again = await Redeem(await AtSecondStep(person.Email), person.RecoveryCodes[3]);
        Assert.True(IsIn(await Redeem(await AtSecondStep(person.Email), person.RecoveryCodes[4])));

        Assert.Contains("The code is wrong, or it was used already.", again.Html, StringComparison.Ordinal);
        Assert.Contains("8 are left.", (await Host.MailTo(person.Email, "A recovery code was used")).Text, StringComparison.Ordinal);
        Assert.Contains("8 of ten are left.", (await person.Browser.Get(Profile)).Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(" ", true)]
    [InlineData("", false)]
    public async Task How_it_is_typed_makes_no_difference(string between, bool small)
    {
        var person = await TurnedOn();
        var typed = person.RecoveryCodes[0].Replace("-", between, StringComparison.Ordinal);

        Assert.True(IsIn(await Redeem(await AtSecondStep(person.Email), small ? typed.ToLowerInvariant() : typed)));
    }

    [Fact]
    public async Task Of_two_requests_with_one_code_at_once_one_signs_in()
    {
        for (var round = 0; round < 3; round++)
        {
            var person = await TurnedOn();
            FormClient[] browsers = [await AtSecondStep(person.Email), await AtSecondStep(person.Email)];

            var answers = await Task.WhenAll(browsers.Select(browser => Task.Run(() => Redeem(browser, person.RecoveryCodes[round]))));

            Assert.Single(answers, IsIn);
        }
    }

    [Fact]
    public async Task New_ones_take_a_code_and_end_the_old()
    {
        var person = await TurnedOn();

        var wrong = await NewCodes(person, "000000");
        var page = await NewCodes(person, person.App.Code());
        var fresh = RecoveryCodes(page);

        Assert.Contains("The code is wrong, or it was used already.", wrong.Html, StringComparison.Ordinal);
        Assert.Empty(fresh.Intersect(person.RecoveryCodes));
        Assert.False(IsIn(await Redeem(await AtSecondStep(person.Email), person.RecoveryCodes[0])));
        Assert.True(IsIn(await Redeem(await AtSecondStep(person.Email), fresh[0])));
        Assert.NotNull(await Host.MailTo(person.Email, "You have new recovery codes"));
    }

    [Fact]
    public async Task Wrong_ones_lock_like_wrong_passwords()
    {
        var person = await TurnedOn();
        var browser = await AtSecondStep(person.Email);
        for (var tries = 0; tries < 4; tries++)
        {
            await Redeem(browser, "2222-2222-2222-2222");
        }

        var fifth = await Redeem(browser, "2222-2222-2222-2222");
        var right = await Redeem(browser, person.RecoveryCodes[0]);

        Assert.Contains("There were 5 wrong tries", fifth.Html, StringComparison.Ordinal);
        Assert.Contains("There were 5 wrong tries", right.Html, StringComparison.Ordinal);
        Assert.Contains("they know your password", (await Host.MailTo(person.Email, "Your sign-in is locked")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_database_holds_none_of_them()
    {
        var person = await TurnedOn();

        await using var db = Database.Open();
        var kept = await db.UserTokens.Select(token => token.Value).ToListAsync();

        Assert.DoesNotContain(kept, value => person.RecoveryCodes.Any(code => value!.Contains(code, StringComparison.OrdinalIgnoreCase)));
        Assert.Contains(kept, value => value!.Contains(Portal.SignIn.TwoFactor.RecoveryCodes.Hash(person.RecoveryCodes[0]), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_use_is_in_the_audit_and_a_wrong_try_is_not()
    {
        var person = await TurnedOn();
        var browser = await AtSecondStep(person.Email);
        await Redeem(browser, "2222-2222-2222-2222");
        await Redeem(browser, person.RecoveryCodes[0]);

        Assert.Single(await Audit(person.Email), record => record.Action == "UseRecoveryCode");
    }

    private static Task<Answer> NewCodes(Person person, string code) => person.Browser.Submit(Profile, "new-codes", ("NewCodes.Code", code));
}
