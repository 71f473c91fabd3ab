using System.Net;
using System.Text;
using Ledger;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using Portal.Alerts;

namespace Portal.Tests.Security;

/// <summary>
/// Nobody sees another's data: every route, for every caller, gives what this table says. A route that is not in the table fails the
/// test, so whoever adds one decides here who may have it.
/// </summary>
public sealed class WalkTests(WalkOn portal) : IClassFixture<WalkOn>
{
    /// <summary>
    /// A status; "failed" leads to the page that says that a provider's sign-in came to nothing, "in" leads to the sign-in, "denied" to the page that says no. "own" asks for the subscriber's own account or charge,
    /// "other" is the same subscriber with another's in its place; all others ask for that other's too.
    /// </summary>
    private const string Table =
        """
        route                                 | nobody own other support admin  Usage Authorize Accounts Read wrong
        GET  /                                | 200    200 200   200     200    200   200       200      200  200
        POST /                                | 400    400 400   400     400    400   400       400      400  400
        GET  /credit                          | in     200 200   denied  denied in    in        in       in   in
        POST /credit                          | in     400 400   denied  denied in    in        in       in   in
        GET  /extra-usage                     | in     200 200   denied  denied in    in        in       in   in
        POST /extra-usage                     | in     400 400   denied  denied in    in        in       in   in
        GET  /history                         | in     200 200   denied  denied in    in        in       in   in
        POST /history                         | in     400 400   denied  denied in    in        in       in   in
        GET  /history/{Id}                    | in     200 404   denied  denied in    in        in       in   in
        POST /history/{Id}                    | in     400 400   denied  denied in    in        in       in   in
        GET  /history/balance                 | in     200 200   denied  denied in    in        in       in   in
        POST /history/balance                 | in     400 400   denied  denied in    in        in       in   in
        GET  /statements                      | in     200 200   denied  denied in    in        in       in   in
        POST /statements                      | in     400 400   denied  denied in    in        in       in   in
        GET  /statements/{Period}             | in     200 200   denied  denied in    in        in       in   in
        POST /statements/{Period}             | in     400 400   denied  denied in    in        in       in   in
        GET  /statements/{period}/file        | in     200 200   denied  denied in    in        in       in   in
        GET  /plan                            | in     200 200   denied  denied in    in        in       in   in
        POST /plan                            | in     400 400   denied  denied in    in        in       in   in
        GET  /alerts                          | in     200 200   denied  denied in    in        in       in   in
        POST /alerts                          | in     400 400   denied  denied in    in        in       in   in
        GET  /keys                            | in     200 200   denied  denied in    in        in       in   in
        POST /keys                            | in     400 400   denied  denied in    in        in       in   in
        GET  /support-access                  | in     200 200   denied  denied in    in        in       in   in
        POST /support-access                  | in     400 400   denied  denied in    in        in       in   in
        GET  /support                         | in     denied denied 200 denied in    in        in       in   in
        POST /support                         | in     denied denied 400 denied in    in        in       in   in
        GET  /support/view-as/{Key}           | in     denied denied 200 denied in    in        in       in   in
        POST /support/view-as/{Key}           | in     denied denied 400 denied in    in        in       in   in
        GET  /view-as/over                    | in     200 200   200     200    in    in        in       in   in
        POST /view-as/over                    | in     400 400   400     400    in    in        in       in   in
        POST /view-as/end                     | 400    400 400   400     400    400   400       400      400  400
        GET  /support/accounts/{Key}          | in     denied denied 200     denied in    in        in       in   in
        POST /support/accounts/{Key}          | in     denied denied 400     denied in    in        in       in   in
        GET  /support/accounts/{Key}/refusals | in     denied denied 200     denied in    in        in       in   in
        POST /support/accounts/{Key}/refusals | in     denied denied 400     denied in    in        in       in   in
        GET  /support/accounts/{Key}/charges/{Id}| in     denied denied 200     denied in    in        in       in   in
        POST /support/accounts/{Key}/charges/{Id}| in     denied denied 400     denied in    in        in       in   in
        GET  /support/accounts/{Key}/compare  | in     denied denied 200     denied in    in        in       in   in
        POST /support/accounts/{Key}/compare  | in     denied denied 400     denied in    in        in       in   in
        GET  /support/approvals               | in     denied denied 200     denied in    in        in       in   in
        POST /support/approvals               | in     denied denied 400     denied in    in        in       in   in
        GET  /support/corrections             | in     denied denied 200     denied in    in        in       in   in
        POST /support/corrections             | in     denied denied 400     denied in    in        in       in   in
        GET  /support/corrections/{Id}        | in     denied denied 404     denied in    in        in       in   in
        POST /support/corrections/{Id}        | in     denied denied 400     denied in    in        in       in   in
        GET  /support/disputes                | in     denied denied 200     denied in    in        in       in   in
        POST /support/disputes                | in     denied denied 400     denied in    in        in       in   in
        GET  /usage                           | in     200 200   denied  denied in    in        in       in   in
        POST /usage                           | in     400 400   denied  denied in    in        in       in   in
        GET  /usage/export.csv                | in     200 200   denied  denied in    in        in       in   in
        GET  /usage/export.json               | in     200 200   denied  denied in    in        in       in   in
        GET  /admin/plans                     | in     denied denied denied 200   in    in        in       in   in
        POST /admin/plans                     | in     denied denied denied 400   in    in        in       in   in
        GET  /admin/plans/{Number:int}        | in     denied denied denied 200   in    in        in       in   in
        POST /admin/plans/{Number:int}        | in     denied denied denied 400   in    in        in       in   in
        GET  /admin/rates                     | in     denied denied denied 200   in    in        in       in   in
        POST /admin/rates                     | in     denied denied denied 400   in    in        in       in   in
        GET  /admin/rates/{Number:int}        | in     denied denied denied 200   in    in        in       in   in
        POST /admin/rates/{Number:int}        | in     denied denied denied 400   in    in        in       in   in
        GET  /admin/approvals                 | in     denied denied denied 200   in    in        in       in   in
        POST /admin/approvals                 | in     denied denied denied 400   in    in        in       in   in
        GET  /admin/plans/{version:int}/file  | in     denied denied denied 200   in    in        in       in   in
        GET  /admin/rates/{version:int}/file  | in     denied denied denied 200   in    in        in       in   in
        GET  /admin/people                    | in     denied denied denied 200 in    in        in       in   in
        POST /admin/people                    | in     denied denied denied 400 in    in        in       in   in
        GET  /admin/audit                     | in     denied denied denied 200 in    in        in       in   in
        POST /admin/audit                     | in     denied denied denied 400 in    in        in       in   in
        GET  /admin/audit/{Id:long}           | in     denied denied denied 200 in    in        in       in   in
        POST /admin/audit/{Id:long}           | in     denied denied denied 400 in    in        in       in   in
        GET  /admin/audit/export.csv          | in     denied denied denied 200 in    in        in       in   in
        GET  /admin/audit/export.json         | in     denied denied denied 200 in    in        in       in   in
        GET  /admin/programme                       | in     denied denied denied 200   in    in        in       in   in
        POST /admin/programme                       | in     denied denied denied 400   in    in        in       in   in
        GET  /admin/promotions                      | in     denied denied denied 200   in    in        in       in   in
        POST /admin/promotions                      | in     denied denied denied 400   in    in        in       in   in
        GET  /admin/surfaces                        | in     denied denied denied 200   in    in        in       in   in
        POST /admin/surfaces                        | in     denied denied denied 400   in    in        in       in   in
        GET  /admin/usage                           | in     denied denied denied 200   in    in        in       in   in
        POST /admin/usage                           | in     denied denied denied 400   in    in        in       in   in
        GET  /admin/gateways                        | in     denied denied denied 200   in    in        in       in   in
        POST /admin/gateways                        | in     denied denied denied 400   in    in        in       in   in
        GET  /admin/health                          | in     denied denied denied 200   in    in        in       in   in
        POST /admin/health                          | in     denied denied denied 400   in    in        in       in   in
        GET  /sign-in                         | 200    200 200   200     200    200   200       200      200  200
        POST /sign-in                         | 400    400 400   400     400    400   400       400      400  400
        GET  /sign-in/confirm-email           | 200    200 200   200     200    200   200       200      200  200
        POST /sign-in/confirm-email           | 400    400 400   400     400    400   400       400      400  400
        GET  /sign-in/denied                  | 200    200 200   200     200    200   200       200      200  200
        POST /sign-in/denied                  | 400    400 400   400     400    400   400       400      400  400
        GET  /sign-in/forgotten               | 200    200 200   200     200    200   200       200      200  200
        POST /sign-in/forgotten               | 400    400 400   400     400    400   400       400      400  400
        GET  /sign-in/invitation              | 200    200 200   200     200    200   200       200      200  200
        POST /sign-in/invitation              | 400    400 400   400     400    400   400       400      400  400
        GET  /sign-in/locked                  | 200    200 200   200     200    200   200       200      200  200
        POST /sign-in/locked                  | 400    400 400   400     400    400   400       400      400  400
        GET  /sign-in/register                | 200    200 200   200     200    200   200       200      200  200
        POST /sign-in/register                | 400    400 400   400     400    400   400       400      400  400
        GET  /sign-in/register/confirm        | 200    200 200   200     200    200   200       200      200  200
        POST /sign-in/register/confirm        | 400    400 400   400     400    400   400       400      400  400
        GET  /sign-in/reset                   | 200    200 200   200     200    200   200       200      200  200
        POST /sign-in/reset                   | 400    400 400   400     400    400   400       400      400  400
        GET  /profile                         | in     200 200   200     200    in    in        in       in   in
        POST /profile                         | in     400 400   400     400    in    in        in       in   in
        GET  /profile/email                   | in     200 200   200     200    in    in        in       in   in
        POST /profile/email                   | in     400 400   400     400    in    in        in       in   in
        GET  /profile/password                | in     200 200   200     200    in    in        in       in   in
        POST /profile/password                | in     400 400   400     400    in    in        in       in   in
        GET  /profile/two-factor              | in     200 200   200     200    in    in        in       in   in
        POST /profile/two-factor              | in     400 400   400     400    in    in        in       in   in
        GET  /profile/passkeys                | in     200 200   200     200    in    in        in       in   in
        POST /profile/passkeys                | in     400 400   400     400    in    in        in       in   in
        GET  /profile/passkeys/{Id}           | in     404 404   404     404    in    in        in       in   in
        POST /profile/passkeys/{Id}           | in     400 400   400     400    in    in        in       in   in
        POST /profile/passkeys/options        | 400    400 400   400     400    400   400       400      400  400
        GET  /profile/sessions                | in     200 200   200     200    in    in        in       in   in
        POST /profile/sessions                | in     400 400   400     400    in    in        in       in   in
        POST /sign-in/passkey-options         | 400    400 400   400     400    400   400       400      400  400
        GET  /sign-in/recovery                | 200    200 200   200     200    200   200       200      200  200
        POST /sign-in/recovery                | 400    400 400   400     400    400   400       400      400  400
        GET  /sign-in/two-factor              | 200    200 200   200     200    200   200       200      200  200
        POST /sign-in/two-factor              | 400    400 400   400     400    400   400       400      400  400
        POST /sign-in/provider                | 400    400 400   400     400    400   400       400      400  400
        GET  /sign-in/provider/callback       | failed failed failed failed failed failed failed failed failed failed
        GET  /sign-in/provider/done           | failed failed failed failed failed failed failed failed failed failed
        GET  /sign-in/provider/failed         | 200    200 200   200     200    200   200       200      200  200
        POST /sign-in/provider/failed         | 400    400 400   400     400    400   400       400      400  400
        GET  /sign-in/provider/link           | 200    200 200   200     200    200   200       200      200  200
        POST /sign-in/provider/link           | 400    400 400   400     400    400   400       400      400  400
        GET  /profile/sign-in-with            | in     200 200   200     200    in    in        in       in   in
        POST /profile/sign-in-with            | in     400 400   400     400    in    in        in       in   in
        POST /profile/sign-in-with/link       | 400    400 400   400     400    400   400       400      400  400
        GET  /profile/data                    | in     200 200   200     200    in    in        in       in   in
        POST /profile/data                    | in     400 400   400     400    in    in        in       in   in
        GET  /profile/data/file               | /profile/data /profile/data /profile/data /profile/data /profile/data /profile/data /profile/data /profile/data /profile/data /profile/data
        POST /profile/data/file               | 400    400 400   400     400    400   400       400      400  400
        GET  /profile/leave                   | in     200 200   200     200    in    in        in       in   in
        POST /profile/leave                   | in     400 400   400     400    in    in        in       in   in
        POST /sign-out                        | 400    400 400   400     400    400   400       400      400  400
        GET  /not-found                       | 200    200 200   200     200    200   200       200      200  200
        POST /not-found                       | 400    400 400   400     400    400   400       400      400  400
        GET  /error                           | 200    200 200   200     200    200   200       200      200  200
        POST /error                           | 400    400 400   400     400    400   400       400      400  400
        GET  /unsubscribe/{token}             | 200    200 200   200     200    200   200       200      200  200
        POST /unsubscribe/{token}             | 200    200 200   200     200    200   200       200      200  200
        GET  /dev/ui                          | 200    200 200   200     200    200   200       200      200  200
        POST /dev/ui                          | 400    400 400   400     400    400   400       400      400  400
        GET  /dev/mail                        | 200    200 200   200     200    200   200       200      200  200
        POST /v1/events                       | 401    401 401   401     401    200   403       403      403  401
        POST /api/v1/events                   | 401    401 401   401     401    200   403       403      403  401
        POST /v1/authorizations               | 401    401 401   401     401    403   201       403      403  401
        GET  /v1/authorizations/{id}          | 401    401 401   401     401    403   200       403      403  401
        POST /v1/authorizations/{id}/settle   | 401    401 401   401     401    403   200       403      403  401
        POST /v1/authorizations/{id}/release  | 401    401 401   401     401    403   200       403      403  401
        PUT  /v1/accounts/{account}           | 401    401 401   401     401    403   403       200      403  401
        GET  /v1/accounts/{account}           | 401    401 401   401     401    403   403       200      403  401
        GET  /v1/accounts/{account}/balance   | 401    401 401   401     401    403   403       403      200  401
        GET  /v1/accounts/{account}/entries   | 401    401 401   401     401    403   403       403      200  401
        GET  /v1/accounts/{account}/statements | 401   401 401   401     401    403   403       403      200  401
        GET  /v1/accounts/{account}/statements/{period} | 401 401 401 401 401   403   403       403      200  401
        GET  /v1/charges/{id}                 | 401    401 401   401     401    403   403       403      200  401
        GET  /v1/balance                      | 401    401 401   401     401    403   403       403      403  401
        GET  /v1/entries                      | 401    401 401   401     401    403   403       403      403  401
        GET  /v1/statements                   | 401    401 401   401     401    403   403       403      403  401
        GET  /v1/rates                        | 200    200 200   200     200    200   200       200      200  200
        GET  /health/live                     | 200    200 200   200     200    200   200       200      200  200
        GET  /health/ready                    | 200    200 200   200     200    200   200       200      200  200
        GET  /openapi/{documentName}.json     | 200    200 200   200     200    200   200       200      200  200
        """;

