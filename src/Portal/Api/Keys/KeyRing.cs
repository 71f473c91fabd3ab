using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;

namespace Portal.Api.Keys;

/// <summary>
/// The keys that were used lately, so that a request costs no query. A key is looked up again after <see cref="Memory"/>: that is how
/// long a revoked one may still work. Unknown ones are not kept; by their hashes, so that no secret lies in memory.
/// </summary>
public sealed class KeyRing(IDbContextFactory<PortalDb> databases, Clock clock)
{
    /// <summary>How long a key is believed without being looked up.</summary>
    public static TimeSpan Memory { get; } = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan UseIsNoted = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<Digest, Known> _known = new();

    /// <summary>The caller that has this secret; <c>null</c> if nobody has.</summary>
    public ValueTask<Caller?> Find(string secret)
    {
        if (secret.Length > KeyFormat.Longest)
        {
            return new((Caller?)null);
        }
        var digest = Digest.Of(secret);
        return _known.TryGetValue(digest, out var known) && clock.Now - known.LookedUpAt < Memory
            ? new(known.Caller)
            : new(LookUp(digest, known));
    }

    private async Task<Caller?> LookUp(Digest digest, Known? before)
    {
        var now = clock.Now;
        var hash = digest.ToString();
        await using var db = await databases.CreateDbContextAsync();
        var key = await db.Set<GatewayKey>().AsNoTracking().SingleOrDefaultAsync(k => k.Hash == hash && k.RevokedAt == null);
        if (key is null)
        {
            _known.TryRemove(digest, out _);
            return null;
        }
        if (key.LastUsedAt is not { } last || now - last > UseIsNoted)
        {
            await db.Set<GatewayKey>().Where(k => k.Prefix == key.Prefix).ExecuteUpdateAsync(set => set.SetProperty(k => k.LastUsedAt, now));
        }
        var rate = key.RatePerSecond is not { } perSecond ? null
            : before?.Caller.Rate is { } counting && counting.PerSecond == perSecond ? counting
            : new KeyRate(perSecond);
        var caller = new Caller(Actor.Key(key.Prefix), key.Scopes, account: null, rate);
        _known[digest] = new Known(caller, now);
        return caller;
    }

    private sealed record Known(Caller Caller, DateTimeOffset LookedUpAt);

    private readonly record struct Digest(UInt128 High, UInt128 Low)
    {
        public static Digest Of(string secret)
        {
            Span<byte> bytes = stackalloc byte[Encoding.UTF8.GetMaxByteCount(KeyFormat.Longest)];
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(secret, bytes)], hash);
            return MemoryMarshal.Read<Digest>(hash);
        }

        public override string ToString()
        {
            var copy = this;
            return Convert.ToHexStringLower(MemoryMarshal.AsBytes(new ReadOnlySpan<Digest>(ref copy)));
        }
    }
}
