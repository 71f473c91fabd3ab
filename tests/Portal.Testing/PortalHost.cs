using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Portal.Testing;

/// <summary>The whole application in this process, on a real port, so that clients and browsers reach it alike.</summary>
public sealed class PortalHost : IAsyncDisposable
{
    private readonly Factory factory;

    private PortalHost(Factory factory)
    {
        this.factory = factory;
        Address = factory.ClientOptions.BaseAddress;
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>The application's own services.</summary>
    public IServiceProvider Services => factory.Services;

    /// <summary>Starts the application on a database that exists; further hosts on the same one are further instances.</summary>
    public static PortalHost Start(TestDatabase database, HostOptions? options = null)
    {
        var factory = new Factory(database, options ?? new HostOptions());
        factory.UseKestrel(0);
        factory.StartServer();
        return new PortalHost(factory);
    }

    /// <summary>A client without cookies of others, that follows no redirect.</summary>
    public HttpClient NewClient() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = Address };

    public ValueTask DisposeAsync() => factory.DisposeAsync();

    private sealed class Factory(TestDatabase database, HostOptions options) : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseContentRoot(Repository.Root);
            builder.UseEnvironment(options.Environment);

            if (options.Environment != "Development")
            {
                // A published copy has its scripts and styles beside it; this one has them where they were built, as in Development.
                builder.UseStaticWebAssets();
            }

            builder.UseSetting("Portal:Database:Provider", database.Provider);
            builder.UseSetting("ConnectionStrings:Portal", database.ConnectionString);
            builder.UseSetting("Portal:Demo:Fill", options.Demo ? "true" : "false");
            builder.UseSetting("Logging:LogLevel:Default", "Warning");
            foreach (var (name, value) in options.Settings)
            {
                builder.UseSetting(name, value);
            }

            builder.ConfigureTestServices(services =>
            {
                if (options.Time is { } time)
                {
                    services.AddSingleton(time);
                }

                options.Services?.Invoke(services);
            });
        }
    }
}
