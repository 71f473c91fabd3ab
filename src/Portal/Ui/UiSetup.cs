using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.ResponseCompression;
using MudBlazor;
using MudBlazor.Services;
using Portal.Settings;

namespace Portal.Ui;

/// <summary>Registers and maps the pages' frame: components, MudBlazor, the brand, the viewer's time zone.</summary>
public static class UiSetup
{
    /// <summary>Registers what pages need.</summary>
    public static WebApplicationBuilder AddUi(this WebApplicationBuilder builder, PortalSettings settings)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(settings);
        builder.Services.AddSingleton(new Brand(settings.Brand));
        builder.Services.AddMudServices();
        builder.Services.AddScoped<ViewerTime>();
        builder.Services.AddScoped<Dialogs>();
        // Pages alone: files are compressed when they are published, and answers of the API are short. Over TLS too: docs/security.md says why that is safe here.
        builder.Services.AddResponseCompression(options =>
        {
            (options.EnableForHttps, options.MimeTypes) = (true, ["text/html"]);
            options.Providers.Add<BrotliCompressionProvider>();
        });
        builder.Services.AddCascadingAuthenticationState();
        builder.Services.AddRazorComponents()
            .AddInteractiveServerComponents()
            .RegisterPersistentService<ViewerTime>(RenderMode.InteractiveServer);
        return builder;
    }

    /// <summary>Shows a page where an answer would have only a status. A program at the API gets its answer as it is.</summary>
    public static WebApplication UseErrorPages(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseResponseCompression();
        if (!app.Environment.IsDevelopment())
        {
            app.UseExceptionHandler("/error", createScopeForErrors: true);
        }

        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.Use((context, next) =>
        {
            var isApi = context.Request.Path.StartsWithSegments("/v1") || context.Request.Path.StartsWithSegments("/api");
            if (isApi && context.Features.Get<IStatusCodePagesFeature>() is { } pages)
            {
                pages.Enabled = false;
            }

            return next(context);
        });
        return app;
    }

    /// <summary>Maps pages and static files.</summary>
    public static WebApplication MapUi(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.Use(WriteNumbersAsTheViewer);
        app.Use(KeepVersionedFiles);
        app.MapStaticAssets();
        app.MapRazorComponents<App>()
            // Our own policy already says who may frame us, and compressed sockets cost 250 KiB each.
            .AddInteractiveServerRenderMode(options =>
            {
                options.ContentSecurityFrameAncestorsPolicy = null;
                options.DisableWebSocketCompression = true;
            });
        return app;
    }

    /// <summary>Builds the endpoints now, which else the first that asks for them does: pages are looked for, and the circuits' hub is compiled.</summary>
    public static void BuildEndpoints(this IEndpointRouteBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        foreach (var source in app.DataSources)
        {
            _ = source.Endpoints;
        }
    }

    // Before the circuit's own request too: what it draws flows from there.
    private static async Task WriteNumbersAsTheViewer(HttpContext context, RequestDelegate next)
    {
        ViewerNumbers.Now = ViewerNumbers.Read(context.Request.Cookies[ViewerNumbers.Cookie]);
        await next(context);
    }

    // A file of MudBlazor's is asked for with its version (App.razor), so what was fetched once stays true for ever.
    private static Task KeepVersionedFiles(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path.StartsWithSegments("/_content") && context.Request.Query.ContainsKey("v"))
        {
            context.Response.OnStarting(() =>
            {
                if (context.Response.StatusCode == StatusCodes.Status200OK)
                {
                    context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
                }
                return Task.CompletedTask;
            });
        }
        return next(context);
    }
}
