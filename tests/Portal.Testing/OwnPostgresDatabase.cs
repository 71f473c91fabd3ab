using Portal.Settings;

namespace Portal.Testing;

/// <summary>A database on a server of its own, which a test may stop and break.</summary>
public sealed class OwnPostgresDatabase : TestDatabase
{
    private PostgresCluster? _cluster;

    public override string Provider => DatabaseSettings.Postgresql;

    public override string? Missing => PostgresCluster.Missing;

    /// <summary>The server.</summary>
    public PostgresCluster Cluster => _cluster ?? throw new InvalidOperationException("The server was not started.");

    public override async Task Create()
    {
        _cluster = await PostgresCluster.Start();
        await _cluster.Execute("CREATE DATABASE portal");
        ConnectionString = _cluster.ConnectionString("portal") + ";Maximum Pool Size=30";
        await Migrate(Provider, ConnectionString);
    }

    protected override async Task Drop() => await Cluster.DisposeAsync();
}
