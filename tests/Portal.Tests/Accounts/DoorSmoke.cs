using System.Diagnostics;
using Ledger;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Accounts;
using Portal.Data;
using Portal.Settings;
using Portal.Terms;

namespace Portal.Tests.Accounts;

public class DoorSmoke
{
    [Fact]
    public async Task Works()
    {
        var file = Path.Combine(Path.GetTempPath(), $"door-{Guid.NewGuid():N}.db");
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders();
        var pg = Environment.GetEnvironmentVariable("SMOKE_PG");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Portal"] = pg ?? $"Data Source={file}",
            ["Portal:Database:Provider"] = pg is null ? "sqlite" : "postgresql",
            ["Portal:Door:Lanes"] = Environment.GetEnvironmentVariable("SMOKE_LANES") ?? "1",
        });
        var settings = builder.AddSettings();
        builder.AddData(settings);
        builder.AddAccounts(settings);
        await using var app = builder.Build();
        await app.MigrateDatabase();
        await app.Services.GetRequiredService<TermsLoader>().Load(Path.Combine(AppContext.BaseDirectory, "Demo", "Terms"));
        foreach (var s in app.Services.GetServices<IHostedService>().Where(s => s is AccountDoor)) { await s.StartAsync(default); }
        var door = app.Services.GetRequiredService<AccountDoor>();
        await using (var scope = app.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<PortalDb>();
            if (!await db.Users.AnyAsync())
            {
                db.Users.Add(new Portal.SignIn.User { Id = "u1", UserName = "a@b.c", NormalizedUserName = "A@B.C" });
                db.UserRoles.Add(new IdentityUserRole<string> { RoleId = (await db.Roles.SingleAsync(r => r.Name == "Subscriber")).Id, UserId = "u1" });
                await db.SaveChangesAsync();
            }
        }
        var prefix = Guid.NewGuid().ToString("N")[..6];
        var n = 64;
        var put = await door.Submit(new PutAccount($"{prefix}-0", "u1", "max-20x", null, AccountStatus.Open, Actor.Portal));
        Assert.IsType<PutAnswer.Done>(put);
        await Task.WhenAll(Enumerable.Range(1, n - 1).Select(i => door.Submit(new PutAccount($"{prefix}-{i}", "u1", "max-20x", null, AccountStatus.Open, Actor.Portal))));
        var by = Actor.User("u1");
        await Task.WhenAll(Enumerable.Range(0, n).Select(async i =>
        {
            Assert.IsType<ClaimOutcome.Claimed>(await door.Submit(new ClaimCredit($"{prefix}-{i}", by)));
            Assert.IsType<ExtraUsageOutcome.Changed>(await door.Submit(new TurnOnExtraUsage($"{prefix}-{i}", Money.FromDollars(50), "ok", by)));
        }));
        for (var round = 0; round < 3; round++)
        {
            var watch = Stopwatch.StartNew();
            var per = 300;
            await Task.WhenAll(Enumerable.Range(0, n).Select(i => Task.Run(async () =>
            {
                for (var k = 0; k < per; k++)
                {
                    var id = $"{prefix}.{round}.{k:D6}.{i}";
                    var a = await door.Submit(new Authorize($"{prefix}-{i}", new AuthorizationRequest(id, "claude-sonnet-5-5", "headless", null, new Usage { InputTokens = 1000, OutputTokens = 500 }, 900), Actor.Portal));
                    Assert.IsType<AuthorizeAnswer.Granted>(a);
                    Assert.IsType<SettleAnswer.Settled>(await door.Submit(new Settle(id, new Usage { InputTokens = 1000, OutputTokens = 300 }, null, Actor.Portal)));
                }
            })));
            TestContext.Current.SendDiagnosticMessage($"pairs/s {n * per / watch.Elapsed.TotalSeconds:F0}");
            watch.Restart();
            await Task.WhenAll(Enumerable.Range(0, 8).Select(c => Task.Run(async () =>
            {
                for (var k = 0; k < 30; k++)
                {
                    await Task.WhenAll(Enumerable.Range(0, 100).Select(j => door.Submit(new RecordUsage($"{prefix}-{(k * 100 + j) % n}", "test", $"{prefix}{round}.{c}.{k:D5}.{j}", null, "claude-sonnet-5-5", "headless", null, new Usage { InputTokens = 100 }, null, Actor.Portal))));
                }
            })));
            TestContext.Current.SendDiagnosticMessage($"events/s {8 * 30 * 100 / watch.Elapsed.TotalSeconds:F0}");
        }
        var balance = await app.Services.GetRequiredService<Balances>().Now($"{prefix}-0");
        TestContext.Current.SendDiagnosticMessage(balance!.ToString());
        foreach (var s in app.Services.GetServices<IHostedService>().Where(s => s is AccountDoor)) { await s.StopAsync(default); }
    }
}
