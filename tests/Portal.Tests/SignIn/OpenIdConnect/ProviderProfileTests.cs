using System.Net;
using Microsoft.AspNetCore.Identity;

namespace Portal.Tests.SignIn.OpenIdConnect;

public sealed class ProviderProfileOnSqlite(ProviderOn<SqliteDatabase> portal) : ProviderProfileTests<SqliteDatabase>(portal);

public sealed class ProviderProfileOnPostgres(ProviderOn<PostgresDatabase> portal) : ProviderProfileTests<PostgresDatabase>(portal);

/// <summary>Linking and unlinking the provider on the profile.</summary>
public abstract class ProviderProfileTests<TDatabase>(ProviderOn<TDatabase> portal) : ProviderTest<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    [Fact]
    public async Task The_provider_is_linked_by_who_is_signed_in_and_knows_the_password()
    {
        var (email, subject) = (await Host.NewSubscriber(), NewSubject());
        using var browser = await SignedIn(email);

        var answer = await ProviderWay.Back(browser, await Provider.SignIn(ProviderWay.Next(await AskToLink(browser, People.Password)), subject));

        Assert.Equal($"{Profile}?done=linked", answer.Path);
        Assert.Contains("Linked: Acme Login signs you in.", (await browser.Get(Profile)).Html, StringComparison.Ordinal);
        Assert.Equal(subject, Assert.Single(await Logins(email)).ProviderKey);
        Assert.Equal(["SignIn", "LinkProvider"], await Actions(email));
        await Host.MailTo(email, "Acme Login signs you in");
    }

    [Fact]
    public async Task A_wrong_password_links_nothing_and_counts()
    {
        var email = await Host.NewSubscriber();
        using var browser = await SignedIn(email);

        var answer = await AskToLink(browser, "not the password at all");

        Assert.Equal($"{Profile}?done=wrong-password", answer.Path);
        Assert.Contains("The password is wrong.", (await browser.Get(answer.Path!)).Html, StringComparison.Ordinal);
        Assert.Equal(1, (await Host.Find(email)).AccessFailedCount);
    }

    [Fact]
    public async Task Who_is_linked_to_one_person_here_is_not_linked_to_another()
    {
        var (first, subject) = await NewLinked();
        var second = await Host.NewSubscriber();
        using var browser = await SignedIn(second);

        var answer = await ProviderWay.Back(browser, await Provider.SignIn(ProviderWay.Next(await AskToLink(browser, People.Password)), subject));

        Assert.Equal($"{Profile}?done=otherwise", answer.Path);
        Assert.Empty(await Logins(second));
        Assert.Single(await Logins(first));
        Assert.DoesNotContain("LinkProvider", await Actions(second));
    }

    [Fact]
    public async Task What_one_person_asked_to_link_is_not_linked_to_who_has_signed_in_in_the_browser_since()
    {
        var (first, second) = (await Host.NewSubscriber(), await Host.NewSubscriber());
        using var browser = await SignedIn(first);
        var callback = await Provider.SignIn(ProviderWay.Next(await AskToLink(browser, People.Password)), NewSubject());
        await browser.SignIn(second, People.Password);

        Assert.Equal("/sign-in/provider/failed?why=refused", (await ProviderWay.Back(browser, callback)).Path);

        Assert.Empty(await Logins(first));
        Assert.Empty(await Logins(second));
    }

    [Fact]
    public async Task Unlinking_ends_all_other_sessions_and_the_provider_leads_in_no_more()
    {
        var (email, subject) = await NewLinked();
        var elsewhere = NewBrowser();
        await Come(elsewhere, subject);
        using var here = await SignedIn(email);

        var answer = await here.Submit(Profile, "unlink");

        Assert.Equal($"{Profile}?done=unlinked", answer.Path);
        Assert.True(await IsIn(here));
        Assert.False(await IsIn(elsewhere));
        Assert.Empty(await Logins(email));
        Assert.Equal(LinkPage, (await Come(NewBrowser(), subject)).Path);
        Assert.Equal("UnlinkProvider", (await Actions(email)).Last());
        await Host.MailTo(email, "Acme Login no longer signs you in");
    }

    [Fact]
    public async Task The_only_way_in_stays()
    {
        var (email, browser) = (await Host.NewUser(Portal.SignIn.Roles.Subscriber, password: null), NewBrowser());
        await Come(browser, NewSubject(), email, verified: true);

        var page = await browser.Get(Profile);
        var answer = await browser.Submit(Profile, "unlink");

        Assert.Contains("This is your only way to sign in, so it stays.", page.Html, StringComparison.Ordinal);
        Assert.NotEqual(HttpStatusCode.Found, answer.Status);
        Assert.Single(await Logins(email));
    }

    private static async Task<Answer> AskToLink(FormClient browser, string password)
    {
        var page = await browser.Get(Profile);
        return await browser.Post($"{Profile}/link", ("__RequestVerificationToken", FormClient.Token(page)), ("password", password));
    }
}