    /// <summary>What the framework maps for itself, and files that are the same for everyone: no data of anybody.</summary>
    private static readonly string[] _framework = ["/_blazor", "/_framework/", "/_content/", "/scalar", "/{**path:file}"];

    /// <summary>What is no route, as the authentication answers it before any route would.</summary>
    private static readonly string[] _authentication = ["GET /sign-in/provider/callback"];

    private static readonly string[] _columns = Table.Split('\n')[0].Split('|')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static readonly List<Row> _rows = [.. Table.Split('\n').Skip(1).Select(Row.Read)];

    [Fact]
    public void The_table_has_every_route_and_no_other()
    {
        var routes = portal.Host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>() is { HttpMethods: { Count: > 0 } methods }
                ? methods.Select(method => (Method: method, Path: PathOf(endpoint)))
                : [("ANY", PathOf(endpoint))])
            .Where(route => !_framework.Any(prefix => route.Path.StartsWith(prefix, StringComparison.Ordinal)))
            .Select(route => $"{route.Method} {route.Path}").Distinct();

        var known = _rows.Select(row => $"{row.Method} {row.Path}").ToHashSet();
        Assert.Empty(routes.Except(known));
        Assert.Empty(known.Except(routes).Except(_authentication));
    }

    [Fact]
    public async Task Every_route_gives_every_caller_what_the_table_says()
    {
        var wrong = new List<string>();
        foreach (var row in _rows)
        {
            foreach (var (column, expected) in _columns.Zip(row.Expected))
            {
                var (status, text) = await Call(row, column);
                if (status != expected)
                {
                    wrong.Add($"{row.Method} {row.Path} as {column}: {status} instead of {expected}");
                }
                // What would have been mailed to anybody, in Development only; and what support and administrators may see of everybody.
                if (row.Path != "/dev/mail" && !(column == "admin" && row.Path.StartsWith("/admin/audit", StringComparison.Ordinal)) && !(column == "support" && row.Path.StartsWith("/support/", StringComparison.Ordinal))
                    && column is "nobody" or "own" or "other" or "support" or "admin" or "wrong"
                    && (text.Contains(WalkOn.Theirs, StringComparison.Ordinal) || text.Contains(portal.OtherEmail, StringComparison.Ordinal)))
                {
                    wrong.Add($"{row.Method} {row.Path} as {column} shows another's data.");
                }
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private async Task<(string Status, string Text)> Call(Row row, string column)
    {
        var account = column == "own" ? WalkOn.Mine : WalkOn.Theirs;
        using var request = new HttpRequestMessage(new HttpMethod(row.Method), new Uri(Fill(row.Path, account), UriKind.Relative));
        if (Body(row, account, column) is var (mediaType, body))
        {
            request.Content = new StringContent(body, Encoding.UTF8, mediaType);
        }
        using var answer = await portal.Callers[column == "other" ? "own" : column].SendAsync(request);
        // A page may name the address that was asked for: who asked knows it.
        var text = (await answer.Content.ReadAsStringAsync()).Replace(Fill(row.Path, account), "", StringComparison.Ordinal);
        var status = answer.StatusCode != HttpStatusCode.Redirect ? $"{(int)answer.StatusCode}"
            : new Uri(portal.Host.Address, answer.Headers.Location!).AbsolutePath switch
            {
                "/sign-in" => "in",
                "/sign-in/denied" => "denied",
                "/sign-in/provider/failed" => "failed",
                var elsewhere => elsewhere,
            };
        return (status, text);
    }

    private string Fill(string path, string account) => path
        .Replace("{Period}", "{period}", StringComparison.Ordinal)
        .Replace("{period}", $"{portal.Opened:yyyy-MM-dd}", StringComparison.Ordinal)
        .Replace("{Number:int}", "1", StringComparison.Ordinal)
        .Replace("{version:int}", "1", StringComparison.Ordinal)
        .Replace("{account}", account, StringComparison.Ordinal)
        .Replace("{Id:long}", "1", StringComparison.Ordinal)
        .Replace("{Key}", account, StringComparison.Ordinal)
        .Replace("{Id}", $"{account}.c1", StringComparison.Ordinal)
        .Replace("{token}", new Uri(portal.Host.Services.GetRequiredService<UnsubscribeLinks>().To(account, AlertKind.ExtraStarted)).Segments[^1], StringComparison.Ordinal)
        .Replace("{documentName}", "v1", StringComparison.Ordinal)
        .Replace("{id}", path.Contains("charges", StringComparison.Ordinal) ? $"{account}.c1" : path.Contains("release", StringComparison.Ordinal) ? $"{account}-release" : $"{account}-settle", StringComparison.Ordinal);

    private (string MediaType, string Body)? Body(Row row, string account, string column) => (row.Method, row.Path) switch
    {
        ("GET", _) => null,
        (_, "/v1/events" or "/api/v1/events") => ("application/cloudevents+json",
            $$$"""{"specversion": "1.0", "type": "ai.usage", "source": "walk", "id": "{{{column}}}", "subject": "{{{account}}}", "data": {"model": "claude-sonnet-5-5", "surface": "headless", "output_tokens": 1000}}"""),
        (_, "/v1/authorizations") => ("application/json",
            $$$"""{"id": "walk-{{{column}}}", "account": "{{{account}}}", "model": "claude-sonnet-5-5", "surface": "headless", "max": {"output_tokens": 1000}}"""),
        (_, "/v1/authorizations/{id}/settle") => ("application/json", """{"usage": {"output_tokens": 1000}}"""),
        ("PUT", _) => ("application/json", $$"""{"owner_email": "{{(account == WalkOn.Mine ? portal.OwnerEmail : portal.OtherEmail)}}", "plan": "pro", "status": "open"}"""),
        (_, "/v1/authorizations/{id}/release") => null,
        // A form of a page, without the token that the page gives.
        _ => ("application/x-www-form-urlencoded", "_handler=anything"),
    };

    private static string PathOf(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.TrimStart('/');

    private sealed record Row(string Method, string Path, string[] Expected)
    {
        public static Row Read(string line)
        {
            var (route, callers) = (line.Split('|')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries), line.Split('|')[1]);
            var expected = callers.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Assert.True(expected.Length == _columns.Length, line);
            return new Row(route[0], route[1], expected);
        }
    }
}
