using Portal.Settings;

namespace Portal.Testing;

/// <summary>A database on the assembly's own PostgreSQL server.</summary>
public sealed class PostgresDatabase : TestDatabase
{
    private const string TemplateName = "template_portal";

    private static readonly Lazy<Task> Template = new(MakeTemplate);
    private static readonly SemaphoreSlim OneAtATime = new(1);

    private readonly string name = $"portal_{Guid.NewGuid():n}";

    public override string Provider => DatabaseSettings.Postgresql;

    public override string? Missing => PostgresCluster.Missing;

    public override async Task Create()
    {
        await Template.Value;
        var cluster = await PostgresCluster.Shared();
        await OneAtATime.WaitAsync();
        try
        {
            await cluster.Execute($"CREATE DATABASE {name} TEMPLATE {TemplateName}");
        }
        finally
        {
            OneAtATime.Release();
        }

        // Small pools: many test classes share one server.
        ConnectionString = cluster.ConnectionString(name) + ";Maximum Pool Size=30";
    }

    protected override async Task Drop() =>
        await (await PostgresCluster.Shared()).Execute($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");

    private static async Task MakeTemplate()
    {
        var cluster = await PostgresCluster.Shared();
        await cluster.Execute($"CREATE DATABASE {TemplateName}");

        // Without a pool, for a database with an open connection is no template.
        await Migrate(DatabaseSettings.Postgresql, cluster.ConnectionString(TemplateName) + ";Pooling=false");
    }
}
