using System.Net;
using System.Text.RegularExpressions;
using Portal.SignIn.Passkeys;

namespace Portal.Tests.SignIn.Passkeys;

/// <summary>What tests of passkeys share: what someone does with a device on Portal's pages, and what passkeys.js does for them.</summary>
public abstract class PasskeyTest<TDatabase> : SignInTest<TDatabase>, IDisposable where TDatabase : TestDatabase, new()
{
    protected const string Profile = "/profile/passkeys";

    private readonly List<IDisposable> _things = [];

    protected PasskeyTest(SignInOn<TDatabase> portal)
        : base(portal) => Time.Advance(TimeSpan.FromSeconds(30));

    protected FormClient NewBrowser() => Kept(new FormClient(Host.Address));

    protected PasskeyDevice NewDevice() => Kept(new PasskeyDevice(Host.Address));

    /// <summary>Someone with a password who has just added a passkey.</summary>
    protected async Task<(string Email, FormClient Browser, PasskeyDevice Device)> WithPasskey()
    {
        var email = await Host.NewSubscriber();
        var browser = Kept(await SignedIn(email));
        var device = NewDevice();
        IsAdded(await Add(browser, device));
        return (email, browser, device);
    }

    /// <summary>What the profile gives for the device, to who proves that they are the person.</summary>
    protected static async Task<Answer> AskToAdd(FormClient browser, string password = People.Password, string code = "") =>
        await browser.Post($"{Profile}/options", ("__RequestVerificationToken", FormClient.Token(await browser.Get(Profile))), ("Input.Password", password), ("Input.Code", code));

    protected static async Task<Answer> Add(FormClient browser, PasskeyDevice device, string name = "", string code = "")
    {
        var options = await AskToAdd(browser, code: code);
        Assert.True(options.Html.StartsWith('{'), options.Html);
        return await SendMade(browser, device.Create(options.Html), name);
    }

    protected static Task<Answer> SendMade(FormClient browser, string credential, string name = "") =>
        browser.Submit(Profile, "add", ("Passkey.Credential", credential), ("Passkey.Name", name));

    /// <summary>What the sign-in gives for the device.</summary>
    protected static async Task<string> AskToSignIn(FormClient browser)
    {
        var options = await browser.Post("/sign-in/passkey-options", ("__RequestVerificationToken", FormClient.Token(await browser.Get("/sign-in"))));
        Assert.True(options.Html.StartsWith('{'), options.Html);
        return options.Html;
    }

    protected static Task<Answer> SendShown(FormClient browser, string credential, string path = "/sign-in", bool stay = false) =>
        browser.Submit(path, "passkey", ("Passkey.Credential", credential), ("Passkey.Stay", stay ? "true" : "false"));

    protected static async Task<Answer> SignInWith(FormClient browser, PasskeyDevice device, string path = "/sign-in", bool stay = false) =>
        await SendShown(browser, device.Get(await AskToSignIn(browser)), path, stay);

    protected static void IsAdded(Answer answer) => Assert.Equal($"{Profile}?done=added", answer.Path);

    protected static void IsIn(Answer answer) => Assert.Equal((HttpStatusCode.Found, "/"), (answer.Status, answer.Path));

    protected static void IsRefused(Answer answer)
    {
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains("You are not signed in.", answer.Html, StringComparison.Ordinal);
    }

    protected static void IsNotAdded(Answer answer)
    {
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains("No passkey was added.", Regex.Replace(answer.Html, "data-[a-z-]+=\"[^\"]*\"", ""), StringComparison.Ordinal);
    }

    /// <summary>A browser with the same cookies: what a thief of a request would have.</summary>
    protected FormClient CopyOf(FormClient browser)
    {
        var copy = NewBrowser();
        copy.Cookies.Add(browser.Cookies.GetCookies(Host.Address));
        return copy;
    }

    protected async Task<List<Passkey>> PasskeysOf(string email)
    {
        var id = (await Host.Find(email)).Id;
        return await Rows<Passkey>(p => p.UserId == id);
    }

    protected async Task<IEnumerable<string>> Actions(string email) =>
        (await Audit(email)).Select(r => r.Action).Where(action => action is not ("GiveRole" or "AcceptInvitation"));

    protected T Kept<T>(T thing) where T : IDisposable
    {
        _things.Add(thing);
        return thing;
    }

    public void Dispose()
    {
        _things.ForEach(thing => thing.Dispose());
        GC.SuppressFinalize(this);
    }
}
