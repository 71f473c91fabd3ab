using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using Portal.Keys;

namespace Portal.Tests.Security;

/// <summary>
/// The walk of a subscriber's personal token: at every endpoint of the API, for the account that it reads and for another one. An endpoint
/// that is not in the table fails the test. Anywhere else a token is nobody.
/// </summary>
public sealed class TokenWalkTests(WalkOn portal) : IClassFixture<WalkOn>
{
    private const string Table =
        """
        route                                 | own other
        POST /v1/events                       | 403 403
        POST /api/v1/events                   | 403 403
        POST /v1/authorizations               | 403 403
        GET  /v1/authorizations/{id}          | 403 403
        POST /v1/authorizations/{id}/settle   | 403 403
        POST /v1/authorizations/{id}/release  | 403 403
        PUT  /v1/accounts/{account}           | 403 403
        GET  /v1/accounts/{account}           | 403 403
        GET  /v1/accounts/{account}/balance   | 200 404
        GET  /v1/accounts/{account}/entries   | 200 404
        GET  /v1/accounts/{account}/statements | 200 404
        GET  /v1/accounts/{account}/statements/{period} | 200 404
        GET  /v1/charges/{id}                 | 200 404
        GET  /v1/balance                      | 200 200
        GET  /v1/entries                      | 200 200
        GET  /v1/statements                   | 200 200
        GET  /v1/rates                        | 200 200
        """;

    private static readonly List<string[]> _rows = [.. Table.Split('\n').Skip(1).Select(line => line.Split([' ', '|'], StringSplitOptions.RemoveEmptyEntries))];

    [Fact]
    public void The_table_has_every_endpoint_of_the_api_and_no_other() =>
        Assert.Equal(Routes().Where(IsApi).Order(), _rows.Select(row => (row[0], row[1])).Order());

    [Fact]
    public async Task At_the_api_a_token_reads_its_own_account_and_does_not_see_another()
    {
        foreach (var (account, column) in new[] { (WalkOn.Mine, 2), (WalkOn.Theirs, 3) })
        {
            // A token each: one alone would be over its rate.
            using var client = await TokenOfMine();
            foreach (var row in _rows)
            {
                using var answer = await Send(client, row[0], Fill(row[1], account));
                var text = await answer.Content.ReadAsStringAsync();
                Assert.True($"{(int)answer.StatusCode}" == row[column], $"{row[0]} {row[1]} for {account}: {(int)answer.StatusCode} instead of {row[column]}: {text}");
                Assert.DoesNotContain(WalkOn.Theirs, text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Anywhere_else_a_token_is_nobody()
    {
        using var client = await TokenOfMine();
        var compared = 0;
        foreach (var (method, path) in Routes().Where(route => !IsApi(route) && route.Method == "GET"))
        {
            using var asToken = await Send(client, method, Fill(path, WalkOn.Mine));
            using var asNobody = await Send(portal.Callers["nobody"], method, Fill(path, WalkOn.Mine));
            Assert.True((asToken.StatusCode, asToken.Headers.Location) == (asNobody.StatusCode, asNobody.Headers.Location), $"{method} {path}: {asToken.StatusCode} instead of {asNobody.StatusCode}");
            compared++;
        }
        Assert.True(compared > 10);
    }

    private async Task<HttpClient> TokenOfMine()
    {
        var made = await portal.Host.Services.GetRequiredService<PersonalTokens>().Make(WalkOn.Mine, $"{Guid.NewGuid():n}", 30, portal.Owner);
        var client = portal.Host.NewClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Assert.IsType<MakeTokenOutcome.Made>(made).Secret);
        return client;
    }

    private static async Task<HttpResponseMessage> Send(HttpClient client, string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        if (method != "GET")
        {
            request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        }
        return await client.SendAsync(request);
    }

    private IEnumerable<(string Method, string Path)> Routes() => portal.Host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
        .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []).Select(method => (method, "/" + endpoint.RoutePattern.RawText!.TrimStart('/'))))
        .Where(route => !route.Item2.StartsWith("/_", StringComparison.Ordinal) && !route.Item2.StartsWith("/scalar", StringComparison.Ordinal) && !route.Item2.StartsWith("/{**", StringComparison.Ordinal))
        .Distinct();

    private static bool IsApi((string Method, string Path) route) =>
        route.Path.StartsWith("/v1/", StringComparison.Ordinal) || route.Path.StartsWith("/api/", StringComparison.Ordinal);

    private string Fill(string path, string account) => path
        .Replace("{Period}", "{period}", StringComparison.Ordinal)
        .Replace("{period}", $"{portal.Opened:yyyy-MM-dd}", StringComparison.Ordinal)
        .Replace("{account}", account, StringComparison.Ordinal)
        .Replace("{Id}", $"{account}.c1", StringComparison.Ordinal)
        .Replace("{documentName}", "v1", StringComparison.Ordinal)
        .Replace("{id}", path.Contains("charges", StringComparison.Ordinal) ? $"{account}.c1" : $"{account}-settle", StringComparison.Ordinal);
}
