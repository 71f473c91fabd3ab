using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ledger;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Portal.Accounts;

namespace Portal.Tests.Demo;

/// <summary>The calls of the README and of docs/api.md, as they stand there, against the demo.</summary>
public sealed partial class ReadmeCalls(ReadmeCalls.DemoWithKey portal) : IClassFixture<ReadmeCalls.DemoWithKey>
{
    private const string Key = "demo-key-0123456789";

    [Fact]
    public async Task They_move_the_figures_that_an_open_page_shows()
    {
        var calls = Calls(Repository.At("README.md"), "req-1-2").ToList();
        var before = await Used();
        var moved = new TaskCompletionSource();
        using var watching = portal.Host.Services.GetRequiredService<AccountFeed>().Subscribe("demo-max5x", () => moved.TrySetResult());

        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK], await Send(calls));
        Assert.Equal(Money.Parse("0.102"), await Used() - before);
        await moved.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        // A repeat with the same ids changes nothing.
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK], await Send(calls));
        Assert.Equal(Money.Parse("0.102"), await Used() - before);
    }

    [Fact]
    public async Task Those_of_the_page_about_the_api_are_answered_as_it_says()
    {
        var answers = await Send([.. Calls(Repository.At("docs", "api.md"), "req-3-4")]);
        Assert.Equal(
            [
                HttpStatusCode.Created, HttpStatusCode.OK, // asked, settled
                HttpStatusCode.Created, HttpStatusCode.OK, // asked, released
                HttpStatusCode.OK, // an event
                HttpStatusCode.Created, // an account
                HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, // its balance, entries, and entries as a file
            ],
            answers);
    }

    private async Task<List<HttpStatusCode>> Send(List<Func<HttpRequestMessage>> calls)
    {
        using var client = portal.Host.NewClient();
        var statuses = new List<HttpStatusCode>();
        foreach (var call in calls)
        {
            using var request = call();
            using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
            statuses.Add(answer.StatusCode);
        }
        return statuses;
    }

    private async Task<Money> Used()
    {
        using var client = portal.Host.NewClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        var balance = JsonNode.Parse(await client.GetStringAsync("/v1/accounts/demo-max5x/balance", TestContext.Current.CancellationToken))!;
        return Money.Parse(balance["credit"]!["used_usd"]!.GetValue<string>());
    }

    private static IEnumerable<Func<HttpRequestMessage>> Calls(string page, string id)
    {
        var text = File.ReadAllText(page);
        Assert.Contains($"KEY={Key}", text, StringComparison.Ordinal);
        foreach (Match call in Curl().Matches(text))
        {
            var body = call.Groups["body"].Success ? Filled(call.Groups["body"].Value, id) : null;
            var method = call.Groups["method"].Success ? new HttpMethod(call.Groups["method"].Value) : body is null ? HttpMethod.Get : HttpMethod.Post;
            yield return () =>
            {
                var request = new HttpRequestMessage(method, Filled(call.Groups["path"].Value, id));
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Key);
                request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(call.Groups["type"].Value));
                if (call.Groups["accept"].Success)
                {
                    request.Headers.Accept.ParseAdd(call.Groups["accept"].Value);
                }
                return request;
            };
        }
    }

    private static string Filled(string text, string id) => text.Replace("'$ID'", id, StringComparison.Ordinal).Replace("$ID", id, StringComparison.Ordinal);

    [GeneratedRegex("""curl -s(?: -X (?<method>\w+))? "\$PORTAL(?<path>[^"]+)" -H "Authorization: Bearer \$KEY"(?: -H "Accept: (?<accept>[^"]+)")?(?: -H "Content-Type: (?<type>[^"]+)" -d '(?<body>\{.*?\}\}?)')?\s*$""", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Curl();

    public sealed class DemoWithKey : PortalOn<SqliteDatabase>
    {
        protected override HostOptions Options => new()
        {
            Demo = true,
            Time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 20, 15, 0, TimeSpan.Zero)),
            Settings = new Dictionary<string, string> { ["Portal:Demo:GatewayKey"] = Key },
        };
    }
}
