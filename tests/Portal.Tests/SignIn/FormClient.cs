using System.Net;
using System.Text.RegularExpressions;

namespace Portal.Tests.SignIn;

/// <summary>What came back: the status, where it leads, and the page.</summary>
public sealed record Answer(HttpStatusCode Status, string? Location, string Html, HttpResponseMessage Response)
{
    /// <summary>Where it leads, on this host.</summary>
    public string? Path => Location is null ? null : new Uri(new Uri("http://portal"), Location).PathAndQuery;

    /// <summary>The page as every visitor would get it: without nonces, tokens, and what was typed.</summary>
    public string Same => Regex.Replace(Html, """(nonce|value)="[^"]*"|CfDJ8[\w+/=\\-]*""", "");
}

/// <summary>A browser without scripts: it keeps cookies, and fills the forms it was shown.</summary>
public sealed class FormClient : IDisposable
{
    private readonly HttpClient client;

    public FormClient(Uri address)
    {
        Address = address;
        client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, CookieContainer = Cookies }) { BaseAddress = address };
    }

    public Uri Address { get; }

    public CookieContainer Cookies { get; } = new();

    /// <summary>What it says it is.</summary>
    public string UserAgent
    {
        init => client.DefaultRequestHeaders.UserAgent.ParseAdd(value);
    }

    /// <summary>The network address that a proxy says it comes from.</summary>
    public string ForwardedFor
    {
        init => client.DefaultRequestHeaders.Add("X-Forwarded-For", value);
    }

    public async Task<Answer> Get(string path)
    {
        var response = await client.GetAsync(new Uri(path, UriKind.RelativeOrAbsolute));
        return await Read(response);
    }

    /// <summary>Fills the form of this page and sends it.</summary>
    public async Task<Answer> Submit(string path, string form, params (string Name, string Value)[] fields)
    {
        var page = await Get(path);
        return await Post(path, [("__RequestVerificationToken", Token(page)), ("_handler", form), .. fields]);
    }

    public async Task<Answer> Post(string path, params (string Name, string Value)[] fields)
    {
        using var content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        return await Read(await client.PostAsync(new Uri(path, UriKind.RelativeOrAbsolute), content));
    }

    /// <summary>Signs in with the password, and with a code if it is asked for and this person's app is known.</summary>
    public async Task<Answer> SignIn(string email, string password, string path = "/sign-in", bool remember = false)
    {
        var answer = await Submit(path, "sign-in", ("Input.Email", email), ("Input.Password", password), ("Input.Remember", remember ? "true" : "false"));
        return answer.Path?.StartsWith("/sign-in/two-factor", StringComparison.Ordinal) == true && People.Apps.TryGetValue(email, out var app)
            ? await Submit(answer.Path, "code", ("Input.Code", await app.NextCode()))
            : answer;
    }

    public static string Token(Answer page) =>
        Regex.Match(page.Html, """__RequestVerificationToken" value="([^"]+)""").Groups[1].Value;

    public void Dispose() => client.Dispose();

    private static async Task<Answer> Read(HttpResponseMessage response) =>
        new(response.StatusCode, response.Headers.Location?.OriginalString, await response.Content.ReadAsStringAsync(), response);
}
