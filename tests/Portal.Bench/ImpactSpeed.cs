using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Accounts;
using Portal.Admin.Prices;
using Portal.Data;
using Portal.Settings;
using Portal.SignIn;
using Portal.Terms;

namespace Portal.Bench;

/// <summary>How fast the impact of a draft is worked out: every event of every account decided again, under the terms in force and under the draft, and how much memory that takes.</summary>
public static class ImpactSpeed
{
    public static async Task Run(int events)
    {
        var folder = Directory.CreateTempSubdirectory("portal-bench-").FullName;
        try
        {
            await Measure($"Data Source={Path.Combine(folder, "portal.db")}", events);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task Measure(string connection, int events)
    {
        await BenchDatabase.Fill(connection, events);
        var builder = SettingsSetup.CreateBuilder(["--environment=Development", "--Portal:Database:Provider=sqlite", $"--ConnectionStrings:Portal={connection}"]);
        builder.Logging.ClearProviders();
        var settings = builder.AddSettings();
        builder.AddData(settings);
        builder.AddAccounts(settings);
        builder.Services.AddPrices();
        await using var app = builder.Build();
        var admin = await Admin(app.Services.GetRequiredService<IDbContextFactory<PortalDb>>());
        var (versions, impacts) = (app.Services.GetRequiredService<TermsVersions>(), app.Services.GetRequiredService<Impacts>());
        var number = ((TermsOutcome.Drafted)await versions.Draft(TermsKind.Rates, null, admin)).Number;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (most, ended) = (0L, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        impacts.Changed += () =>
        {
            most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: false));
            if (impacts.Of(TermsKind.Rates, number) is { Stage: not ImpactStage.Running })
            {
                ended.TrySetResult();
            }
        };
        if (await impacts.Start(TermsKind.Rates, number, 1, 30, admin) is not TermsOutcome.Started)
        {
            throw new InvalidOperationException("The impact was not started.");
        }
        await ended.Task;
        var impact = (await app.Services.GetRequiredService<PriceReader>().Version(TermsKind.Rates, number))?.Impact ?? throw new InvalidOperationException("The impact was not stored.");
        var seconds = Math.Max(impact.Milliseconds, 1) / 1_000.0;
        Console.WriteLine($"Impact over {events:N0} events of {impact.Accounts:N0} accounts: {seconds:F1} s, {events / seconds:N0} events/s, each decided twice ({2 * impact.Steps / seconds:N0} steps/s).");
        Console.WriteLine($"Memory: at most {(most - before) / 1024.0 / 1024.0:F0} MiB above the start.");
    }

    private static async Task<Actor> Admin(IDbContextFactory<PortalDb> databases)
    {
        await using var db = await databases.CreateDbContextAsync();
        db.Users.Add(new User { Id = "admin", UserName = "admin", NormalizedUserName = "ADMIN", TwoFactorEnabled = true });
        db.UserRoles.Add(new Microsoft.AspNetCore.Identity.IdentityUserRole<string> { UserId = "admin", RoleId = Roles.Admin });
        await db.SaveChangesAsync();
        return Actor.User("admin");
    }
}
