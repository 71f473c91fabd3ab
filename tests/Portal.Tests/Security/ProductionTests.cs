using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Portal.Api.Keys;
using Portal.Data;
using Portal.Demo;
using Portal.Security;
using Portal.Settings;
using Portal.SignIn;
using Portal.Tests.SignIn;

namespace Portal.Tests.Security;

/// <summary>Production behind a proxy on this machine that ends TLS.</summary>
public sealed class BehindAProxy : PortalOn<SqliteDatabase>
{
    protected override HostOptions Options => new()
    {
        Environment = "Production",
        Settings = new Dictionary<string, string> { ["Portal:TrustedProxies:0"] = "127.0.0.1" },
    };
}

/// <summary>What is stricter outside Development.</summary>
public sealed class ProductionTests(BehindAProxy portal) : IClassFixture<BehindAProxy>
{
    private readonly PortalHost portal = portal.Host;

    [Fact]
    public async Task Cookies_are_bound_to_this_host_and_to_tls()
    {
        var email = await portal.NewSubscriber();
        using var client = portal.NewClient();
        using var page = await client.SendAsync(OverTls(HttpMethod.Get, "/sign-in"));
        var antiforgery = Assert.Single(Cookies(page));
        var html = await page.Content.ReadAsStringAsync();
        using var form = OverTls(HttpMethod.Post, "/sign-in");
        form.Headers.Add("Cookie", antiforgery.Split(';')[0]);
        form.Content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["__RequestVerificationToken"] = FormClient.Token(new Answer(page.StatusCode, null, html, page)),
            ["_handler"] = "sign-in",
            ["Input.Email"] = email,
            ["Input.Password"] = People.Password,
        });

        using var answer = await client.SendAsync(form);

        Assert.StartsWith("__Host-portal-antiforgery=", antiforgery, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        var signIn = Assert.Single(Cookies(answer), cookie => cookie.Contains("sign-in", StringComparison.Ordinal));
        Assert.StartsWith("__Host-portal-sign-in=", signIn, StringComparison.Ordinal);
        Assert.Contains("; path=/;", signIn, StringComparison.Ordinal);
        Assert.Contains("; secure;", signIn, StringComparison.Ordinal);
        Assert.Contains("; samesite=lax", signIn, StringComparison.Ordinal);
        Assert.Contains("; httponly", signIn, StringComparison.Ordinal);
        Assert.DoesNotContain("domain", signIn, StringComparison.OrdinalIgnoreCase);
        var device = Assert.Single(Cookies(answer), cookie => cookie.StartsWith("__Host-portal-device=", StringComparison.Ordinal));
        Assert.Contains("; secure; samesite=lax; httponly", device, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Browsers_are_told_to_use_tls_only()
    {
        using var client = portal.NewClient();
        using var answer = await client.SendAsync(OverTls(HttpMethod.Get, "/sign-in", "portal.example.com"));

        Assert.Equal("max-age=31536000; includeSubDomains", Assert.Single(answer.Headers.GetValues("Strict-Transport-Security")));
    }

    [Fact]
    public async Task A_key_that_came_in_clear_is_refused_rather_than_led_to_tls()
    {
        var (_, secret) = await portal.Services.GetRequiredService<GatewayKeys>().Create("gateway", KeyScopes.All);
        using var client = portal.NewClient();
        async Task<HttpStatusCode> Ask(HttpRequestMessage request)
        {
            using (request)
            {
                request.Headers.Authorization = new("Bearer", secret);
                using var answer = await client.SendAsync(request);
                return answer.StatusCode;
            }
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await Ask(new HttpRequestMessage(HttpMethod.Get, "/v1/accounts/none")));
        Assert.Equal(HttpStatusCode.NotFound, await Ask(OverTls(HttpMethod.Get, "/v1/accounts/none")));
    }

    [Fact]
    public async Task Nothing_echoes_a_request_with_its_cookies()
    {
        using var client = portal.NewClient();
        using var answer = await client.SendAsync(OverTls(HttpMethod.Trace, "/sign-in"));

        Assert.True(answer.StatusCode is HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotFound or HttpStatusCode.Forbidden, answer.StatusCode.ToString());
    }

    [Theory]
    [InlineData("/dev/mail")]
    [InlineData("/scalar")]
    public async Task What_is_for_Development_is_not_there(string path)
    {
        using var client = portal.NewClient();
        using var answer = await client.SendAsync(OverTls(HttpMethod.Get, path));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData("--urls=http://localhost:5210", "Urls is 'http://localhost:5210'; outside Development it must have an https address")]
    [InlineData("--urls=https://localhost:5210", "Kestrel:Certificates:Default:Path is not set")]
    [InlineData("--urls=https://localhost:5210 --Kestrel:Certificates:Default:Path=missing.pfx", "Kestrel:Certificates:Default:Path is 'missing.pfx'; there is no such file.")]
    public async Task Portal_does_not_start_without_tls_or_a_trusted_proxy(string settings, string sentence)
    {
        await using var app = Application("Data Source=never-opened.db", settings.Split(' '));

        var wrong = Assert.Throws<WrongSettingException>(() => Tls.Require(app, new PortalSettings()));

        Assert.StartsWith(sentence, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Portal_does_not_start_with_a_demo_account_in_its_database()
    {
        await using var database = new SqliteDatabase();
        await database.Create();
        await using (var db = database.Open())
        {
            db.Users.Add(new User { Id = "demo", UserName = DemoAccounts.All[0].Email, NormalizedUserName = "PRO@EXAMPLE.COM", Email = DemoAccounts.All[0].Email, NormalizedEmail = "PRO@EXAMPLE.COM" });
            await db.SaveChangesAsync();
        }

        await using var app = Application(database.ConnectionString);
        var wrong = await Assert.ThrowsAsync<WrongSettingException>(() => app.RefuseDemoOutsideDevelopment());

        Assert.StartsWith("ConnectionStrings:Portal leads to a database with the demo account pro@example.com", wrong.Message, StringComparison.Ordinal);
    }

    private static WebApplication Application(string connection, params string[] settings)
    {
        var builder = SettingsSetup.CreateBuilder([$"--contentRoot={Repository.Root}", "--environment=Production", $"--ConnectionStrings:Portal={connection}", .. settings]);
        builder.AddData(builder.AddSettings());
        return builder.Build();
    }

    private static HttpRequestMessage OverTls(HttpMethod method, string path, string? host = null)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add("X-Forwarded-Proto", "https");
        if (host is not null)
        {
            request.Headers.Add("X-Forwarded-Host", host);
        }

        return request;
    }

    private static IEnumerable<string> Cookies(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : [];
}
