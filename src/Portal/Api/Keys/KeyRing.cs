using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.Settings;
using Portal.SignIn;

namespace Portal.Api.Keys;

/// <summary>
/// The keys that were used lately, so that a request costs no query. A key is looked up again after <see cref="Memory"/>: that is how
/// long a revoked one may still work. Unknown ones are not kept; by their hashes, so that no secret lies in memory.
/// </summary>
public sealed class KeyRing(IDbContextFactory<PortalDb> databases, Clock clock, PortalSettings settings)
{
    /// <summary>How long a key is believed without being looked up.</summary>
    public static TimeSpan Memory { get; } = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan UseIsNoted = TimeSpan.FromMinutes(5);

    /// <summary>So many may lie here; then those that would be looked up again anyway go.</summary>
    private const int Most = 20_000;

    private readonly ConcurrentDictionary<Digest, Known> _known = new();
    private readonly Lock _lock = new();
    private int _forgotten;

    /// <summary>The caller that has this secret; <c>null</c> if nobody has.</summary>
    public ValueTask<Caller?> Find(string secret)
    {
        if (secret.Length > KeyFormat.Longest)
        {
            return new((Caller?)null);
        }
        var digest = Digest.Of(secret);
        return _known.TryGetValue(digest, out var known) && clock.Now < known.Until ? new(known.Caller)
            // Nobody has one that is mistyped; the database need not be asked.
            : KeyFormat.IsMistyped(secret) ? new((Caller?)null)
            : new(LookUp(digest, KeyFormat.IsPersonal(secret), known));
    }

    /// <summary>Looks the personal tokens of an account up again: one was revoked, or their owner has gone.</summary>
    public void Forget(string account) => Forget(caller => caller.Account == account);

    /// <summary>Looks a gateway key up again: it was revoked, or may do other things now.</summary>
    public void ForgetKey(string prefix) => Forget(caller => caller.Account is null && caller.Actor.Id == Actor.Key(prefix).Id);

    private void Forget(Func<Caller, bool> which)
    {
        lock (_lock)
        {
            // Whoever is looking one up just now may have read it as it was before, and must not remember that.
            _forgotten++;
            foreach (var (digest, known) in _known)
            {
                if (which(known.Caller))
                {
                    _known.TryRemove(digest, out _);
                }
            }
        }
    }

    private async Task<Caller?> LookUp(Digest digest, bool isPersonal, Known? before)
    {
        var (now, forgotten) = (clock.Now, Volatile.Read(ref _forgotten));
        await using var db = await databases.CreateDbContextAsync();
        var found = isPersonal ? await Personal(db, digest.ToString(), before, now) : await Gateway(db, digest.ToString(), before, now);
        lock (_lock)
        {
            if (found is null)
            {
                _known.TryRemove(digest, out _);
            }
            else if (forgotten == _forgotten)
            {
                MakeRoom(now);
                _known[digest] = found;
            }
        }
        return found?.Caller;
    }

    private static async Task<Known?> Gateway(PortalDb db, string hash, Known? before, DateTimeOffset now)
    {
        var keys = db.Set<GatewayKey>().Where(k => k.Hash == hash && k.RevokedAt == null);
        if (await keys.AsNoTracking().SingleOrDefaultAsync() is not { } key)
        {
            return null;
        }
        if (MustNote(key.LastUsedAt, now))
        {
            await keys.ExecuteUpdateAsync(set => set.SetProperty(k => k.LastUsedAt, now));
        }
        var rate = key.RatePerSecond is { } perSecond ? Rate(before, perSecond, perSecond) : null;
        return new Known(new Caller(Actor.Key(key.Prefix), key.Scopes, account: null, rate), now + Memory);
    }

    /// <summary>A token counts while its maker has a sign-in as a subscriber and owns the account.</summary>
    private async Task<Known?> Personal(PortalDb db, string hash, Known? before, DateTimeOffset now)
    {
        var tokens = db.Set<PersonalToken>().Where(t => t.Hash == hash && t.RevokedAt == null && t.ExpiresAt > now);
        var token = await tokens
            .Where(t => db.Set<Ledger.Account>().Any(a => a.Key == t.Account && a.Owner == t.Owner))
            .Where(t => db.UserRoles.Any(has => has.UserId == t.Owner && db.Roles.Any(role => role.Id == has.RoleId && role.Name == Roles.Subscriber)))
            .AsNoTracking().SingleOrDefaultAsync();
        if (token is null)
        {
            return null;
        }
        if (MustNote(token.LastUsedAt, now))
        {
            await tokens.ExecuteUpdateAsync(set => set.SetProperty(t => t.LastUsedAt, now));
        }
        var rate = Rate(before, settings.Keys.TokenRequestsPerSecond, settings.Keys.TokenBurst);
        var until = now + Memory < token.ExpiresAt ? now + Memory : token.ExpiresAt;
        return new Known(new Caller(Actor.Key(token.Prefix), KeyScopes.None, token.Account, rate), until);
    }

    private static bool MustNote(DateTimeOffset? lastUse, DateTimeOffset now) => lastUse is not { } last || now - last > UseIsNoted;

    /// <summary>A key that is looked up again goes on counting where it was.</summary>
    private static KeyRate Rate(Known? before, int perSecond, int burst) =>
        before?.Caller.Rate is { } counting && counting.Is(perSecond, burst) ? counting : new KeyRate(perSecond, burst);

    private void MakeRoom(DateTimeOffset now)
    {
        if (_known.Count < Most)
        {
            return;
        }
        foreach (var (digest, known) in _known)
        {
            if (known.Until <= now)
            {
                _known.TryRemove(digest, out _);
            }
        }
    }

    private sealed record Known(Caller Caller, DateTimeOffset Until);

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
