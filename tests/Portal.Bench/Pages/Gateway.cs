using System.Net.Http.Headers;
using System.Text;

namespace Portal.Bench.Pages;

/// <summary>A gateway that tells Portal of use, over HTTP, one event a call.</summary>
public static class Gateway
{
    private static int _told;

    /// <summary>Tells of an event that costs some cents, so that a balance in cents shows it.</summary>
    public static async Task Tell(RunningApp portal, string account)
    {
        var id = Interlocked.Increment(ref _told);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/events")
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", BenchDatabase.Key) },
            Content = new StringContent(
                $$$"""{"specversion":"1.0","type":"ai.usage","source":"pages","id":"{{{id}}}","subject":"{{{account}}}","data":{"model":"{{{PagesDatabase.Model}}}","surface":"headless","output_tokens":5000}}""",
                Encoding.UTF8, new MediaTypeHeaderValue("application/cloudevents+json")),
        };
        using var answer = await portal.Client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }
}
