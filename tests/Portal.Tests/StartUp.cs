using System.Net;

namespace Portal.Tests;

public sealed class StartUpOnSqlite(PortalOn<SqliteDatabase> portal) : StartUp<SqliteDatabase>(portal);

public sealed class StartUpOnPostgres(PortalOn<PostgresDatabase> portal) : StartUp<PostgresDatabase>(portal);

/// <summary>The application comes up and answers, in this process and in its own.</summary>
public abstract class StartUp<TDatabase>(PortalOn<TDatabase> portal) : PortalTests<TDatabase>(portal)
    where TDatabase : TestDatabase, new()
{
    private static readonly Uri Style = new("/app.css", UriKind.Relative);

    [Fact]
    public async Task It_serves_its_style()
    {
        using var client = Host.NewClient();
        var answer = await client.GetAsync(Style, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_second_process_serves_the_same_database()
    {
        await using var second = await PortalProcess.Start(Database);
        using var client = second.NewClient();
        var answer = await client.GetAsync(Style, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(0, await second.Stop());
    }

    [Fact]
    public async Task Stopping_writes_the_audits_head_to_the_log_so_that_a_cut_end_shows()
    {
        await using var portal = await PortalProcess.Start(Database);
        Assert.Equal(0, await portal.Stop());
        Assert.Matches("The audit chain's head is [0-9]+:[0-9a-f]{64}", portal.Output);
    }
}
