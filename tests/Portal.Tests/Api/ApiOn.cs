using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Portal.Api.Keys;
using Portal.Terms;

namespace Portal.Tests.Api;

/// <summary>The application with the demo's terms, a key for everything, and a clock that stands still until a test moves it; shared by all tests of the API on one database.</summary>
public sealed class ApiOn<TDatabase> : PortalOn<TDatabase>, IAsyncLifetime
    where TDatabase : TestDatabase, new()
{
    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 10, 10, 0, 0, TimeSpan.Zero));

    public string Key { get; private set; } = "";

    /// <summary>The sweep sleeps: it would wake for every ten seconds of the month that a test skips, and what is due happens with an account's next operation anyway.</summary>
    protected override HostOptions Options => new() { Time = Time, Settings = new Dictionary<string, string> { ["Portal:Door:SweepSeconds"] = "2592000" } };

    public new async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        if (Database.Missing is null)
        {
            await Host.Services.GetRequiredService<TermsLoader>().Load(Path.Combine(AppContext.BaseDirectory, "Demo", "Terms"));
            Key = await NewKey(KeyScopes.All);
        }
    }

    public async Task<string> NewKey(KeyScopes scopes, int? rate = null) =>
        (await Host.Services.GetRequiredService<GatewayKeys>().Create("test", scopes, rate)).Secret;
}

[CollectionDefinition(nameof(ApiOnSqlite))]
public sealed class ApiOnSqlite : ICollectionFixture<ApiOn<SqliteDatabase>>;

[CollectionDefinition(nameof(ApiOnPostgres))]
public sealed class ApiOnPostgres : ICollectionFixture<ApiOn<PostgresDatabase>>;
