using System.Diagnostics;
using Ledger;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Accounts;
using Portal.Api;
using Portal.Api.Keys;
using Portal.Data;
using Portal.Keys;
using Portal.Mail;
using Portal.Security;
using Portal.Settings;
using Portal.SignIn;
using Portal.Terms;

namespace Portal.Bench.Pages;

/// <summary>
/// A database with two owners and their accounts: one has few events, one has many, spread evenly over the last weeks. All went through
/// the door while its clock was led along, so the ledger adds up as it does everywhere.
/// </summary>
public static class PagesDatabase
{
    public const string Few = "few";
    public const string Many = "many";
    public const string Model = "claude-sonnet-5-5";
    public const string Password = "bench password of this machine only";
    private const int Days = 80;
    private const int AtOnce = 5_000;

    public static string EmailOf(string account) => $"{account}@example.com";

    public static async Task Fill(string connectionString, int few, int many)
    {
        var time = new LedTime();
        await using var app = Build(connectionString, time);
        await app.MigrateDatabase();
        await app.Services.GetRequiredService<TermsLoader>().Load(Path.Combine(AppContext.BaseDirectory, "Demo", "Terms"));
        await app.Services.GetRequiredService<GatewayKeys>().CreateWithSecret("bench", KeyScopes.All, BenchDatabase.Key);
        var door = app.Services.GetRequiredService<AccountDoor>();
        await ((IHostedService)door).StartAsync(default);
        await BenchDatabase.People(app.Services.GetRequiredService<IDbContextFactory<PortalDb>>());
        var watch = Stopwatch.StartNew();
        await Account(app, door, time, Few, few);
        await Account(app, door, time, Many, many);
        Console.WriteLine($"Filled with {few:N0} and {many:N0} events through the door, {(few + many) / watch.Elapsed.TotalSeconds:N0}/s.");
        await door.StopAsync(default);
        await LetTheLedgerRest(app);
    }

    /// <summary>The ledger's check folds whole accounts, some seconds long, whenever it comes to it; here it waits until pages are measured.</summary>
    private static async Task LetTheLedgerRest(WebApplication app)
    {
        await using var db = await app.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        db.Add(new LedgerRound { StartedAt = TimeProvider.System.GetUtcNow(), NextAt = TimeProvider.System.GetUtcNow().AddDays(1) });
        await db.SaveChangesAsync();
    }

    private static WebApplication Build(string connectionString, TimeProvider time)
    {
        var builder = SettingsSetup.CreateBuilder([
            "--environment=Development", "--Portal:Database:Provider=sqlite", $"--ConnectionStrings:Portal={connectionString}", "--Portal:Door:QueueCapacityPerAccount=10000",
            "--Portal:Support:GoodwillWithoutApproval=1000000",
        ]);
        builder.Logging.ClearProviders();
        var settings = builder.AddSettings();
        builder.AddData(settings);
        builder.AddSecurity(settings);
        builder.AddMail();
        builder.AddSignIn(settings);
        builder.AddAccounts(settings);
        builder.AddApi();
        builder.AddPersonalTokens();
        builder.Services.AddSingleton(time);
        return builder.Build();
    }

    private static async Task Account(WebApplication app, AccountDoor door, LedTime time, string account, int events)
    {
        var end = TimeProvider.System.GetUtcNow();
        var start = end.AddDays(-Days);
        time.Now = start;
        var by = Actor.Key("bench");
        await door.Submit(new PutAccount(account, await Owner(app, EmailOf(account)), "max-20x", null, AccountStatus.Open, by));
        await door.Submit(new GrantGoodwill(account, Guid.CreateVersion7(), Money.FromDollars(1_000_000), end.AddYears(1), "to be spent by a benchmark", "BENCH-1", Actor.User("support")));
        var step = Math.Min(AtOnce, Math.Max(1, events / Days));
        for (var done = 0; done < events; done += step)
        {
            time.Now = start + (end - start) * ((double)done / events);
            await Task.WhenAll(Enumerable.Range(done, Math.Min(step, events - done)).Select(i => door.Submit(new RecordUsage(
                account, account, $"{i:D9}", null, Model, "headless", null, new Usage { InputTokens = 1_000, OutputTokens = 300 }, null, by))));
        }
    }

    private static async Task<string> Owner(WebApplication app, string email)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var user = new User { UserName = email, Email = email, EmailConfirmed = true };
        Check(await users.CreateAsync(user, Password));
        Check(await users.AddToRoleAsync(user, Roles.Subscriber));
        return user.Id;
    }

    private static void Check(IdentityResult result)
    {
        if (!result.Succeeded)
        {
            throw new InvalidOperationException(string.Join(' ', result.Errors.Select(e => e.Description)));
        }
    }

    private sealed class LedTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
