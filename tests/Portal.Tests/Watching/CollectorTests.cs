using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OpenTelemetry.Trace;
using Portal.Api.Keys;
using Portal.Security;
using Portal.Settings;
using Portal.Watching;

namespace Portal.Tests.Watching;

/// <summary>What leaves Portal for whoever watches it: off until it is asked for, with the requests' ids, and without what only a request may know.</summary>
public sealed class CollectorTests
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";

    [Fact]
    public async Task Traces_figures_and_log_lines_arrive_with_request_ids_and_without_secrets()
    {
        await using var collector = await Collector.Start();
        await using var database = new SqliteDatabase();
        await database.Create();
        string key;
        await using (var portal = PortalHost.Start(database, new HostOptions
        {
            Settings = new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf", ["Logging:LogLevel:Default"] = "Information" },
        }))
        {
            key = (await portal.Services.GetRequiredService<GatewayKeys>().Create("test", KeyScopes.All)).Secret;
            using var client = portal.NewClient();
            await Send(client, HttpMethod.Post, "/v1/authorizations/none/release", "{}", ("Authorization", $"Bearer {key}"));
            await Send(client, HttpMethod.Post, "/v1/events", "{}", ("Authorization", "Bearer portal_secret-of-a-gateway"));
            await Send(client, HttpMethod.Get, "/sign-in/reset?user=1&token=secret-of-a-link", null);
            await Send(client, HttpMethod.Get, "/unsubscribe/secret-of-a-mail", null);
            await Send(client, HttpMethod.Post, "/sign-in", "Input.Password=secret-of-a-person", ("Origin", "https://evil.example"), ("Cookie", "portal=secret-of-a-session"));
        }

        // What waited was sent when Portal stopped.
        Assert.Contains("door.batch", collector.Got("/v1/traces"), StringComparison.Ordinal);
        Assert.Contains("/v1/authorizations/{id}/release", collector.Got("/v1/traces"), StringComparison.Ordinal);
        Assert.Contains("portal.command.duration", collector.Got("/v1/metrics"), StringComparison.Ordinal);
        Assert.Contains("http.server.request.duration", collector.Got("/v1/metrics"), StringComparison.Ordinal);
        Assert.Contains("it came from {Origin}", collector.Got("/v1/logs"), StringComparison.Ordinal);
        Assert.Contains(Encoding.Latin1.GetString(Convert.FromHexString(TraceId)), collector.Got("/v1/logs"), StringComparison.Ordinal);
        foreach (var secret in new[] { key, "secret-of-a-gateway", "secret-of-a-link", "secret-of-a-mail", "secret-of-a-person", "secret-of-a-session" })
        {
            Assert.DoesNotContain(secret, collector.Everything, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Nothing_is_sent_until_somebody_names_a_collector()
    {
        await using var database = new SqliteDatabase();
        await database.Create();
        await using var portal = PortalHost.Start(database);
        Assert.Null(portal.Services.GetService<TracerProvider>());
    }

    [Fact]
    public void A_collector_that_is_no_address_stops_the_start()
    {
        var builder = SettingsSetup.CreateBuilder([$"--contentRoot={Repository.Root}", "--OTEL_EXPORTER_OTLP_ENDPOINT=collector:4317"]);
        var wrong = Assert.Throws<WrongSettingException>(builder.AddWatching);
        Assert.Equal("OTEL_EXPORTER_OTLP_ENDPOINT is 'collector:4317'; it must be an address like 'http://localhost:4317', or empty.", wrong.Message);
    }

    [Fact]
    public void A_line_of_the_console_ends_its_head_with_the_id_of_the_request()
    {
        using var request = new System.Diagnostics.Activity("request").SetIdFormat(System.Diagnostics.ActivityIdFormat.W3C).Start();
        var text = new StringWriter();
        new PlainConsole().Write(new LogEntry<string>(LogLevel.Warning, "Portal.Test", 7, "It happened.", null, (state, _) => state), null, text);
        Assert.Equal($"warn: Portal.Test[7] {request.TraceId}\n      It happened.\n", text.ToString());
    }

    private static async Task Send(HttpClient client, HttpMethod method, string path, string? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Headers.TryAddWithoutValidation("traceparent", $"00-{TraceId}-b7ad6b7169203331-01");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, body == "{}" ? "application/json" : "application/x-www-form-urlencoded");
        }
        using var answer = await client.SendAsync(request);
        Assert.NotEqual(HttpStatusCode.InternalServerError, answer.StatusCode);
    }

    /// <summary>Takes whatever is sent over OTLP, as bytes: names and texts stand in them as they are.</summary>
    private sealed class Collector(WebApplication app) : IAsyncDisposable
    {
        private readonly ConcurrentQueue<(string Path, string Body)> _got = [];

        public string Address => app.Urls.Single();

        public string Everything => string.Concat(_got.Select(g => g.Body));

        public static async Task<Collector> Start()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var collector = new Collector(builder.Build());
            await collector.Take();
            return collector;
        }

        public string Got(string path) => string.Concat(_got.Where(g => g.Path == path).Select(g => g.Body));

        public ValueTask DisposeAsync() => app.DisposeAsync();

        private Task Take()
        {
            app.Run(async context =>
            {
                using var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body);
                _got.Enqueue((context.Request.Path, Encoding.Latin1.GetString(body.ToArray())));
                context.Response.StatusCode = 200;
            });
            return app.StartAsync();
        }
    }
}
