using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Api.Keys;

/// <summary>Makes and revokes gateway keys.</summary>
public sealed class GatewayKeys(IDbContextFactory<PortalDb> databases, Clock clock)
{
    /// <summary>A new key and its secret, which nobody can show again.</summary>
    public async Task<(GatewayKey Key, string Secret)> Create(string name, KeyScopes scopes, int? ratePerSecond = null, CancellationToken cancel = default)
    {
        var secret = KeyFormat.NewSecret();
        return (await CreateWithSecret(name, scopes, secret, ratePerSecond, cancel), secret);
    }

    /// <summary>A key whose secret somebody configured: 16 characters or more. There already: it stays as it is.</summary>
    public async Task<GatewayKey> CreateWithSecret(string name, KeyScopes scopes, string secret, int? ratePerSecond = null, CancellationToken cancel = default)
    {
        if (secret.Length is < 16 or > KeyFormat.Longest || KeyFormat.IsMistyped(secret) || KeyFormat.IsPersonal(secret))
        {
            throw new ArgumentException($"A key's secret has 16 to {KeyFormat.Longest} characters; one that begins with {KeyFormat.GatewayBeginning} ends with its checksum, and none begins with {KeyFormat.PersonalBeginning}.", nameof(secret));
        }
        if (ratePerSecond < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(ratePerSecond), "A rate is at least one request a second.");
        }
        var hash = KeyFormat.Hash(secret);
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.Set<GatewayKey>().SingleOrDefaultAsync(k => k.Hash == hash && k.RevokedAt == null, cancel) is { } known)
        {
            return known;
        }
        var key = new GatewayKey
        {
            Prefix = KeyFormat.PrefixOf(secret, hash),
            Hash = hash,
            Name = name,
            Scopes = scopes,
            RatePerSecond = ratePerSecond,
            CreatedAt = clock.Now,
        };
        db.Add(key);
        await db.SaveChangesAsync(cancel);
        return key;
    }
}
