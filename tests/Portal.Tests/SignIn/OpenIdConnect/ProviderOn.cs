using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;

namespace Portal.Tests.SignIn.OpenIdConnect;

/// <summary>An application whose people may sign in with a real OpenID Connect provider.</summary>
public class ProviderOn<TDatabase> : SignInOn<TDatabase>, IAsyncLifetime where TDatabase : TestDatabase, new()
{
    public OpenIdProvider? Provider { get; private set; }

    protected override HostOptions Options => base.Options with { Settings = new Dictionary<string, string>([.. base.Options.Settings, .. Provider?.Settings ?? []]) };

    public new async ValueTask InitializeAsync()
    {
        if (OpenIdProvider.Missing is null)
        {
            Provider = await OpenIdProvider.Shared();
        }

        await base.InitializeAsync();
    }
}

/// <summary>What tests of signing in with the provider share: the ways there and back.</summary>
public abstract class ProviderTest<TDatabase> : SignInSteps<TDatabase>, IClassFixture<ProviderOn<TDatabase>>, IDisposable where TDatabase : TestDatabase, new()
{
    protected const string LinkPage = "/sign-in/provider/link";
    protected const string Profile = "/profile/sign-in-with";

    private readonly List<FormClient> browsers = [];
    private readonly OpenIdProvider? provider;

    protected ProviderTest(ProviderOn<TDatabase> portal)
        : base(portal)
    {
        Tools.Require(OpenIdProvider.Missing);
        provider = portal.Provider;
    }

    protected OpenIdProvider Provider => provider!;

    protected static string NewSubject() => $"subject-{Guid.NewGuid():n}";

    protected FormClient NewBrowser()
    {
        var browser = new FormClient(Host.Address);
        browsers.Add(browser);
        return browser;
    }

    /// <summary>Somebody comes from the provider, in this browser, and is led on.</summary>
    protected async Task<Answer> Come(FormClient browser, string subject, string? email = null, bool verified = false, string returnUrl = "")
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        return await ProviderWay.Back(browser, await Provider.SignIn(await ProviderWay.There(browser, returnUrl), subject, email, verified));
    }

    /// <summary>Someone with a password who has linked the provider, in a way that other tests show to be right.</summary>
    protected async Task<(string Email, string Subject)> NewLinked()
    {
        var (email, subject, browser) = (await Host.NewSubscriber(), NewSubject(), NewBrowser());
        Assert.Equal(LinkPage, (await Come(browser, subject)).Path);
        Assert.Equal(LinkPage, (await browser.SignIn(email, People.Password, $"/sign-in?returnUrl={LinkPage}")).Path);
        Assert.Equal($"{Profile}?done=linked", (await browser.Submit(LinkPage, "link")).Path);
        return (email, subject);
    }

    protected async Task<List<IdentityUserLogin<string>>> Logins(string email)
    {
        var id = (await Host.Find(email)).Id;
        return await Rows<IdentityUserLogin<string>>(login => login.UserId == id);
    }

    /// <summary>What the audit says since the person was made.</summary>
    protected async Task<IEnumerable<string>> Actions(string email) =>
        (await Audit(email)).Select(record => record.Action).Where(action => action is not ("GiveRole" or "AcceptInvitation"));

    protected static async Task<bool> IsIn(FormClient browser) => (await browser.Get("/profile")).Status == HttpStatusCode.OK;

    public void Dispose()
    {
        browsers.ForEach(browser => browser.Dispose());
        GC.SuppressFinalize(this);
    }
}

/// <summary>The ways to a provider and back, as a browser without scripts goes them.</summary>
public static partial class ProviderWay
{
    /// <summary>Presses the button on the sign-in page; gives the provider's address that the browser goes on to.</summary>
    public static async Task<string> There(FormClient browser, string returnUrl = "")
    {
        var page = await browser.Get("/sign-in");
        Assert.Contains("Sign in with Acme Login", page.Html, StringComparison.Ordinal);
        return Next(await browser.Post("/sign-in/provider", ("__RequestVerificationToken", FormClient.Token(page)), ("returnUrl", returnUrl)));
    }

    /// <summary>The address on the page between our form and the provider.</summary>
    public static string Next(Answer answer)
    {
        var found = Going().Match(answer.Html);
        Assert.True(found.Success, $"{answer.Status} {answer.Location} {answer.Html}");
        return WebUtility.HtmlDecode(found.Groups[1].Value);
    }

    /// <summary>Opens what the provider leads back to, and what that leads to.</summary>
    public static async Task<Answer> Back(FormClient browser, string callback)
    {
        var answer = await browser.Get(callback);
        return answer.Path?.StartsWith("/sign-in/provider/done", StringComparison.Ordinal) == true ? await browser.Get(answer.Path) : answer;
    }

    [GeneratedRegex("""id="go"[^>]*href="([^"]+)""")]
    private static partial Regex Going();
}
