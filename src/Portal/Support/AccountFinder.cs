using System.Data.Common;
using System.Text.Json;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.SignIn;

namespace Portal.Support;

/// <summary>
/// Finds an account among a million: by its key, its owner's address, the id of a charge, of an authorization or of a request that was refused, each by an index; else by the beginning of an address or of
/// a key, by an index too; else by a part of an address, which reads addresses one after the other and gives up after <see cref="Patience"/>. Every search is in the audit by
/// the keys that it found, never by what was typed, which may be an address.
/// </summary>
public sealed class AccountFinder(IDbContextFactory<PortalDb> databases, StaffDuty duty, Clock clock)
{
    public const int Most = 20;
    public const int LongestQuery = 200;
    public const int ShortestPart = 3;

    /// <summary>How many owners are read whose address has a part in it; some of them are staff and have no account.</summary>
    private const int MostOwners = 100;

    /// <summary>How many looks of one person are read for the list of their last ones.</summary>
    private const int MostLooks = 500;

    /// <summary>What the audit calls a look at an account.</summary>
    private static readonly string[] Looks = ["LookAtAccount", "StartViewAs"];

    /// <summary>How long a search for a part of an address may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>What somebody of support asked for.</summary>
    /// <exception cref="NotAllowedException">They are not support, or no longer.</exception>
    public async Task<FoundAccounts> Find(string? typed, Acting acting, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(acting);
        var query = (typed ?? "").Trim();
        query = query.Length > LongestQuery ? query[..LongestQuery] : query;
        await using var db = await databases.CreateDbContextAsync(cancel);
        await DemandSupport(db, acting.Actor);
        if (query == "")
        {
            return new FoundAccounts("", await Recent(db, acting.Actor.UserId!, cancel), false);
        }
        var found = await Exactly(db, query, cancel) is { Count: > 0 } exact ? exact : await ByPart(db, query, cancel);
        List<FoundAccount> shown = [.. found.Take(Most)];
        await Record(db, shown, acting.Actor, cancel);
        return new FoundAccounts(query, shown, found.Count > Most);
    }

    /// <summary>The account of this key.</summary>
    public async Task<FoundAccount?> Account(string key, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return (await Of(db, db.Set<Account>().Where(a => a.Key == key), "account key", cancel)).SingleOrDefault();
    }

    private async Task DemandSupport(PortalDb db, Actor by)
    {
        if (by.UserId is not { } user || !await duty.CountingRoles(db).AnyAsync(role => role.User == user && role.Name == Roles.Support))
        {
            throw new NotAllowedException("Only support may find accounts.");
        }
    }

    /// <summary>The audit has every look already, by who looked; so it is also the list of the accounts that they looked at last.</summary>
    private static async Task<IReadOnlyList<FoundAccount>> Recent(PortalDb db, string staff, CancellationToken cancel)
    {
        var actor = SignInAudit.Subject(staff);
        var looks = await db.Set<AuditRecord>().AsNoTracking().Where(r => r.Actor == actor && Looks.Contains(r.Action))
            .OrderByDescending(r => r.Id).Take(MostLooks).Select(r => new { r.Subject, r.At }).ToListAsync(cancel);
        var last = looks.DistinctBy(l => l.Subject).Take(Most).ToList();
        var keys = last.Select(l => l.Subject).ToArray();
        var accounts = (await Of(db, db.Set<Account>().Where(a => keys.Contains(a.Key)), "", cancel)).ToDictionary(a => a.Key);
        return [.. last.Where(l => accounts.ContainsKey(l.Subject)).Select(l => accounts[l.Subject] with { LookedAt = l.At })];
    }

    /// <summary>What has exactly this key, id or address.</summary>
    private static async Task<List<FoundAccount>> Exactly(PortalDb db, string query, CancellationToken cancel)
    {
        var key = query.ToLowerInvariant();
        List<FoundAccount> found = [.. await Of(db, db.Set<Account>().Where(a => a.Key == key), "account key", cancel)];
        if (PublicIds.TryParseCharge(query, out var account, out var number)
            && (await db.Set<Charge>().AnyAsync(c => c.Account == account && c.Number == number, cancel) || await Openings.Archived(db, account, number, cancel) is not null))
        {
            found.AddRange(await Of(db, db.Set<Account>().Where(a => a.Key == account), "charge", cancel));
        }
        var authorized = db.Set<AuthorizationId>().Where(id => id.Id == query).Select(id => id.Account);
        found.AddRange(await Of(db, db.Set<Account>().Where(a => authorized.Contains(a.Key)), "authorization", cancel));
        var refused = db.Set<RefusalRecord>().Where(r => r.Authorization == query).Select(r => r.Account);
        found.AddRange(await Of(db, db.Set<Account>().Where(a => refused.Contains(a.Key)), "refused request", cancel));
        var address = query.ToUpperInvariant();
        var owners = db.Users.Where(u => u.NormalizedEmail == address).Select(u => u.Id);
        found.AddRange(await Of(db, db.Set<Account>().Where(a => owners.Contains(a.Owner)), "e-mail address", cancel));
        return [.. found.DistinctBy(a => a.Key)];
    }

