using Xunit;

namespace Portal.Testing;

/// <summary>
/// Tests of the whole application that hold on both databases. Written once as an abstract class,
/// with a sealed subclass of one line per database; what cannot be had on this machine is skipped with the reason.
/// </summary>
public abstract class PortalTests<TDatabase> : IClassFixture<PortalOn<TDatabase>>
    where TDatabase : TestDatabase, new()
{
    protected PortalTests(PortalOn<TDatabase> portal)
    {
        Tools.Require(portal.Database.Missing);
        Host = portal.Host;
        Database = portal.Database;
    }

    protected PortalHost Host { get; }

    protected TDatabase Database { get; }
}
