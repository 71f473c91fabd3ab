using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Xunit;

namespace Portal.Testing;

/// <summary>
/// The application on a fresh database of the given kind, for one test class. A class that needs it otherwise
/// (another clock, other settings) derives from this and says how.
/// </summary>
public class PortalOn<TDatabase> : IAsyncLifetime
    where TDatabase : TestDatabase, new()
{
    private PortalHost? host;

    public TDatabase Database { get; } = new();

    public PortalHost Host => host ?? throw new InvalidOperationException(Database.Missing);

    protected virtual HostOptions Options => new();

    /// <summary>Whether the audit is whole after all tests of the class. Only a class that tampers with it says no.</summary>
    protected virtual bool KeepsItsAudit => true;

    public async ValueTask InitializeAsync()
    {
        if (Database.Missing is null)
        {
            await Database.Create();
            host = PortalHost.Start(Database, Options);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (host is not null)
        {
            await DemandWholeAudit(host);
            await host.DisposeAsync();
        }

        await Database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Whatever wrote audit records in any test, by whichever way, chained them.</summary>
    private async Task DemandWholeAudit(PortalHost portal)
    {
        if (KeepsItsAudit && await portal.Services.GetRequiredService<AuditVerification>().Run() is { Fault: not null } verdict)
        {
            throw new InvalidOperationException(verdict.Sentence);
        }
    }
}
