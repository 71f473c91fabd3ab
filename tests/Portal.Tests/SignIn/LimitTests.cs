using System.Net;
using Portal.SignIn;

namespace Portal.Tests.SignIn;

/// <summary>An application with small limits behind a proxy on this machine, so that a test can come from any network address.</summary>
public sealed class LimitedPortal : PortalOn<SqliteDatabase>
{
    public const int PerAddress = 6;
    public const int PerPerson = 3;

    protected override HostOptions Options => new()
    {
        Settings = new Dictionary<string, string>
        {
            ["Portal:TrustedProxies:0"] = "127.0.0.1",
            ["Portal:SignIn:TriesPerAddress"] = $"{PerAddress}",
            ["Portal:SignIn:TriesPerPerson"] = $"{PerPerson}",
            ["Portal:SignIn:TriesMinutes"] = "60",
        },
    };
}

/// <summary>How often forms may be sent. The limits know nothing of who is known to us, and a stranger's tries are not the owner's.</summary>
public sealed class LimitTests(LimitedPortal portal) : IClassFixture<LimitedPortal>
{
    private static int addresses;

    private PortalHost Host => portal.Host;

    [Fact]
    public async Task Too_many_tries_for_one_person_are_refused_with_the_same_page_whether_we_know_them_or_not()
    {
        var known = await Host.NewSubscriber();
        using var first = From(NewAddress());
        using var second = From(NewAddress());

        var aboutKnown = await Last(first, known, LimitedPortal.PerPerson + 1);
        var aboutUnknown = await Last(second, "nobody@example.org", LimitedPortal.PerPerson + 1);

        Assert.Equal(HttpStatusCode.TooManyRequests, aboutKnown.Status);
        Assert.StartsWith("<!DOCTYPE html>", aboutKnown.Html, StringComparison.Ordinal);
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(aboutKnown.Html, "<main"));
        Assert.Contains("<h1>Too many tries</h1>", aboutKnown.Html, StringComparison.Ordinal);
        Assert.Contains("Nothing was changed.", aboutKnown.Html, StringComparison.Ordinal);
        Assert.Matches("Try again in 60 minutes, at [A-Z]", aboutKnown.Html);
        Assert.InRange(aboutKnown.Response.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromMinutes(50), TimeSpan.FromMinutes(60));
        Assert.Equal(HttpStatusCode.TooManyRequests, aboutUnknown.Status);
        Assert.Equal(WithoutTime(aboutKnown), WithoutTime(aboutUnknown));
    }

    [Fact]
    public async Task The_same_person_written_otherwise_is_the_same_person()
    {
        var email = await Host.NewSubscriber();
        using var browser = From(NewAddress());
        await Last(browser, email, LimitedPortal.PerPerson);

        Assert.Equal(HttpStatusCode.TooManyRequests, (await browser.SignIn($" {email.ToUpperInvariant()} ", "wrong")).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.SignIn("someone-else@example.org", "wrong")).Status);
    }

    [Fact]
    public async Task Too_many_tries_from_one_network_address_are_refused_and_other_addresses_are_not()
    {
        using var browser = From(NewAddress());
        using var other = From(NewAddress());
        for (var n = 0; n < LimitedPortal.PerAddress; n++)
        {
            Assert.Equal(HttpStatusCode.OK, (await browser.SignIn($"{Guid.NewGuid():n}@example.org", "wrong")).Status);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await browser.SignIn($"{Guid.NewGuid():n}@example.org", "wrong")).Status);
        Assert.Equal(HttpStatusCode.OK, (await other.SignIn($"{Guid.NewGuid():n}@example.org", "wrong")).Status);
    }

    [Fact]
    public async Task Passkeys_are_asked_for_no_more_often_than_passwords_are_tried()
    {
        using var browser = From(NewAddress());
        var token = FormClient.Token(await browser.Get("/sign-in"));
        for (var n = 0; n < LimitedPortal.PerAddress; n++)
        {
            Assert.Equal(HttpStatusCode.OK, (await browser.Post("/sign-in/passkey-options", ("__RequestVerificationToken", token))).Status);
            Assert.Equal(HttpStatusCode.OK, (await browser.Post("/sign-in", ("__RequestVerificationToken", token), ("_handler", "passkey"), ("Passkey.Credential", "{}"))).Status);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await browser.Post("/sign-in/passkey-options", ("__RequestVerificationToken", token))).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await browser.Post("/sign-in", ("__RequestVerificationToken", token), ("_handler", "passkey"), ("Passkey.Credential", "{}"))).Status);
    }

    [Fact]
    public async Task Addresses_of_one_ipv6_network_are_one_address()
    {
        Answer? last = null;
        for (var n = 0; n <= LimitedPortal.PerAddress; n++)
        {
            using var browser = From($"2001:db8:1:2::{n + 1:x}");
            last = await browser.SignIn($"{Guid.NewGuid():n}@example.org", "wrong");
        }

        using var neighbour = From("2001:db8:1:3::1");
        Assert.Equal(HttpStatusCode.TooManyRequests, last!.Status);
        Assert.Equal(HttpStatusCode.OK, (await neighbour.SignIn("a@example.org", "wrong")).Status);
    }

    [Fact]
    public async Task Each_form_counts_for_itself_and_looking_at_pages_does_not_count()
    {
        var email = await Host.NewSubscriber();
        using var browser = From(NewAddress());
        await Last(browser, email, LimitedPortal.PerPerson + 1);

        Assert.Equal(HttpStatusCode.OK, (await browser.Get("/sign-in")).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.Submit("/sign-in/forgotten", "forgotten", ("Input.Email", email))).Status);
    }

    [Fact]
    public async Task Strangers_tries_neither_use_up_the_owners_nor_keep_them_waiting_where_they_have_signed_in_before()
    {
        var email = await Host.NewSubscriber();
        using var owner = From(NewAddress());
        Assert.Equal(HttpStatusCode.Found, (await owner.SignIn(email, People.Password)).Status);
        for (var n = 0; n < 3; n++)
        {
            using var stranger = From(NewAddress());
            await Last(stranger, email, 2);
        }

        using var elsewhere = From(NewAddress());
        Assert.Equal(HttpStatusCode.TooManyRequests, (await elsewhere.SignIn(email, People.Password)).Status);
        Assert.Equal(HttpStatusCode.Found, (await owner.SignIn(email, People.Password)).Status);
    }

    [Fact]
    public async Task A_known_browser_has_tries_of_its_own_but_not_without_end()
    {
        var email = await Host.NewSubscriber();
        using var owner = From(NewAddress());
        await owner.SignIn(email, People.Password);

        var last = await Last(owner, email, LimitedPortal.PerPerson + 1);

        Assert.Equal(HttpStatusCode.TooManyRequests, last.Status);
    }

    [Fact]
    public async Task A_made_up_device_cookie_is_worth_nothing()
    {
        var email = await Host.NewSubscriber();
        using var browser = From(NewAddress());
        await Last(browser, email, LimitedPortal.PerPerson);
        browser.Cookies.Add(new Cookie("portal-device", "made-up", "/", Host.Address.Host));

        Assert.Equal(HttpStatusCode.TooManyRequests, (await browser.SignIn(email, People.Password)).Status);
    }

    [Fact]
    public async Task Three_links_are_mailed_and_then_no_more_with_the_same_answer()
    {
        var email = await Host.NewSubscriber();
        var pages = new List<string>();
        for (var n = 0; n < 5; n++)
        {
            // In browsers that the person has used, which the form counts apart.
            using var browser = From(NewAddress());
            await browser.SignIn(email, People.Password);
            pages.Add((await browser.Submit("/sign-in/forgotten", "forgotten", ("Input.Email", email))).Same);
        }

        // A mail to somebody else, asked for later, has come: so have all before it.
        var later = await Host.NewSubscriber();
        using var last = From(NewAddress());
        await last.Submit("/sign-in/forgotten", "forgotten", ("Input.Email", later));
        await Host.MailTo(later, "Set a new password");
        Assert.All(pages, page => Assert.Equal(pages[0], page));
        Assert.Equal(3, Host.MailsTo(email, "Set a new password"));
    }

    private static async Task<Answer> Last(FormClient browser, string email, int tries)
    {
        Answer? last = null;
        for (var n = 0; n < tries; n++)
        {
            last = await browser.SignIn(email, "not the password at all");
        }

        return last!;
    }

    private FormClient From(string address) => new(Host.Address) { ForwardedFor = address };

    private static string NewAddress() => $"203.0.113.{Interlocked.Increment(ref addresses)}";

    private static string WithoutTime(Answer answer) => System.Text.RegularExpressions.Regex.Replace(answer.Same, "at [A-Z][^.]*", "");
}
