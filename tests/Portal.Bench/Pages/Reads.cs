using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Portal.Bench.Pages;

/// <summary>Reads over HTTP, of the account with few events and of the one with many in turn.</summary>
public static class Reads
{
    /// <summary>The median times of a gateway's read of the balance.</summary>
    public static Task<(double Few, double Many)> Balance(RunningApp portal, int times) => InTurn(times, account => new HttpRequestMessage(HttpMethod.Get, $"/v1/accounts/{account}/balance")
    {
        Headers = { Authorization = new AuthenticationHeaderValue("Bearer", BenchDatabase.Key) },
    }, portal);

    /// <summary>The median times of a subscriber's page.</summary>
    public static Task<(double Few, double Many)> Page(RunningApp portal, string path, string fewState, string manyState, int times) => InTurn(times, account =>
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Cookie", Cookies(account == PagesDatabase.Few ? fewState : manyState));
        return request;
    }, portal);

    private static async Task<(double Few, double Many)> InTurn(int times, Func<string, HttpRequestMessage> ask, RunningApp portal)
    {
        var (few, many) = (new List<double>(times), new List<double>(times));
        for (var i = -5; i < times; i++)
        {
            var (a, b) = (await Time(portal, ask(PagesDatabase.Few)), await Time(portal, ask(PagesDatabase.Many)));
            if (i >= 0)
            {
                few.Add(a);
                many.Add(b);
            }
        }
        return (Median(few), Median(many));
    }

    private static async Task<double> Time(RunningApp portal, HttpRequestMessage request)
    {
        using (request)
        {
            var watch = Stopwatch.StartNew();
            using var answer = await portal.Client.SendAsync(request);
            answer.EnsureSuccessStatusCode();
            await answer.Content.ReadAsByteArrayAsync();
            return watch.Elapsed.TotalMilliseconds;
        }
    }

    public static double Median(IEnumerable<double> figures) => figures.Order().ToList() is var sorted ? sorted[sorted.Count / 2] : 0;

    private static string Cookies(string state)
    {
        using var read = JsonDocument.Parse(state);
        return string.Join("; ", read.RootElement.GetProperty("cookies").EnumerateArray().Select(c => $"{c.GetProperty("name").GetString()}={c.GetProperty("value").GetString()}"));
    }
}
