using System.Diagnostics;
using Ledger;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Accounts;
using Portal.Data;
using Portal.Settings;

namespace Portal.Tests.Data;

/// <summary>PgBouncer in front of PostgreSQL.</summary>
public sealed class PoolerTests : IAsyncLifetime
{
    private const string Sbin = "/usr/sbin/pgbouncer";
    private const string Watched = "\"$0\" \"$1\" < /dev/null 2> /dev/null & cat > /dev/null; kill $!";

    private static readonly string? Program = Tools.OnPath("pgbouncer") ?? (File.Exists(Sbin) ? Sbin : null);

    private readonly PostgresDatabase database = new();
    private readonly TemporaryFolder folder = new();
    private Process? process;

    public async ValueTask InitializeAsync()
    {
        Tools.Require(Program is null ? "PgBouncer is missing: install it from your distribution (Debian, Ubuntu: pgbouncer)." : database.Missing);
        await database.Create();
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            process.Dispose();
        }
        folder.Dispose();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task One_that_keeps_a_connection_for_a_session_is_well()
    {
        await using var app = await Behind("session");

        await app.MigrateDatabase();
        var door = app.Services.GetRequiredService<AccountDoor>();
        await door.StartAsync(default);
        var asked = new AuthorizationRequest("ask-1", "claude-sonnet-5-5", "headless", null, new Usage { OutputTokens = 1 }, 900);
        Assert.IsType<AuthorizeAnswer.UnknownAccount>(await door.Submit(new Authorize("nobody", asked, Actor.Portal)));
        await door.StopAsync(default);
    }

    [Fact]
    public async Task One_that_hands_a_connection_on_after_each_transaction_is_refused_with_what_to_do()
    {
        await using var app = await Behind("transaction");

        var refused = await Assert.ThrowsAsync<WrongSettingException>(() => app.MigrateDatabase());

        Assert.Contains("pool_mode = session", refused.Message, StringComparison.Ordinal);
    }

    private async Task<WebApplication> Behind(string mode)
    {
        var server = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        var port = Tools.FreePort();
        var file = folder.File("pgbouncer.ini");
        await File.WriteAllTextAsync(file, $"""
            [databases]
            * = host={server.Host} port={server.Port} user={server.Username}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = any
            pool_mode = {mode}
            ignore_startup_parameters = extra_float_digits
            {(Environment.IsPrivilegedProcess ? "user = postgres" : "")}
            """);
        process = Process.Start(new ProcessStartInfo("sh", ["-c", Watched, Program!, file]) { RedirectStandardInput = true, WorkingDirectory = Path.GetTempPath() })!;
        var through = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Port = port }.ToString();
        await Eventually.Holds(() => Answers(through));
        var builder = SettingsSetup.CreateBuilder(
            [$"--contentRoot={Repository.Root}", "--environment=Development", $"--Portal:Database:Provider={database.Provider}", $"--ConnectionStrings:Portal={through}"]);
        var settings = builder.AddSettings();
        builder.AddData(settings);
        builder.AddAccounts(settings);
        return builder.Build();
    }

    private static async Task<bool> Answers(string connection)
    {
        await using var asked = new NpgsqlConnection(connection + ";Pooling=false");
        try
        {
            await asked.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
