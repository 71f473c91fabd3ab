using System.Diagnostics;
using Ledger;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portal.Accounts;
using Portal.Settings;
using Portal.Testing;

namespace Portal.Bench;

/// <summary>The door alone, without HTTP: where its time goes is easier to see when nothing else runs.</summary>
public static class DoorSpeed
{
    private const int Callers = 64;
    private const string Model = "claude-sonnet-5-5";

    public static async Task OnSqlite(int requests, int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("portal-bench-").FullName;
        try
        {
            await using var app = await BenchDatabase.Open($"Data Source={Path.Combine(folder, "portal.db")}");
            await Rounds(app, requests, rounds);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static async Task OnPostgres(int requests, int rounds)
    {
        await using var cluster = await PostgresCluster.Start();
        await cluster.Execute("CREATE DATABASE portal");
        await using var app = await BenchDatabase.Open(cluster.ConnectionString("portal"), DatabaseSettings.Postgresql);
        await Rounds(app, requests, rounds);
    }

    private static async Task Rounds(WebApplication app, int requests, int rounds)
    {
        var door = app.Services.GetRequiredService<AccountDoor>();
        for (var round = 0; round <= rounds; round++)
        {
            var prefix = $"r{round}";
            var authorize = await Measure(Callers, requests, i => door.Submit(new Authorize(
                BenchDatabase.AccountOf(i), new AuthorizationRequest($"{prefix}.{i:D8}", Model, "headless", null, new Usage { InputTokens = 1_000, OutputTokens = 500 }, 900), BenchDatabase.By)));
            var settle = await Measure(Callers, requests, i => door.Submit(new Settle($"{prefix}.{i:D8}", new Usage { InputTokens = 1_000, OutputTokens = 300 }, null, BenchDatabase.By)));
            var events = await Measure(Callers * 16, requests * 4, i => door.Submit(new RecordUsage(
                BenchDatabase.AccountOf(i * 7), "bench", $"{prefix}.{i:D8}", null, Model, "headless", null, new Usage { InputTokens = 1_000, OutputTokens = 300 }, null, BenchDatabase.By)));
            Console.WriteLine($"{(round == 0 ? "Warming up" : $"Round {round}")}: authorize {authorize}; settle {settle}; events {events}.");
        }
        await door.StopAsync(default);
    }

    private static async Task<string> Measure<T>(int callers, int requests, Func<int, Task<T>> submit)
    {
        var next = -1;
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var allocated = GC.GetTotalAllocatedBytes();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < requests; i = Interlocked.Increment(ref next))
            {
                await submit(i);
            }
        })));
        var seconds = watch.Elapsed.TotalSeconds;
        var used = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalMicroseconds / requests;
        return $"{requests / seconds:N0}/s, {used:N0} us of processor and {(GC.GetTotalAllocatedBytes() - allocated) / requests:N0} bytes each";
    }
}
