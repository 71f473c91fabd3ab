using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Api.Keys;
using Portal.Bench.Proofs;
using Portal.Data;
using Portal.SignIn;
using Portal.Terms;
using Portal.Testing;

namespace Portal.Bench;

/// <summary>
/// Any number of calls generated from the OpenAPI document, to a process of Portal on each database, half of them while a thousand other connections stand still in the middle
/// of their heads: no answer of 500, none that the document does not list, and at last as many entries, charges and holds as before.
/// </summary>
internal static class InputRuns
{
    private const int AtOnce = 32;
    private const int Idle = 1_000;
    private const int MostWrong = 20;

    /// <summary>So many calls on each database: every answer is right, and nothing was charged.</summary>
    public static Task<Finding> Run(int calls, int seed) => Finding.OnEachDatabase(database => On(database, calls, seed));

    private static async Task<Finding> On(TestDatabase database, int calls, int seed)
    {
        var (account, key) = await Prepare(database);
        var before = await Money(database);
        await using var portal = await PortalProcess.Start(database);
        using var client = portal.NewClient();
        using var document = JsonDocument.Parse(await client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)));
        var generated = new GeneratedCalls(document.RootElement, account, key, DateTimeOffset.UtcNow);
        var (random, wrong, clock) = (new Random(seed), new ConcurrentQueue<string>(), Stopwatch.StartNew());
        await Send(calls / 2);
        var alone = clock.Elapsed;
        var idle = await HoldStill(portal);
        await Send(calls - (calls / 2));
        Array.ForEach(idle, connection => connection.Dispose());
        var after = await Money(database);
        Console.WriteLine($"{database.Provider}: {calls:N0} calls of seed {seed} in {clock.Elapsed:hh\\:mm\\:ss} ({calls / 2 / alone.TotalSeconds:N0}/s, "
            + $"{(calls - (calls / 2)) / (clock.Elapsed - alone).TotalSeconds:N0}/s beside {Idle:N0} connections that hold still), {wrong.Count} wrong answers; entries, charges and holds before {before}, after {after}");
        wrong.Take(MostWrong).ToList().ForEach(Console.WriteLine);
        return Finding.Of($"{calls:N0} calls", $"{database.Provider}: {wrong.Count} wrong answers, {after.Entries - before.Entries} entries more, {clock.Elapsed:hh\\:mm\\:ss}", wrong.IsEmpty && before == after);

        Task Send(int some) => Parallel.ForEachAsync(Enumerable.Range(0, some).Select(_ => generated.Next(random)), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (call, _) =>
        {
            if (await GeneratedCalls.Send(client, call) is { } what)
            {
                wrong.Enqueue(what);
            }
        });
    }

    private static async Task<RawClient[]> HoldStill(PortalProcess portal)
    {
        var idle = await Task.WhenAll(Enumerable.Range(0, Idle).Select(_ => RawClient.Connect(portal.Address)));
        await Task.WhenAll(idle.Select(connection => connection.Say("POST /v1/events HTTP/1.1\r\nHost: local")));
        return idle;
    }

    private static async Task<(string Account, string Key)> Prepare(TestDatabase database)
    {
        await using var host = PortalHost.Start(database);
        await host.Services.GetRequiredService<TermsLoader>().Load(Path.Combine(AppContext.BaseDirectory, "Demo", "Terms"));
        await using var scope = host.Services.CreateAsyncScope();
        var owner = await scope.ServiceProvider.GetRequiredService<Invitations>().FindOrCreate("owner@example.org", Roles.Subscriber);
        var door = host.Services.GetRequiredService<AccountDoor>();
        await door.Submit(new PutAccount("generated", owner.Id, "pro", null, AccountStatus.Open, Actor.Key("bench")));
        await door.Submit(new ClaimCredit("generated", Actor.User(owner.Id)));
        return ("generated", (await host.Services.GetRequiredService<GatewayKeys>().Create("bench", KeyScopes.All)).Secret);
    }

    private static async Task<(int Entries, int Charges, int Holds)> Money(TestDatabase database)
    {
        await using var db = database.Open();
        return (await db.Set<Entry>().CountAsync(), await db.Set<Charge>().CountAsync(), await db.Set<Authorization>().CountAsync());
    }
}
