namespace Portal.Tests.SignIn.TwoFactor;

/// <summary>What tests of second factors share: someone with a password, and what they do on Portal's pages.</summary>
public abstract class TwoFactorTest<TDatabase> : SignInTest<TDatabase>, IDisposable
    where TDatabase : TestDatabase, new()
{
    protected const string Profile = "/profile/two-factor";

    private readonly List<FormClient> _browsers = [];

    protected TwoFactorTest(SignInOn<TDatabase> portal)
        : base(portal) => NextStep();

    protected FormClient NewBrowser()
    {
        var browser = new FormClient(Host.Address);
        _browsers.Add(browser);
        return browser;
    }

    /// <summary>Half a minute passes: the app shows another code.</summary>
    protected void NextStep() => Time.Advance(TimeSpan.FromSeconds(30));

    /// <summary>Someone signs in and turns it on, on the page; the clock then stands at the next code.</summary>
    protected async Task<Person> TurnedOn()
    {
        var email = await Host.NewSubscriber();
        var browser = NewBrowser();
        Assert.Equal("/", (await browser.SignIn(email, People.Password)).Path);
        var (app, page) = await TurnOn(browser);
        NextStep();
        return new Person(email, browser, app, RecoveryCodes(page));
    }

    protected async Task<(AuthenticatorApp App, Answer Page)> TurnOn(FormClient browser)
    {
        var page = await browser.Get(Profile);
        var app = new AuthenticatorApp(KeyOn(page), Time.GetUtcNow);
        return (app, await TurnOn(browser, page, app.Code()));
    }

    protected static Task<Answer> TurnOn(FormClient browser, Answer page, string code) => browser.Post(
        Profile, ("__RequestVerificationToken", FormClient.Token(page)), ("_handler", "turn-on"), ("Input.Proposal", Between(page, "name=\"Input.Proposal\" value=\"", "\"")), ("Input.Code", code));

    protected static string KeyOn(Answer page) => Between(page, "<code class=\"key\">", "</code>").Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();

    protected static List<string> RecoveryCodes(Answer page) =>
        [.. Between(page, "recovery-codes\">", "</ul>").Split("<li>").Skip(1).Select(item => item.Split('<')[0])];

    /// <summary>A browser in which the right password was given, and the second step is due.</summary>
    protected async Task<FormClient> AtSecondStep(string email)
    {
        var browser = NewBrowser();
        Assert.Equal("/sign-in/two-factor", (await browser.SignIn(email, People.Password)).Path);
        return browser;
    }

    protected static Task<Answer> Enter(FormClient browser, string code) => browser.Submit("/sign-in/two-factor", "code", ("Input.Code", code));

    protected static Task<Answer> Redeem(FormClient browser, string code) => browser.Submit("/sign-in/recovery", "recovery", ("Input.Code", code));

    protected static bool IsIn(Answer answer) => answer is { Status: System.Net.HttpStatusCode.Found, Path: "/" };

    private static string Between(Answer page, string before, string after)
    {
        Assert.True(page.Html.Contains(before, StringComparison.Ordinal), page.Html);
        return page.Html.Split(before)[1].Split(after)[0];
    }

    public void Dispose()
    {
        _browsers.ForEach(browser => browser.Dispose());
        GC.SuppressFinalize(this);
    }

    protected sealed record Person(string Email, FormClient Browser, AuthenticatorApp App, List<string> RecoveryCodes);
}
