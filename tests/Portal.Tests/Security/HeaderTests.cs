using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;
using Portal.Tests.SignIn;

namespace Portal.Tests.Security;

/// <summary>What every answer carries.</summary>
public sealed class HeaderTests(PortalOn<SqliteDatabase> portal) : IClassFixture<PortalOn<SqliteDatabase>>
{
    private readonly PortalHost portal = portal.Host;

    [Theory]
    [InlineData("/")]
    [InlineData("/sign-in")]
    [InlineData("/sign-in/forgotten")]
    [InlineData("/sign-in/reset")]
    [InlineData("/sign-in/invitation")]
    [InlineData("/sign-in/locked")]
    [InlineData("/sign-in/denied")]
    [InlineData("/error")]
    [InlineData("/no-such-page")]
    [InlineData("/v1/no-such-endpoint")]
    [InlineData("/dev/mail")]
    [InlineData("/app.css")]
    public async Task Every_answer_has_the_headers_that_protect_it(string path)
    {
        using var client = portal.NewClient();
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));

        var policy = Header(answer, "Content-Security-Policy");
        Assert.Contains("default-src 'self'; script-src 'self' 'nonce-", policy, StringComparison.Ordinal);
        Assert.Contains("base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
        Assert.Equal("DENY", Header(answer, "X-Frame-Options"));
        Assert.Equal("same-origin", Header(answer, "Referrer-Policy"));
        Assert.Equal("same-origin", Header(answer, "Cross-Origin-Opener-Policy"));
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/sign-in")]
    [InlineData("/no-such-page")]
    public async Task No_cache_keeps_a_page(string path)
    {
        using var client = portal.NewClient();
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal("no-store", Header(answer, "Cache-Control"));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/sign-in")]
    public async Task Every_script_of_a_page_carries_the_nonce_of_its_answer_alone(string path)
    {
        using var browser = new FormClient(portal.Address);

        var first = await browser.Get(path);
        var second = await browser.Get(path);

        var scripts = Regex.Matches(first.Html, "<script[^>]*>");
        Assert.NotEmpty(scripts);
        Assert.All(scripts, script => Assert.Contains($"nonce=\"{Nonce(first)}\"", script.Value, StringComparison.Ordinal));
        Assert.NotEqual(Nonce(first), Nonce(second));
        Assert.DoesNotMatch("""\son\w+=""" + "\"", first.Html);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    public async Task A_form_sent_by_another_site_is_refused(string origin)
    {
        using var answer = await Send(HttpMethod.Post, "/sign-in", ("Origin", origin));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task A_form_that_the_browser_marks_as_from_another_site_is_refused()
    {
        using var answer = await Send(HttpMethod.Post, "/sign-out", ("Sec-Fetch-Site", "cross-site"));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Theory]
    [InlineData("POST", "/_blazor/negotiate?negotiateVersion=1")]
    [InlineData("GET", "/_blazor?id=1")]
    public async Task A_circuit_opened_by_another_site_is_refused(string method, string path)
    {
        using var answer = await Send(new HttpMethod(method), path, ("Origin", "https://evil.example"));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task A_circuit_opened_by_our_own_page_is_not()
    {
        using var answer = await Send(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1", ("Origin", portal.Address.GetLeftPart(UriPartial.Authority)));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task The_api_takes_keys_from_anywhere_because_no_browser_adds_them_by_itself()
    {
        using var answer = await Send(HttpMethod.Post, "/v1/events", ("Origin", "https://gateway.example"));

        Assert.NotEqual(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task A_page_is_sent_compressed_and_what_is_secret_in_it_is_another_each_time()
    {
        var (first, second) = (await Compressed("/sign-in"), await Compressed("/sign-in"));

        Assert.NotEqual(Token(first), Token(second));
    }

    [Theory]
    [InlineData("/v1/rates")]
    [InlineData("/health/ready")]
    public async Task Only_pages_are_compressed_on_the_way(string path)
    {
        using var answer = await Send(HttpMethod.Get, path, ("Accept-Encoding", "br, gzip"));

        Assert.Empty(answer.Content.Headers.ContentEncoding);
    }

    private async Task<string> Compressed(string path)
    {
        using var answer = await Send(HttpMethod.Get, path, ("Accept-Encoding", "br, gzip"));
        Assert.Equal("br", Assert.Single(answer.Content.Headers.ContentEncoding));
        await using var page = new BrotliStream(await answer.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        return await new StreamReader(page).ReadToEndAsync();
    }

    private static string Token(string page) => Regex.Match(page, "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"").Groups[1] is { Success: true } token
        ? token.Value : throw new InvalidOperationException("The page has no antiforgery token.");

    private async Task<HttpResponseMessage> Send(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var client = portal.NewClient();
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await client.SendAsync(request);
    }

    private static string Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";

    private static string Nonce(Answer answer) =>
        Regex.Match(Header(answer.Response, "Content-Security-Policy"), "'nonce-([^']+)'").Groups[1].Value;
}