    private static async Task<List<FoundAccount>> ByPart(PortalDb db, string query, CancellationToken cancel)
    {
        var found = new List<FoundAccount>();
        found.AddRange(await Of(db, Beginning(db, query).OrderBy(a => a.Key).Take(Most + 1), "beginning of the key", cancel));
        found.AddRange(await Of(db, OfOwners(db, BeginningOfAddress(db, query)).Take(Most + 1), "beginning of the e-mail address", cancel));
        if (found.Count == 0 && query.Length >= ShortestPart)
        {
            found.AddRange(await InTheMiddle(db, query, cancel));
        }
        return [.. found.DistinctBy(a => a.Key)];
    }

    /// <summary>Accounts whose key begins so.</summary>
    internal static IQueryable<Account> Beginning(PortalDb db, string query)
    {
        var beginning = query.ToLowerInvariant();
        if (db is PostgresPortalDb)
        {
            var pattern = Escaped(beginning) + "%";
            return db.Set<Account>().Where(a => EF.Functions.Like(a.Key, pattern));
        }
        var end = beginning + char.MaxValue;
        return db.Set<Account>().FromSql($"SELECT * FROM accounts WHERE key >= {beginning} AND key < {end}");
    }

    /// <summary>Users whose address begins so.</summary>
    internal static IQueryable<User> BeginningOfAddress(PortalDb db, string query)
    {
        var beginning = query.ToUpperInvariant();
        if (db is PostgresPortalDb)
        {
            var pattern = Escaped(beginning) + "%";
            return db.Users.Where(u => EF.Functions.Like(u.NormalizedEmail!, pattern));
        }
        var end = beginning + char.MaxValue;
        return db.Users.FromSql($"SELECT * FROM users WHERE normalized_email >= {beginning} AND normalized_email < {end}");
    }

    private static async Task<IReadOnlyList<FoundAccount>> InTheMiddle(PortalDb db, string query, CancellationToken cancel)
    {
        var pattern = $"%{Escaped(query.ToUpperInvariant())}%";
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            // Owners first and not many, so that a common part ends the reading early.
            var owners = db.Users.Where(u => EF.Functions.Like(u.NormalizedEmail!, pattern, @"\")).OrderBy(u => u.NormalizedEmail).Take(MostOwners);
            return await Of(db, OfOwners(db, owners).Take(Most + 1), "part of the e-mail address", patience.Token);
        }
        catch (Exception late) when (!cancel.IsCancellationRequested && patience.IsCancellationRequested && late is OperationCanceledException or DbException)
        {
            // Too many addresses to read: the page says how to ask for less.
            return [];
        }
    }

    private static IQueryable<Account> OfOwners(PortalDb db, IQueryable<User> owners) =>
        from owner in owners
        join account in db.Set<Account>() on owner.Id equals account.Owner
        orderby owner.NormalizedEmail, account.Key
        select account;

    private static async Task<IReadOnlyList<FoundAccount>> Of(PortalDb db, IQueryable<Account> accounts, string how, CancellationToken cancel) =>
        await (from account in accounts
               join owner in db.Users on account.Owner equals owner.Id into owners
               from owner in owners.DefaultIfEmpty()
               select new FoundAccount(account.Key, owner.Email, account.Plan, account.Status == AccountStatus.Open, how, null)).ToListAsync(cancel);

    private static string Escaped(string text) => text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal);

    private async Task Record(PortalDb db, IReadOnlyList<FoundAccount> found, Actor by, CancellationToken cancel)
    {
        db.Add(new AuditRecord
        {
            At = clock.Now,
            Actor = by.Id,
            Subject = by.Id,
            Action = "FindAccount",
            After = JsonSerializer.Serialize(new { found = found.Select(a => a.Key) }, Json),
            Outcome = "Looked",
            RequestId = by.RequestId,
        });
        await db.SaveChangesAsync(cancel);
    }
}
