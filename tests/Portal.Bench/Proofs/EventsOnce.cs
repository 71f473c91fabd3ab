using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Testing;

namespace Portal.Bench.Proofs;

/// <summary>Distinct events, each told one to five times, shuffled, by many clients to two processes on one database: each is charged once, and the sum is that of the events.</summary>
internal sealed class EventsOnce(TestDatabase database, int events)
{
    private const int Clients = 16;
    private const int Batch = 100;
    private const int Accounts = 50;

    /// <summary>What a thousand tokens of Sonnet's output cost is a cent.</summary>
    private const long NanosPerToken = 10_000;

    private readonly ConcurrentDictionary<string, int> _answers = new(StringComparer.Ordinal);

    public static Task<Finding> Run(int events) => Finding.OnEachDatabase(database => new EventsOnce(database, events).Show());

    private async Task<Finding> Show()
    {
        var traffic = new Traffic(Accounts);
        await using (var host = PortalHost.Start(database))
        {
            await traffic.Prepare(host.Services);
        }
        var clock = Stopwatch.StartNew();
        var told = 0;
        await using (var one = await PortalProcess.Start(database))
        await using (var other = await PortalProcess.Start(database))
        {
            using var first = traffic.Caller(one.NewClient());
            using var second = traffic.Caller(other.NewClient());
            told = await Tell([first, second]);
        }
        var wrong = await Wrong(told);
        wrong.Take(20).ToList().ForEach(Console.WriteLine);
        return Finding.Of($"{events:N0} events", $"{database.Provider}: told {told:N0} times, {_answers.GetValueOrDefault("recorded"):N0} recorded, {_answers.GetValueOrDefault("duplicate"):N0} duplicates, {wrong.Count} differ, {clock.Elapsed:mm\\:ss}", wrong.Count == 0);
    }

    private async Task<int> Tell(HttpClient[] callers)
    {
        var random = new Random(1);
        int[] told = [.. Enumerable.Range(0, events).SelectMany(i => Enumerable.Repeat(i, random.Next(1, 6)))];
        random.Shuffle(told);
        await Parallel.ForEachAsync(told.Chunk(Batch).Index(), new ParallelOptions { MaxDegreeOfParallelism = Clients }, async (batch, cancel) =>
        {
            var body = $"[{string.Join(',', batch.Item.Select(Event))}]";
            while (!await Sent(callers[batch.Index % callers.Length], body, cancel))
            {
                await Task.Delay(20, cancel);
            }
        });
        return told.Length;
    }

    private async Task<bool> Sent(HttpClient caller, string body, CancellationToken cancel)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/cloudevents-batch+json");
        using var answer = await caller.PostAsync(new Uri("/v1/events", UriKind.Relative), content, cancel);
        if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            return false;
        }
        answer.EnsureSuccessStatusCode();
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync(cancel));
        foreach (var result in json.RootElement.GetProperty("results").EnumerateArray())
        {
            _answers.AddOrUpdate(result.GetProperty("status").GetString()!, 1, (_, times) => times + 1);
        }
        return true;
    }

    private static int Tokens(int i) => 1 + (i % 90);

    private static string Event(int i) =>
        $$"""
        {"specversion": "1.0", "type": "ai.usage", "source": "once", "id": "{{i}}", "subject": "traffic-{{1 + (i % Accounts)}}",
         "data": {"model": "claude-sonnet-5-5", "surface": "headless", "output_tokens": {{Tokens(i)}} } }
        """;

    private async Task<List<string>> Wrong(int told)
    {
        await using var after = PortalHost.Start(database);
        await using var db = database.Open();
        var charges = await db.Set<Charge>().AsNoTracking().ToListAsync();
        var byEvent = charges.ToLookup(c => c.EventId);
        var wrong = Enumerable.Range(0, events).Where(i => byEvent[$"{i}"].Count() != 1 || byEvent[$"{i}"].Single().List.Nanos != Tokens(i) * NanosPerToken)
            .Select(i => $"Event {i} has {byEvent[$"{i}"].Count()} charges: {string.Join(", ", byEvent[$"{i}"].Select(c => c.List))}.").ToList();
        var (sum, expected) = (charges.Sum(c => c.List.Nanos), Enumerable.Range(0, events).Sum(i => Tokens(i) * NanosPerToken));
        if (charges.Count != events || sum != expected)
        {
            wrong.Add($"{charges.Count} charges of {sum} nano-dollars are stored for {events} events of {expected}.");
        }
        if (_answers.GetValueOrDefault("recorded") + _answers.GetValueOrDefault("duplicate") != told)
        {
            wrong.Add($"The answers were {string.Join(", ", _answers)}.");
        }
        wrong.AddRange(await after.Services.GetRequiredService<LedgerCheck>().Broken());
        return wrong;
    }
}
