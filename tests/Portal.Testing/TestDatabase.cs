using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Data;
using Portal.Settings;

namespace Portal.Testing;

/// <summary>
/// A migrated database of one test class's own, copied from a template that is migrated once per assembly,
/// the way the application does it.
/// </summary>
public abstract class TestDatabase : IAsyncDisposable
{
    private readonly Lazy<WebApplication> application;

    protected TestDatabase() => application = new(() => Application(Provider, ConnectionString));

    /// <summary>As in Portal:Database:Provider.</summary>
    public abstract string Provider { get; }

    /// <summary>Why this database cannot be had on this machine; null: it can.</summary>
    public abstract string? Missing { get; }

    /// <summary>As in ConnectionStrings:Portal.</summary>
    public string ConnectionString { get; protected set; } = "";

    /// <summary>Makes the database.</summary>
    public abstract Task Create();

    /// <summary>A context on it, set up as the application sets it up.</summary>
    public PortalDb Open() => application.Value.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContext();

    public async ValueTask DisposeAsync()
    {
        if (application.IsValueCreated)
        {
            await application.Value.DisposeAsync();
        }

        if (ConnectionString != "")
        {
            await Drop();
        }

        GC.SuppressFinalize(this);
    }

    protected abstract Task Drop();

    /// <summary>Brings a database up to date, as an instance that starts does.</summary>
    public static async Task Migrate(string provider, string connectionString)
    {
        await using var application = Application(provider, connectionString);
        await application.MigrateDatabase();
    }

    private static WebApplication Application(string provider, string connectionString)
    {
        var builder = SettingsSetup.CreateBuilder([
            $"--contentRoot={Repository.Root}",
            "--environment=Development",
            $"--Portal:Database:Provider={provider}",
            $"--ConnectionStrings:Portal={connectionString}",
        ]);
        builder.Logging.ClearProviders();
        builder.AddData(builder.AddSettings());
        return builder.Build();
    }
}
