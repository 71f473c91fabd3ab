using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Api.Keys;

namespace Portal.Tests.Api;

public abstract class KeysTests<TDatabase>(ApiOn<TDatabase> on) : ApiTests<TDatabase>(on)
    where TDatabase : TestDatabase, new()
{
    private static readonly (string Method, string Path, KeyScopes Scope)[] Guarded =
    [
        ("POST", "/v1/events", KeyScopes.Usage), ("POST", "/api/v1/events", KeyScopes.Usage),
        ("POST", "/v1/authorizations", KeyScopes.Authorize), ("GET", "/v1/authorizations/x", KeyScopes.Authorize),
        ("POST", "/v1/authorizations/x/settle", KeyScopes.Authorize), ("POST", "/v1/authorizations/x/release", KeyScopes.Authorize),
        ("PUT", "/v1/accounts/x", KeyScopes.Accounts), ("GET", "/v1/accounts/x", KeyScopes.Accounts),
        ("GET", "/v1/accounts/x/balance", KeyScopes.Read), ("GET", "/v1/accounts/x/entries", KeyScopes.Read), ("GET", "/v1/charges/x.c1", KeyScopes.Read),
        ("GET", "/v1/accounts/x/statements", KeyScopes.Read), ("GET", "/v1/accounts/x/statements/2026-11-10", KeyScopes.Read),
    ];

    private static readonly string[] Personal = ["/v1/balance", "/v1/entries", "/v1/statements"];

    [Fact]
    public async Task Without_a_valid_key_nothing_is_told()
    {
        var wrong = new[] { "", "portal_gw_mistyped", await NewKey(KeyScopes.All) + "x", "some-other-secret-of-someone", new string('k', 5000) };
        foreach (var (method, path, _) in Guarded.Concat(Personal.Select(path => ("GET", path, KeyScopes.None))))
        {
            foreach (var key in wrong)
            {
                Assert.NotEmpty((await Send(new HttpMethod(method), path, method == "GET" ? null : "{}", key: key)).Is(401, "unauthorized").Headers.WwwAuthenticate);
            }
        }
    }

    [Fact]
    public async Task A_key_does_what_its_scopes_allow_and_nothing_else()
    {
        foreach (var scope in new[] { KeyScopes.Usage, KeyScopes.Authorize, KeyScopes.Accounts, KeyScopes.Read })
        {
            var key = await NewKey(scope);
            foreach (var (method, path, needs) in Guarded)
            {
                var answer = await Send(new HttpMethod(method), path, method == "GET" || path.EndsWith("release", StringComparison.Ordinal) ? null : "{}", key: key);
                if (needs == scope)
                {
                    Assert.InRange(answer.Code, 400, 404);
                    Assert.NotInRange(answer.Code, 401, 403);
                }
                else
                {
                    answer.Is(403, "forbidden");
                }
            }
        }
    }

    [Fact]
    public async Task What_is_for_personal_tokens_is_forbidden_for_gateway_keys()
    {
        foreach (var path in Personal)
        {
            (await Get(path)).Is(403, "forbidden");
        }
    }

    [Fact]
    public async Task A_key_over_its_rate_is_told_to_wait()
    {
        var key = await NewKey(KeyScopes.Read, rate: 3);
        for (var i = 0; i < 3; i++)
        {
            (await Get("/v1/accounts/nobody/balance", key)).Is(404, "not_found");
        }
        (await Get("/v1/accounts/nobody/balance", key)).Is(429, "too_many_requests");
        Time.Leap(TimeSpan.FromSeconds(1));
        (await Get("/v1/accounts/nobody/balance", key)).Is(404, "not_found");
    }

    [Fact]
    public async Task A_revoked_key_ends_within_seconds_and_only_its_hash_is_kept()
    {
        var keys = Portal.Services.GetRequiredService<GatewayKeys>();
        var (key, secret) = await keys.Create("short-lived", KeyScopes.Read);
        (await Get("/v1/accounts/nobody/balance", secret)).Is(404, "not_found");
        await using var db = Database.Open();
        DateTimeOffset? now = Time.GetUtcNow();
        await db.Set<GatewayKey>().Where(k => k.Prefix == key.Prefix).ExecuteUpdateAsync(set => set.SetProperty(k => k.RevokedAt, now));
        Time.Leap(KeyRing.Memory);
        (await Get("/v1/accounts/nobody/balance", secret)).Is(401, "unauthorized");

        var stored = await db.Set<GatewayKey>().SingleAsync(k => k.Prefix == key.Prefix);
        Assert.NotNull(stored.LastUsedAt);
        Assert.NotNull(stored.RevokedAt);
        Assert.DoesNotContain(secret[20..], stored.Hash + stored.Name + stored.Prefix, StringComparison.Ordinal);
        Assert.StartsWith(key.Prefix, secret, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configured_key_works_and_is_made_once()
    {
        var keys = Portal.Services.GetRequiredService<GatewayKeys>();
        var secret = $"configured-{Guid.NewGuid():n}";
        var first = await keys.CreateWithSecret("demo", KeyScopes.All, secret);
        Assert.Equal(first.Prefix, (await keys.CreateWithSecret("demo", KeyScopes.All, secret)).Prefix);
        Assert.DoesNotContain(secret[..12], first.Prefix, StringComparison.Ordinal);
        (await Get("/v1/accounts/nobody/balance", secret)).Is(404, "not_found");
        await Assert.ThrowsAsync<ArgumentException>(() => keys.CreateWithSecret("demo", KeyScopes.All, "too-short"));
        // It would be looked for among the personal tokens.
        await Assert.ThrowsAsync<ArgumentException>(() => keys.CreateWithSecret("demo", KeyScopes.All, KeyFormat.NewSecret(KeyFormat.PersonalBeginning)));
    }

    [Fact]
    public void A_mistyped_key_is_told_from_an_unknown_one()
    {
        foreach (var beginning in new[] { KeyFormat.GatewayBeginning, KeyFormat.PersonalBeginning })
        {
            var secret = KeyFormat.NewSecret(beginning);
            Assert.False(KeyFormat.IsMistyped(secret));
            for (var i = beginning.Length; i < secret.Length; i++)
            {
                Assert.True(KeyFormat.IsMistyped($"{secret[..i]}{(secret[i] == 'a' ? 'b' : 'a')}{secret[(i + 1)..]}"));
            }
        }
    }
}

[Collection(nameof(ApiOnSqlite))]
public sealed class KeysOnSqlite(ApiOn<SqliteDatabase> on) : KeysTests<SqliteDatabase>(on);

[Collection(nameof(ApiOnPostgres))]
public sealed class KeysOnPostgres(ApiOn<PostgresDatabase> on) : KeysTests<PostgresDatabase>(on);
