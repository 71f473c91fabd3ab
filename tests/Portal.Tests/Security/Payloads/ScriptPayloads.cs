using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Portal.Tests.Security.Payloads;

/// <summary>Names that are scripts: on every page that there is they are text, and what would run anyway the policy of the page forbids.</summary>
public sealed partial class ScriptPayloads(HostileOn portal) : IClassFixture<HostileOn>
{
    [Fact]
    public async Task No_page_runs_what_a_name_says()
    {
        var shown = new HashSet<string>();
        var pages = 0;
        foreach (var path in Pages())
        {
            var page = await portal.Browser.Get(path);
            Assert.True(page.Status is HttpStatusCode.OK or HttpStatusCode.Found or HttpStatusCode.Redirect, $"{path}: {page.Status}");
            Assert.DoesNotContain("<x-xss", page.Html, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotMatch(Handler(), page.Html);
            var nonce = Nonce().Match(string.Join(' ', page.Response.Headers.GetValues("Content-Security-Policy"))).Groups[1].Value;
            Assert.All(Script().Matches(page.Html), script => Assert.Contains($"nonce=\"{nonce}\"", script.Value, StringComparison.Ordinal));
            shown.UnionWith(HostileOn.Marks.Where(mark => Escaped(mark).IsMatch(page.Html)));
            pages++;
        }
        Assert.True(pages > 10);
        // The attack was really there: each text stood on a page, as text.
        Assert.Equal(HostileOn.Marks.Order(), shown.Order());
    }

    [Fact]
    public async Task The_api_answers_names_as_data_of_a_kind_that_no_browser_runs()
    {
        using var client = portal.Host.NewClient();
        client.DefaultRequestHeaders.Add("Authorization", $"Bearer {portal.GatewayKey}");
        foreach (var path in new[] { $"/v1/accounts/{HostileOn.Account}/entries", $"/v1/accounts/{HostileOn.Account}/statements", $"/v1/charges/{HostileOn.Account}.c1", "/v1/rates", $"/v1/accounts/{HostileOn.Account}" })
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal((HttpStatusCode.OK, "application/json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.DoesNotContain("<x-xss", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task No_cell_of_a_text_column_is_a_formula()
    {
        using var client = portal.Host.NewClient();
        client.DefaultRequestHeaders.Add("Authorization", $"Bearer {portal.GatewayKey}");
        client.DefaultRequestHeaders.Accept.ParseAdd("text/csv");
        using var answer = await client.GetAsync(new Uri($"/v1/accounts/{HostileOn.Account}/entries", UriKind.Relative));
        Assert.Equal($"attachment; filename=\"{HostileOn.Account}-entries.csv\"", answer.Content.Headers.ContentDisposition!.ToString());
        var csv = await answer.Content.ReadAsStringAsync();
        Assert.DoesNotMatch(Formula(), csv);
        foreach (var made in new[] { $"'{HostileOn.Account}.e1", "'=cmd|", "'@SUM(1)", "'+1<x-xss", "'=1+1<x-xss" })
        {
            Assert.Contains(made, csv, StringComparison.Ordinal);
        }
    }

    private IEnumerable<string> Pages() => portal.Host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null)
        .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/'))
        .Select(path => path.Replace("passkeys/{Id}", $"passkeys/{HostileOn.PasskeyId}", StringComparison.Ordinal))
        .SelectMany(path => path.Contains("{Id}", StringComparison.Ordinal) ? new[] { 1, 2, 3 }.Select(n => path.Replace("{Id}", $"{HostileOn.Account}.c{n}", StringComparison.Ordinal)) : [path])
        .Where(path => !path.Contains('{', StringComparison.Ordinal)).Append("/dev/mail").Distinct();

    private static Regex Escaped(string mark) => new($"&lt;x-xss[ /]onmouseover=alert\\(1\\)&gt;{mark}");

    /// <summary>An attribute that runs something, and not the words of one within another's quotes.</summary>
    [GeneratedRegex("""<[a-z][\w-]*(?:\s+[^\s"'<>=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+))?)*?\s+on\w+\s*=""", RegexOptions.IgnoreCase)]
    private static partial Regex Handler();

    [GeneratedRegex("<script[^>]*>")]
    private static partial Regex Script();

    [GeneratedRegex("'nonce-([^']+)'")]
    private static partial Regex Nonce();

    [GeneratedRegex("(^|,)\"?[=+\\-@\\t]", RegexOptions.Multiline)]
    private static partial Regex Formula();
}
