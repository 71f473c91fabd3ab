using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Portal.Api;

namespace Portal.Bench;

/// <summary>What HTTP and JSON alone cost: the same body is parsed into the same type, and an answer of the same kind of size goes back.</summary>
public static class ParseOnlyServer
{
    public const string Command = "parse-only";

    private const string Answer = """{"id":"bench","account":"bench-1","status":"settled","held_usd":"0.007","credit_usd":"0.007","extra_usd":"0","expires_at":"2026-11-23T10:00:00Z","charge":{"id":"bench-1.c1","account":"bench-1","pool":"programmatic","list_usd":"0.005","credit_usd":"0.005","extra_usd":"0","uncollected_usd":"0","promotion":null,"included":false,"rate_card_version":2,"late":false,"recorded_at":"2026-11-23T10:00:00Z"}}""";

    public static async Task Run(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.Urls.Add($"http://127.0.0.1:{port}");
        app.MapPost("/{**path}", (SettleBody body) => Results.Text(body is null ? "" : Answer, "application/json"));
        await app.RunAsync();
    }
}
