using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Instrumentation.AspNetCore;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Portal.Settings;

namespace Portal.Watching;

/// <summary>
/// Sends traces, figures and log lines to a collector, over OTLP. Off until the environment (or the configuration) names one as OpenTelemetry has
/// it: OTEL_EXPORTER_OTLP_ENDPOINT. Its other variables count too: OTEL_EXPORTER_OTLP_PROTOCOL and _HEADERS, OTEL_TRACES_SAMPLER, OTEL_SERVICE_NAME, ...
/// </summary>
public static class WatchingSetup
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>What runs for as long as a page is open, or only says that Portal lives, is no request to be traced.</summary>
    private static readonly string[] Untraced = ["/health", "/_blazor", "/_framework", "/_content"];

    public static void AddWatching(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.Configuration[Endpoint] is not { Length: > 0 } endpoint || builder.Configuration["OTEL_SDK_DISABLED"] is "true")
        {
            return;
        }
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            throw new WrongSettingException($"{Endpoint} is '{endpoint}'; it must be an address like 'http://localhost:4317', or empty.");
        }
        Send(builder);
    }

    /// <summary>A method of its own: until it is called none of OpenTelemetry is loaded.</summary>
    private static void Send(WebApplicationBuilder builder)
    {
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("portal", serviceVersion: typeof(WatchingSetup).Assembly.GetName().Version?.ToString()).AddEnvironmentVariableDetector())
            .WithTracing(traces => traces.AddAspNetCoreInstrumentation(Requests).AddSource(Instruments.Name, "Npgsql", "Microsoft.AspNetCore.Components"))
            .WithMetrics(figures => figures.AddMeter(
                Instruments.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Components", "Microsoft.AspNetCore.Components.Server.Circuits", "Npgsql", "System.Runtime"))
            .UseOtlpExporter();
    }

    private static void Requests(AspNetCoreTraceInstrumentationOptions options)
    {
        options.Filter = context => !Untraced.Any(path => context.Request.Path.StartsWithSegments(path, StringComparison.Ordinal));
        options.EnrichWithHttpResponse = (request, _) => HidePath(request);
    }

    /// <summary>Some links carry in their path what only their reader may know. The route says what was asked for; queries are left out by the instrumentation itself.</summary>
    private static void HidePath(Activity request)
    {
        if (request.GetTagItem("http.route") is string route)
        {
            request.SetTag("url.path", route);
        }
    }
}
