using System.Collections.Concurrent;
using Ledger;
using Microsoft.EntityFrameworkCore;

namespace Portal.Tests.Api;

/// <summary>Two thousand calls made from the OpenAPI document, half of them broken where a schema forbids it: answered as the document says, and nothing is charged.</summary>
public abstract class GeneratedInputTests<TDatabase>(ApiOn<TDatabase> on) : ApiTests<TDatabase>(on)
    where TDatabase : TestDatabase, new()
{
    private const int Seed = 20261130;
    private const int Calls = 2_000;
    private const int AtOnce = 16;

    [Fact]
    public async Task Calls_generated_from_the_document_are_answered_as_it_says_and_change_no_money()
    {
        var document = (await Get("/openapi/v1.json", key: "")).IsOk().Json;
        var calls = new GeneratedCalls(document, await NewAccount(claimed: true, cap: 5), Key, Time.GetUtcNow());
        var before = await Money();
        var random = new Random(Seed);
        var wrong = new ConcurrentBag<string>();
        using var client = Portal.NewClient();
        await Parallel.ForEachAsync(Enumerable.Range(0, Calls).Select(_ => calls.Next(random)).ToList(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (call, _) =>
        {
            if (await GeneratedCalls.Send(client, call) is { } what)
            {
                wrong.Add(what);
            }
        });
        Assert.True(wrong.IsEmpty, $"{wrong.Count} wrong answers, such as:\n{string.Join("\n\n", wrong.Take(5))}");
        Assert.Equal(before, await Money());
    }

    private async Task<(int Entries, int Charges, int Holds)> Money()
    {
        await using var db = Database.Open();
        return (await db.Set<Entry>().CountAsync(), await db.Set<Charge>().CountAsync(), await db.Set<Authorization>().CountAsync());
    }
}

[Collection(nameof(ApiOnSqlite))]
public sealed class GeneratedInputOnSqlite(ApiOn<SqliteDatabase> on) : GeneratedInputTests<SqliteDatabase>(on);

[Collection(nameof(ApiOnPostgres))]
public sealed class GeneratedInputOnPostgres(ApiOn<PostgresDatabase> on) : GeneratedInputTests<PostgresDatabase>(on);
