using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Api.Keys;
using IHostedService = Microsoft.Extensions.Hosting.IHostedService;

namespace Portal.Tests.Api;

public abstract class ErrorsTests<TDatabase>(ApiOn<TDatabase> on) : ApiTests<TDatabase>(on)
    where TDatabase : TestDatabase, new()
{
    [Fact]
    public async Task Unknown_addresses_and_methods_are_problems_too()
    {
        (await Get("/v1/nothing")).Is(404, "not_found");
        (await Get("/v1")).Is(404, "not_found");
        (await Get("/api/v1/nothing", key: "")).Is(404, "not_found");
    }

    [Theory]
    [InlineData("/v1/events", "POST")]
    [InlineData("/api/v1/events", "POST")]
    [InlineData("/v1/authorizations", "POST")]
    [InlineData("/v1/authorizations/x", "GET")]
    [InlineData("/v1/authorizations/x/settle", "POST")]
    [InlineData("/v1/authorizations/x/release", "POST")]
    [InlineData("/v1/accounts/x", "GET, PUT")]
    [InlineData("/v1/accounts/x/balance", "GET")]
    [InlineData("/v1/accounts/x/entries", "GET")]
    [InlineData("/v1/charges/x", "GET")]
    [InlineData("/v1/balance", "GET")]
    [InlineData("/v1/entries", "GET")]
    [InlineData("/v1/rates", "GET")]
    public async Task An_address_says_which_methods_it_has_with_or_without_a_key(string path, string allowed)
    {
        foreach (var method in new[] { "GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND" }.Except(allowed.Split(", ")))
        {
            foreach (var key in new[] { null, "" })
            {
                var answer = await Send(new HttpMethod(method), path, null, key: key, headers: [("Origin", "https://elsewhere.example")]);
                Assert.True(answer.Code == 405 && answer.Allow == allowed, $"{method} {path}: {answer.Code} {answer.Allow}");
                // No page of another site may call the API with somebody's key.
                Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
                if (method != "HEAD")
                {
                    answer.Is(405, "method_not_allowed");
                }
            }
        }
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/xml")]
    [InlineData("nonsense")]
    [InlineData(null)]
    public async Task Other_content_types_are_not_supported(string? mediaType)
    {
        foreach (var (method, path) in new[] { ("POST", "/v1/events"), ("POST", "/v1/authorizations"), ("POST", "/v1/authorizations/x/settle"), ("PUT", "/v1/accounts/x") })
        {
            (await Send(new HttpMethod(method), path, "{}", mediaType)).Is(415, "unsupported_media_type");
        }
    }

    [Fact]
    public async Task A_charset_of_UTF_8_is_fine() => (await Send(HttpMethod.Post, "/v1/authorizations", "{}", "application/json; charset=\"UTF-8\"")).Is(400, "invalid");

    [Fact]
    public async Task Bodies_over_64_KiB_are_too_large()
    {
        var padding = new string(' ', 64 * 1024);
        foreach (var (method, path) in new[] { ("POST", "/v1/authorizations"), ("POST", "/v1/authorizations/x/settle"), ("PUT", "/v1/accounts/x") })
        {
            (await Send(new HttpMethod(method), path, $"{{}}{padding}")).Is(413, "too_large");
        }
    }

    [Fact]
    public async Task Malformed_deep_and_ambiguous_JSON_is_invalid()
    {
        foreach (var body in new[]
        {
            "", "{", "[]", "null", "5", "\"text\"", "{\"id\": }", "{} {}", "{\"id\": \"a\", \"id\": \"b\"}", $"{{\"x\": {new string('[', 500)}{new string(']', 500)}}}", "{'id': 'a'}", "{\"id\": \"\\ud800\"}",
        })
        {
            (await Post("/v1/authorizations", body)).Is(400, "invalid");
            (await Post("/v1/authorizations/x/settle", body)).Is(400, "invalid");
            (await Put("/v1/accounts/x", body)).Is(400, "invalid");
        }
    }

    [Fact]
    public async Task A_busy_door_asks_to_come_again()
    {
        // The queue has room for one, and nobody works it off.
        await using var full = PortalHost.Start(Database, new HostOptions
        {
            Time = Time,
            Settings = new Dictionary<string, string> { ["Portal:Door:Lanes"] = "1", ["Portal:Door:QueueCapacity"] = "1" },
            Services = services => services.Remove(services.Single(s => s.ServiceType == typeof(IHostedService) && s.ImplementationFactory is Func<IServiceProvider, AccountDoor>)),
        });
        var waiting = full.Services.GetRequiredService<AccountDoor>().Submit(new Wake("nobody"));
        using var client = full.NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/authorizations/x/release", UriKind.Relative));
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {await NewKey(KeyScopes.Authorize)}");
        using var answer = await client.SendAsync(request);
        new ApiAnswer(answer.StatusCode, answer.Headers, answer.Content.Headers.ContentType?.MediaType, await answer.Content.ReadAsStringAsync()).Is(503, "busy");
        Assert.False(waiting.IsCompleted);
    }
}

[Collection(nameof(ApiOnSqlite))]
public sealed class ErrorsOnSqlite(ApiOn<SqliteDatabase> on) : ErrorsTests<SqliteDatabase>(on);

[Collection(nameof(ApiOnPostgres))]
public sealed class ErrorsOnPostgres(ApiOn<PostgresDatabase> on) : ErrorsTests<PostgresDatabase>(on);
