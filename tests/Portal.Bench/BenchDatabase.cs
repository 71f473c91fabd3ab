using System.Diagnostics;
using Ledger;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Accounts;
using Portal.Api.Keys;
using Portal.Data;
using Portal.Settings;
using Portal.SignIn;
using Portal.Terms;

namespace Portal.Bench;

/// <summary>A database with terms, a gateway key, accounts that can pay, and as many events as asked, all made through the door.</summary>
public static class BenchDatabase
{
    public const int Accounts = 1_000;

    public const string Key = "bench-key-of-this-machine-only";

    private const int AtOnce = 5_000;

    internal static readonly Actor By = Actor.Key("bench");

    public static string AccountOf(int i, int accounts = Accounts) => $"bench-{i % accounts}";

    /// <summary>The source of the events that a database is filled with. Every second one has a random id, so that new random ids meet others.</summary>
    public const string Source = "fill";

    public static async Task Fill(string connectionString, int events, string provider = DatabaseSettings.Sqlite, int accounts = Accounts)
    {
        await using var app = await Open(connectionString, provider, accounts);
        await Fill(app.Services.GetRequiredService<AccountDoor>(), events, accounts);
    }

    /// <summary>The application without its pages and its API: the database with terms, people and accounts, and the door at work.</summary>
    internal static async Task<WebApplication> Open(string connectionString, string provider = DatabaseSettings.Sqlite, int accounts = Accounts)
    {
        var builder = SettingsSetup.CreateBuilder([
            "--environment=Development", $"--Portal:Database:Provider={provider}", $"--ConnectionStrings:Portal={connectionString}", "--Portal:Door:QueueCapacityPerAccount=10000",
            "--Portal:Support:GoodwillWithoutApproval=1000000",
        ]);
        builder.Logging.ClearProviders();
        var settings = builder.AddSettings();
        builder.AddData(settings);
        builder.AddAccounts(settings);
        builder.Services.AddSingleton<GatewayKeys>();
        var app = builder.Build();
        await app.MigrateDatabase();
        await app.Services.GetRequiredService<TermsLoader>().Load(Path.Combine(AppContext.BaseDirectory, "Demo", "Terms"));
        await app.Services.GetRequiredService<GatewayKeys>().CreateWithSecret("bench", KeyScopes.All, Key);
        var door = app.Services.GetRequiredService<AccountDoor>();
        await ((IHostedService)door).StartAsync(default);
        await People(app.Services.GetRequiredService<IDbContextFactory<PortalDb>>());
        foreach (var some in Enumerable.Range(0, accounts).Select(i => AccountOf(i, accounts)).Chunk(AtOnce))
        {
            await door.SubmitAll<PutAnswer>([.. some.Select(account => new PutAccount(account, "bench", "max-20x", null, AccountStatus.Open, By))]);
            // What one person gives is added up for each of their gifts, so more accounts than these claim.
            if (accounts > Accounts)
            {
                await door.SubmitAll<ClaimOutcome>([.. some.Select(account => new ClaimCredit(account, Actor.User("bench")))]);
            }
            else
            {
                await door.SubmitAll<GoodwillOutcome>([.. some.Select(account => new GrantGoodwill(
                    account, Guid.CreateVersion7(), Money.FromDollars(1_000_000), DateTimeOffset.UtcNow.AddYears(1), "to be spent by a benchmark", "BENCH-1", Actor.User("support")))]);
            }
        }
        return app;
    }

    private static async Task Fill(AccountDoor door, int events, int accounts)
    {
        var watch = Stopwatch.StartNew();
        for (var done = 0; done < events; done += AtOnce)
        {
            await door.SubmitAll<EventAnswer>([.. Enumerable.Range(done, Math.Min(AtOnce, events - done)).Select(i => new RecordUsage(
                AccountOf(i, accounts), Source, i % 2 == 0 ? $"{i:D9}" : $"{Guid.NewGuid():N}", null, "claude-sonnet-5-5", "headless", null, new Usage { InputTokens = 1_000, OutputTokens = 300 }, null, By))]);
        }
        Console.WriteLine($"Filled with {events:N0} events through the door, {events / Math.Max(watch.Elapsed.TotalSeconds, 0.001):N0}/s.");
        await door.StopAsync(default);
    }

    /// <summary>The accounts' owner, and somebody who may give credit.</summary>
    internal static async Task People(IDbContextFactory<PortalDb> databases)
    {
        await using var db = await databases.CreateDbContextAsync();
        db.Users.Add(new User { Id = "bench", UserName = "bench", NormalizedUserName = "BENCH" });
        db.Users.Add(new User { Id = "support", UserName = "support", NormalizedUserName = "SUPPORT", TwoFactorEnabled = true });
        db.UserRoles.Add(new IdentityUserRole<string> { UserId = "bench", RoleId = Roles.Subscriber });
        db.UserRoles.Add(new IdentityUserRole<string> { UserId = "support", RoleId = Roles.Support });
        await db.SaveChangesAsync();
    }
}
