using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Portal.Api.Keys;

namespace Portal.Tests.Api;

/// <summary>Clients that mean harm by how they speak, not by what they say: each costs Portal little, and whoever speaks as one should is answered meanwhile.</summary>
public sealed class HostileConnectionTests(HostileConnectionTests.Impatient on) : IClassFixture<HostileConnectionTests.Impatient>
{
    private const int Idle = 1_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private Uri Address => on.Host.Address;

    [Theory]
    [InlineData("GET", "/v1/rates", 431, "X-Large: {0}\r\n", 40_000)]
    [InlineData("GET", "/v1/rates?{0}", 414, "", 9_000)]
    [InlineData("POST", "/v1/events", 413, "Content-Length: 99999999999\r\nContent-Type: application/cloudevents+json\r\nAuthorization: Bearer {1}\r\n", 0)]
    [InlineData("POST", "/v1/authorizations", 400, "Content-Length: -5\r\n", 0)]
    [InlineData("POST", "/v1/authorizations", 400, "Content-Length: 5\r\nContent-Length: 6\r\n", 0)]
    [InlineData("GET", "/v1/rates", 400, "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\nContent-Length: 5\r\n", 0)]
    [InlineData("GET", "/v1/rates", 400, "Bad Header: x\r\n", 0)]
    public async Task A_head_that_is_too_large_or_lies_is_refused_at_once(string method, string path, int status, string headers, int size)
    {
        using var client = await RawClient.Connect(Address);
        var filler = new string('a', size);
        await client.Say($"{method} {string.Format(null, path, filler)} HTTP/1.1\r\nHost: localhost\r\n{string.Format(null, headers, filler, on.Key)}\r\n");
        Assert.Equal(status, await client.Status(Patience));
    }

    [Fact]
    public async Task More_than_a_hundred_headers_are_refused()
    {
        using var client = await RawClient.Connect(Address);
        await client.Say($"GET /v1/rates HTTP/1.1\r\nHost: localhost\r\n{string.Concat(Enumerable.Range(0, 200).Select(i => $"X-{i}: 1\r\n"))}\r\n");
        Assert.Equal(431, await client.Status(Patience));
    }

    [Theory]
    [InlineData("/v1/authorizations", "application/json", 60_000)]
    [InlineData("/v1/events", "application/cloudevents-batch+json", 600_000)]
    public async Task A_body_of_brackets_is_refused_as_fast_as_any(string path, string mediaType, int depth)
    {
        using var client = on.Host.NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = new StringContent(new string('[', depth)) };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {on.Key}");
        request.Content.Headers.ContentType = new(mediaType);
        using var answer = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_body_without_an_end_is_refused_once_it_is_too_large()
    {
        using var client = await RawClient.Connect(Address);
        await client.Say($"POST /v1/authorizations HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {on.Key}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
        var chunk = $"1000\r\n{new string(' ', 0x1000)}\r\n";
        for (var sent = 0; sent < 32 && await client.Say(chunk); sent++)
        {
            // Twice as much as is taken.
        }
        Assert.Equal(413, await client.Status(Patience));
    }

    [Fact]
    public async Task A_head_that_never_ends_and_a_body_that_drips_are_hung_up_on()
    {
        using var head = await RawClient.Connect(Address);
        await head.Say("GET /v1/rates HTTP/1.1\r\nHost: localhost\r\n");
        using var body = await RawClient.Connect(Address);
        await body.Say($"POST /v1/authorizations HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {on.Key}\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n");
        using var stop = new CancellationTokenSource();
        var dripping = Drip(body, stop.Token);
        Assert.InRange(await head.Status(Patience), 0, 499);
        Assert.InRange(await body.Status(Patience), 0, 499);
        await stop.CancelAsync();
        await dripping;
    }

    [Fact]
    public async Task While_a_thousand_connections_hold_still_in_the_middle_of_their_heads_others_are_answered()
    {
        var idle = await Task.WhenAll(Enumerable.Range(0, Idle).Select(_ => RawClient.Connect(Address)));
        try
        {
            var held = await Task.WhenAll(idle.Select(client => client.Say("POST /v1/events HTTP/1.1\r\nHost: local")));
            Assert.All(held, Assert.True);
            using var caller = on.Host.NewClient();
            for (var call = 0; call < 20; call++)
            {
                using var answer = await caller.GetAsync(new Uri("/v1/rates", UriKind.Relative)).WaitAsync(Patience);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            }
        }
        finally
        {
            Array.ForEach(idle, client => client.Dispose());
        }
    }

    private static async Task Drip(RawClient body, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && await body.Say(" "))
        {
            await Task.Delay(100, CancellationToken.None);
        }
    }

    /// <summary>An application that waits less long for slow clients than it does otherwise, so that nobody has to wait for it in a test.</summary>
    public sealed class Impatient : PortalOn<SqliteDatabase>, IAsyncLifetime
    {
        public string Key { get; private set; } = "";

        protected override HostOptions Options => new()
        {
            Services = services => services.Configure<KestrelServerOptions>(kestrel =>
            {
                kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(2);
                kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(240, TimeSpan.FromSeconds(2));
            }),
        };

        public new async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            await Host.Services.GetRequiredService<Portal.Terms.TermsLoader>().Load(Path.Combine(AppContext.BaseDirectory, "Demo", "Terms"));
            Key = (await Host.Services.GetRequiredService<GatewayKeys>().Create("test", KeyScopes.All)).Secret;
        }
    }
}
