using System.Net;
using System.Net.Sockets;
using System.Text;
using Portal.SignIn;
using Portal.Tests.SignIn;

namespace Portal.Tests.Security.Payloads;

/// <summary>Addresses that lead away, split an answer, climb out of a folder, or borrow another's name.</summary>
public sealed class AddressPayloads(PortalOn<SqliteDatabase> portal) : IClassFixture<PortalOn<SqliteDatabase>>
{
    private readonly PortalHost portal = portal.Host;

    public static TheoryData<string> Away { get; } =
    [
        "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "/\n/evil.example", "/\r\n/evil.example", "https:evil.example", "https:/evil.example",
        "https://evil.example", "HTTPS://evil.example", "http://user@evil.example", "javascript:alert(1)", "data:text/html,x", " //evil.example", "\u00a0//evil.example", "evil.example",
        "/\u0000/evil.example", "/\u0085/evil.example", "", "?x", "#x", "..//evil.example", "/\\/evil.example", "/x\\..\\..\\\\evil.example", "\u202e//evil.example", "／／evil.example",
    ];

    [Theory]
    [MemberData(nameof(Away))]
    public void No_other_site_is_a_place_to_return_to(string address) => Assert.Equal("/", ReturnUrl.Local(address));

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("/%09/evil.example")]
    [InlineData("%2F%2Fevil.example")]
    [InlineData("/%5Cevil.example")]
    [InlineData("/%2F/evil.example")]
    [InlineData("/.//evil.example")]
    [InlineData("/..//evil.example")]
    [InlineData("/@evil.example")]
    [InlineData("https://127.0.0.1@evil.example")]
    [InlineData("/\r\nSet-Cookie: injected=1")]
    [InlineData("/%0d%0aLocation: https://evil.example")]
    public async Task A_browser_that_follows_the_answer_to_a_sign_in_stays_here(string returnUrl)
    {
        var email = await portal.NewSubscriber();
        foreach (var encoded in new[] { Uri.EscapeDataString(returnUrl), Uri.EscapeDataString(Uri.EscapeDataString(returnUrl)) })
        {
            using var browser = new FormClient(portal.Address);
            var answer = await browser.SignIn(email, People.Password, $"/sign-in?returnUrl={encoded}");
            Assert.Equal(HttpStatusCode.Found, answer.Status);
            Assert.Equal(portal.Address.Authority, new Uri(portal.Address, answer.Location).Authority);
            Assert.Null(browser.Cookies.GetCookies(portal.Address)["injected"]);
        }
    }

    [Theory]
    [InlineData("/v1/accounts/x%0d%0aSet-Cookie:injected=1/entries")]
    [InlineData("/v1/charges/x%0d%0aInjected:1")]
    [InlineData("/history/x%0d%0aInjected:1")]
    [InlineData("/sign-in?returnUrl=/%0d%0aInjected:1")]
    [InlineData("/credit%0d%0aInjected:1")]
    [InlineData("/sign-in?returnUrl=%0d%0a%0d%0a<html>")]
    public async Task A_line_break_in_an_address_is_no_line_of_the_answer(string path)
    {
        using var client = portal.NewClient();
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.False(answer.Headers.Contains("Injected"));
        Assert.DoesNotContain(answer.Headers.Concat(answer.Content.Headers), header => header.Value.Any(value => value.Contains("injected", StringComparison.OrdinalIgnoreCase) && header.Key == "Set-Cookie"));
    }

    [Theory]
    [InlineData("/../appsettings.json")]
    [InlineData("/%2e%2e/appsettings.json")]
    [InlineData("/..%2fappsettings.json")]
    [InlineData("/%2e%2e%2fappsettings.json")]
    [InlineData("/..%5cappsettings.json")]
    [InlineData("/%252e%252e%252fappsettings.json")]
    [InlineData("/_content/../appsettings.json")]
    [InlineData("/_content/MudBlazor/..%2f..%2f..%2fappsettings.json")]
    [InlineData("/_framework/../../appsettings.json")]
    [InlineData("/.%00./appsettings.json")]
    [InlineData("/app.css%00.json")]
    [InlineData("/appsettings.json")]
    [InlineData("/data/portal.db")]
    [InlineData("/Portal.dll")]
    [InlineData("/.git/config")]
    [InlineData("/openapi/..%2f..%2fappsettings.json")]
    [InlineData("/openapi/v2.json")]
    [InlineData("/etc/passwd")]
    [InlineData("//etc/passwd")]
    public async Task No_path_leads_to_a_file_that_is_not_served(string path)
    {
        // Over a bare connection: a client would tidy the path up.
        using var client = new TcpClient(portal.Address.Host, portal.Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {portal.Address.Authority}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync();
        Assert.Matches("^HTTP/1.1 (400|404) ", answer);
        Assert.DoesNotContain("ConnectionStrings", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("root:", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("X-Forwarded-Host", "evil.example")]
    [InlineData("Forwarded", "host=evil.example;proto=https")]
    [InlineData("X-Original-Host", "evil.example")]
    [InlineData("X-Host", "evil.example")]
    public async Task The_name_that_a_request_gives_the_host_is_in_no_mail(string header, string value)
    {
        var email = await portal.NewSubscriber();
        using var browser = new FormClient(portal.Address);
        var page = await browser.Get("/sign-in/forgotten");
        using var client = portal.NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/sign-in/forgotten", UriKind.Relative));
        request.Headers.TryAddWithoutValidation(header, value);
        request.Headers.Add("Cookie", browser.Cookies.GetCookieHeader(portal.Address));
        request.Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["__RequestVerificationToken"] = FormClient.Token(page), ["_handler"] = "forgotten", ["Input.Email"] = email });
        using var answer = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        var mail = await portal.MailTo(email, "Set a new password");
        Assert.StartsWith(portal.Address.GetLeftPart(UriPartial.Authority), mail.Link(), StringComparison.Ordinal);
        Assert.DoesNotContain("evil.example", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Portal_asks_no_address_that_somebody_gave_it()
    {
        // Nothing of src/Portal asks over HTTP at all; mail goes to the server that the operator configured.
        var asks = Architecture.Source.Portal.SelectMany(file => file.Find(new(@"\b(HttpClient|IHttpClientFactory|HttpWebRequest|WebClient|SocketsHttpHandler|TcpClient|ClientWebSocket|Dns\.)\b")));
        Architecture.Rule.HasNoOffender(asks);
    }
}
