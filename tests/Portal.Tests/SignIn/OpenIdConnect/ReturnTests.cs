namespace Portal.Tests.SignIn.OpenIdConnect;

public sealed class ReturnOnSqlite(ProviderOn<SqliteDatabase> portal) : ReturnTests<SqliteDatabase>(portal);

/// <summary>What comes back from a real provider otherwise than it should ends on our page, and nobody is signed in.</summary>
public abstract class ReturnTests<TDatabase>(ProviderOn<TDatabase> portal) : ProviderTest<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    private const string Refused = "/sign-in/provider/failed?why=refused";

    [Fact]
    public async Task Who_says_no_there_is_told_so_here()
    {
        var browser = NewBrowser();

        var answer = await ProviderWay.Back(browser, await Provider.Refuse(await ProviderWay.There(browser)));

        Assert.Equal("/sign-in/provider/failed?why=cancelled", answer.Path);
        Assert.Contains("You did not sign in there, or did not allow it.", (await browser.Get(answer.Path!)).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_without_or_with_a_made_up_state_is_refused()
    {
        var (_, subject) = await NewLinked();
        var browser = NewBrowser();
        var callback = await Provider.SignIn(await ProviderWay.There(browser), subject);
        var code = callback.Split("code=")[1].Split('&')[0];

        Assert.Equal(Refused, (await browser.Get("/sign-in/provider/callback")).Path);
        Assert.Equal(Refused, (await browser.Get($"/sign-in/provider/callback?code={code}")).Path);
        Assert.Equal(Refused, (await browser.Get($"/sign-in/provider/callback?code={code}&state=made-up")).Path);
        Assert.False(await IsIn(browser));
        Assert.Contains("Nothing was changed.", (await browser.Get(Refused)).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_for_another_browser_signs_nobody_in()
    {
        var (_, subject) = await NewLinked();
        var (theirs, mine) = (NewBrowser(), NewBrowser());
        var callback = await Provider.SignIn(await ProviderWay.There(theirs), subject);

        Assert.Equal(Refused, (await ProviderWay.Back(mine, callback)).Path);
        Assert.False(await IsIn(mine));
    }

    [Fact]
    public async Task An_answer_works_once()
    {
        var (_, subject) = await NewLinked();
        var browser = NewBrowser();
        var callback = await Provider.SignIn(await ProviderWay.There(browser), subject);
        Assert.Equal("/", (await ProviderWay.Back(browser, callback)).Path);

        Assert.Equal(Refused, (await ProviderWay.Back(browser, callback)).Path);
    }

    [Fact]
    public async Task A_code_that_was_used_is_refused_by_the_provider_in_a_sign_in_of_another_too()
    {
        var (_, subject) = await NewLinked();
        var first = NewBrowser();
        var used = await Provider.SignIn(await ProviderWay.There(first), subject);
        await ProviderWay.Back(first, used);
        var second = NewBrowser();
        var fresh = await Provider.SignIn(await ProviderWay.There(second), NewSubject());

        var mixed = fresh.Replace(Code(fresh), Code(used), StringComparison.Ordinal);

        Assert.Equal(Refused, (await ProviderWay.Back(second, mixed)).Path);
        Assert.False(await IsIn(second));
    }

    [Fact]
    public async Task The_way_there_and_the_link_want_a_form_of_ours()
    {
        using var browser = await SignedIn(await Host.NewSubscriber());

        Assert.Equal(400, (int)(await browser.Post("/sign-in/provider", ("returnUrl", "/"))).Status);
        Assert.Equal(400, (int)(await browser.Post($"{Profile}/link", ("password", People.Password))).Status);
    }

    private static string Code(string callback) => callback.Split("code=")[1].Split('&')[0];
}
