using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Api.Keys;
using Portal.Data;
using Portal.SignIn;

namespace Portal.Admin.Gateways;

/// <summary>
/// Administrators make, change and revoke the keys of gateways. A key is rotated by making its successor: both work until the old one is revoked, so
/// no gateway has to be changed on the second. What changes counts here at once, and on other instances within <see cref="KeyRing.Memory"/>.
/// </summary>
public sealed class GatewayDesk(StaffDesk desk, IDbContextFactory<PortalDb> databases, KeyRing ring, Clock clock)
{
    public const int LongestName = 64;

    /// <summary>How long a revoked key is still listed.</summary>
    private static readonly TimeSpan RevokedIsListed = TimeSpan.FromDays(90);

    public async Task<GatewayFigures> Read(CancellationToken cancel = default)
    {
        var now = clock.Now;
        var since = now - RevokedIsListed;
        await using var db = await databases.CreateDbContextAsync(cancel);
        var keys = await db.Set<GatewayKey>().AsNoTracking().Where(k => k.RevokedAt == null || k.RevokedAt > since).ToListAsync(cancel);
        return new GatewayFigures(now, [.. keys.OrderBy(k => k.RevokedAt is not null).ThenByDescending(k => k.CreatedAt)
            .Select(k => Line(k, keys.Find(other => other.Replaces == k.Prefix)?.Prefix))]);
    }

    /// <summary>A new key.</summary>
    /// <exception cref="NotAllowedException">The actor is no administrator.</exception>
    public async Task<MakeKeyOutcome> Make(string name, KeyScopes scopes, int? ratePerSecond, Actor by)
    {
        name = name.Trim();
        return name.Length is 0 or > LongestName || name.Any(char.IsControl) ? new MakeKeyOutcome.WrongName()
            : (scopes & KeyScopes.All) == KeyScopes.None ? new MakeKeyOutcome.NoScope()
            : ratePerSecond < 1 ? new MakeKeyOutcome.WrongRate()
            : await desk.Do<MakeKeyOutcome>(by, Roles.Admin, work => Task.FromResult<MakeKeyOutcome>(Add(work, name, scopes & KeyScopes.All, ratePerSecond, null)));
    }

    /// <summary>A successor with the same name, scopes and rate. The old key goes on until it is revoked.</summary>
    /// <exception cref="NotAllowedException">The actor is no administrator.</exception>
    public Task<MakeKeyOutcome> Rotate(string prefix, Actor by) => desk.Do<MakeKeyOutcome>(by, Roles.Admin, async work =>
    {
        var old = await Locked(work.Db, prefix);
        return old is null || await work.Db.Set<GatewayKey>().AnyAsync(k => k.Replaces == prefix && k.RevokedAt == null)
            ? new MakeKeyOutcome.NothingToReplace()
            : Add(work, old.Name, old.Scopes, old.RatePerSecond, prefix);
    });

    /// <summary>Lets a key do other things, from its next request on.</summary>
    /// <exception cref="NotAllowedException">The actor is no administrator.</exception>
    public async Task<KeyOutcome> SetScopes(string prefix, KeyScopes scopes, Actor by)
    {
        if ((scopes & KeyScopes.All) == KeyScopes.None)
        {
            return KeyOutcome.NoScope;
        }
        var outcome = await desk.Do(by, Roles.Admin, async work =>
        {
            if (await Locked(work.Db, prefix) is not { } key)
            {
                return KeyOutcome.HadEnded;
            }
            if (key.Scopes == scopes)
            {
                return KeyOutcome.Unchanged;
            }
            work.Audit("ChangeGatewayKey", Subject(prefix), nameof(KeyOutcome.Done), new { scopes = $"{key.Scopes}" }, new { scopes = $"{scopes}" });
            key.Scopes = scopes;
            return KeyOutcome.Done;
        });
        ring.ForgetKey(prefix);
        return outcome;
    }

    /// <summary>Ends a key for good.</summary>
    /// <exception cref="NotAllowedException">The actor is no administrator.</exception>
    public async Task<KeyOutcome> Revoke(string prefix, Actor by)
    {
        var outcome = await desk.Do(by, Roles.Admin, async work =>
        {
            if (await Locked(work.Db, prefix) is not { } key)
            {
                return KeyOutcome.HadEnded;
            }
            work.Audit("RevokeGatewayKey", Subject(prefix), nameof(KeyOutcome.Done), Said(key), null);
            key.RevokedAt = work.Now;
            return KeyOutcome.Done;
        });
        ring.ForgetKey(prefix);
        return outcome;
    }

    private static MakeKeyOutcome.Made Add(StaffWork work, string name, KeyScopes scopes, int? ratePerSecond, string? replaces)
    {
        var secret = KeyFormat.NewSecret();
        var hash = KeyFormat.Hash(secret);
        var key = new GatewayKey
        {
            Prefix = KeyFormat.PrefixOf(secret, hash),
            Hash = hash,
            Name = name,
            Scopes = scopes,
            RatePerSecond = ratePerSecond,
            Replaces = replaces,
            CreatedAt = work.Now,
        };
        work.Db.Add(key);
        work.Audit(replaces is null ? "MakeGatewayKey" : "RotateGatewayKey", Subject(key.Prefix), nameof(MakeKeyOutcome.Made), null, Said(key));
        return new MakeKeyOutcome.Made(Line(key, null), secret);
    }

    /// <summary>The key, if it works. Its row is locked, so that two rotations of one key do not both find it without a successor; SQLite's transaction is alone already.</summary>
    private static async Task<GatewayKey?> Locked(PortalDb db, string prefix)
    {
        if (db is PostgresPortalDb)
        {
            await db.Database.SqlQuery<string>($"SELECT prefix AS \"Value\" FROM gateway_keys WHERE prefix = {prefix} FOR UPDATE").ToListAsync();
        }
        return await db.Set<GatewayKey>().SingleOrDefaultAsync(k => k.Prefix == prefix && k.RevokedAt == null);
    }

    private static string Subject(string prefix) => Actor.Key(prefix).Id;

    /// <summary>Never its name: that may be anything, and a record is for ever.</summary>
    private static object Said(GatewayKey key) => new { scopes = $"{key.Scopes}", key.RatePerSecond, key.Replaces };

    private static KeyLine Line(GatewayKey key, string? replacedBy) =>
        new(key.Prefix, key.Name, key.Scopes, key.RatePerSecond, key.Replaces, replacedBy, key.CreatedAt, key.LastUsedAt, key.RevokedAt);
}
