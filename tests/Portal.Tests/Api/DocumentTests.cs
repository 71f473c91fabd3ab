using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Portal.Tests.Api;

/// <summary>The OpenAPI document and the endpoints say the same.</summary>
[Collection(nameof(ApiOnSqlite))]
public sealed partial class DocumentTests(ApiOn<SqliteDatabase> on) : ApiTests<SqliteDatabase>(on)
{
    [Fact]
    public async Task Every_endpoint_is_documented_and_every_documented_one_exists()
    {
        var document = await Document();
        var documented = Operations(document).Select(o => $"{o.Method.ToUpperInvariant()} {o.Path}").Order().ToList();
        var mapped = Endpoints().Select(e => $"{Method(e)} {Path(e)}").Order().ToList();
        Assert.Equal(mapped, documented);
        Assert.Contains("POST /v1/events", documented);
    }

    [Fact]
    public async Task Keys_statuses_and_media_types_are_those_of_the_contract()
    {
        var document = await Document();
        Assert.StartsWith("3.1", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        foreach (var endpoint in Endpoints())
        {
            var operation = document.GetProperty("paths").GetProperty(Path(endpoint)).GetProperty(Method(endpoint).ToLowerInvariant());
            var statuses = operation.GetProperty("responses").EnumerateObject().Select(r => int.Parse(r.Name, System.Globalization.CultureInfo.InvariantCulture)).ToList();
            var needsKey = endpoint.Metadata.GetMetadata<IAuthorizeData>() is not null;
            Assert.Equal(needsKey, statuses.Contains(401) && statuses.Contains(403) && statuses.Contains(429));
            Assert.Equal(needsKey, operation.TryGetProperty("security", out _));
            Assert.Contains(200, statuses);
            Assert.NotEmpty(operation.GetProperty("summary").GetString()!);
            Assert.NotEmpty(operation.GetProperty("description").GetString()!);
            var hasBody = operation.TryGetProperty("requestBody", out _);
            Assert.Equal(hasBody, statuses.Contains(415) && statuses.Contains(413) && statuses.Contains(400));
            foreach (var response in operation.GetProperty("responses").EnumerateObject().Where(r => r.Name[0] is '4' or '5'))
            {
                Assert.True(response.Value.GetProperty("content").TryGetProperty("application/problem+json", out _));
            }
        }
        var events = document.GetProperty("paths").GetProperty("/v1/events").GetProperty("post").GetProperty("requestBody").GetProperty("content");
        Assert.Equal(["application/cloudevents+json", "application/cloudevents-batch+json", "application/json"], events.EnumerateObject().Select(c => c.Name));
    }

    [Fact]
    public async Task Every_reference_leads_somewhere_and_money_is_text()
    {
        var document = await Document();
        var schemas = document.GetProperty("components").GetProperty("schemas");
        Assert.All(Reference().Matches(document.GetRawText()).Select(m => m.Groups[1].Value).Distinct(), name => Assert.True(schemas.TryGetProperty(name, out _), name));
        Assert.Contains("string", schemas.GetProperty("ExplainedCharge").GetProperty("properties").GetProperty("list_usd").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_examples_are_what_the_endpoints_take()
    {
        var document = await Document();
        foreach (var (path, method, operation) in Operations(document))
        {
            if (!operation.TryGetProperty("requestBody", out var body))
            {
                continue;
            }
            foreach (var content in body.GetProperty("content").EnumerateObject())
            {
                var example = content.Value.GetProperty("example").GetRawText();
                (string, string)[] headers = path.EndsWith("/events", StringComparison.Ordinal) && content.Name == "application/json"
                    ? [("ce-specversion", "1.0"), ("ce-type", "ai.usage"), ("ce-source", "test"), ("ce-id", NewId()), ("ce-subject", "nobody")]
                    : [];
                var real = path.Replace("{account}", NewId("acc"), StringComparison.Ordinal).Replace("{id}", "nothing", StringComparison.Ordinal);
                var answer = await Send(new HttpMethod(method.ToUpperInvariant()), real, example, content.Name, headers: headers);
                Assert.True(answer.Code is 200 or 201 or 404 || (answer.Code == 422 && answer["reason"] == "unknown_account"), $"{method} {path} {content.Name}: {answer.Text}");
            }
        }
    }

    private async Task<JsonElement> Document() => (await Get("/openapi/v1.json", key: "")).IsOk().Json;

    private static IEnumerable<(string Path, string Method, JsonElement Operation)> Operations(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        where operation.Name is "get" or "put" or "post" or "delete" or "patch"
        select (path.Name, operation.Name, operation.Value);

    private IEnumerable<RouteEndpoint> Endpoints() => Portal.Services.GetRequiredService<IEnumerable<EndpointDataSource>>()
        .SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().DistinctBy(e => $"{Method(e)} {Path(e)}")
        .Where(e => Path(e).StartsWith("/v1/", StringComparison.Ordinal) || Path(e).StartsWith("/api/", StringComparison.Ordinal) || Path(e).StartsWith("/health/", StringComparison.Ordinal));

    private static string Method(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods[0] ?? "";

    private static string Path(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.TrimStart('/');

    [GeneratedRegex("\"#/components/schemas/([^\"]+)\"")]
    private static partial Regex Reference();
}
