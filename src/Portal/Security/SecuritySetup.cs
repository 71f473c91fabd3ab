using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Logging.Console;
using Portal.Settings;

namespace Portal.Security;

/// <summary>What every answer carries and every request must have, before anything else looks at it.</summary>
public static class SecuritySetup
{
    public static void AddSecurity(this WebApplicationBuilder builder, PortalSettings settings)
    {
        builder.Logging.AddConsoleFormatter<PlainConsole, ConsoleFormatterOptions>();
        // Another one, such as json, is the operator's to name.
        builder.Services.PostConfigure<ConsoleLoggerOptions>(options => options.FormatterName ??= PlainConsole.FormatName);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddHsts(options => (options.MaxAge, options.IncludeSubDomains) = (TimeSpan.FromDays(365), true));
        builder.Services.Configure<ForwardedHeadersOptions>(options => Trust(options, settings.TrustedProxies));
    }

    public static void UseSecurity(this WebApplication app, PortalSettings settings)
    {
        if (settings.TrustedProxies.Length > 0)
        {
            app.UseForwardedHeaders();
        }

        if (!app.Environment.IsDevelopment())
        {
            app.UseHsts();
        }

        if (!app.Environment.IsDevelopment() && Tls.IsConfigured(app.Configuration))
        {
            // A probe asks from inside, and may do so without TLS. A program that was led to TLS would send its key in clear for ever: it is refused instead.
            app.UseWhen(context => !context.Request.Path.StartsWithSegments("/health") && !SameOrigin.IsApi(context.Request), branch => branch.UseHttpsRedirection());
        }

        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<SameOrigin>();
    }

    private static void Trust(ForwardedHeadersOptions options, string[] proxies)
    {
        options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            if (IPAddress.TryParse(proxy, out var address))
            {
                options.KnownProxies.Add(address);
            }
            else
            {
                options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
            }
        }
    }
}
