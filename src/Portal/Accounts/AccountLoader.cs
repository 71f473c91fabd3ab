using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.SignIn;
using Portal.SignIn.Sessions;
using Portal.SignIn.ViewAs;

namespace Portal.Accounts;

/// <summary>Loads what a batch decides about: the accounts first, locked in the order of their keys, then everything of theirs as it is under the lock.</summary>
internal static class AccountLoader
{
    public static async Task<Batch> Load(PortalDb db, AccountMemory memory, IEnumerable<Command> commands, PriceBook book, StaffDuty duty, DateTimeOffset now)
    {
        var needs = new Needs();
        foreach (var command in commands)
        {
            needs.Of(command);
        }
        var batch = new Batch(book, now) { Givers = needs.Givers };
        var ids = await AccountsOfAuthorizations(db, needs);
        await Events(db, needs, batch);
        var keys = needs.Accounts.ToArray();
        await Accounts(db, await Locked(db, keys, memory, batch), batch);
        await ReplayedMeanwhile(db, batch);
        await Due(db, batch, now);
        await ReferencedAuthorizations(db, ids, batch);
        await Charges(db, batch);
        await CorrectionLoader.Load(db, needs, batch);
        await DisputeLoader.Load(db, needs, batch);
        await Owners(db, needs, batch);
        await Users(db, needs, duty, batch, now);
        await Sessions(db, needs, duty, batch, now);
        return batch;
    }

    /// <summary>An account as it is, for looking: never written. The caller's transaction, or its <see cref="Moment"/>, makes its rows fit each other.</summary>
    public static async Task<Account?> Look(PortalDb db, string key, DateTimeOffset now)
    {
        var batch = new Batch(null!, now);
        await Accounts(db, [key], batch);
        await Due(db, batch, now);
        return batch.Accounts.GetValueOrDefault(key);
    }

    private static async Task<List<AuthorizationId>> AccountsOfAuthorizations(PortalDb db, Needs needs)
    {
        if (needs.Authorizations.Count == 0)
        {
            return [];
        }
        var ids = await db.Set<AuthorizationId>().AsNoTracking().Where(a => needs.Authorizations.Contains(a.Id)).ToListAsync();
        needs.Accounts.UnionWith(ids.Select(id => id.Account));
        return ids;
    }

    private static async Task Events(PortalDb db, Needs needs, Batch batch)
    {
        if (needs.Events.Count == 0)
        {
            return;
        }
        foreach (var known in await db.Set<UsageEventId>().AsNoTracking().Where(e => needs.Events.Contains(e.Key)).ToListAsync())
        {
            batch.Events.Add(known.Key, known);
            needs.Accounts.Add(known.Account);
        }
        if (batch.Events.Values.Where(e => e.Charge is null).Select(e => e.Key).ToList() is { Count: > 0 } parked)
        {
            foreach (var known in await db.Set<ParkedEvent>().AsNoTracking().Where(p => parked.Contains(p.Key)).ToListAsync())
            {
                batch.Parked.Add(known.Key, known);
            }
        }
    }

    /// <summary>A parked event may have been replayed before its account was locked; now nobody else can.</summary>
    private static async Task ReplayedMeanwhile(PortalDb db, Batch batch)
    {
        if (batch.Parked.Count == 0)
        {
            return;
        }
        var parked = batch.Parked.Keys.ToArray();
        foreach (var known in await db.Set<UsageEventId>().AsNoTracking().Where(e => parked.Contains(e.Key) && e.Charge != null).ToListAsync())
        {
            batch.Events[known.Key] = known;
        }
    }

    /// <summary>Locks the rows of accounts, in the order of their keys, and takes those that are remembered as they are; returns the keys of the others.</summary>
    private static async Task<string[]> Locked(PortalDb db, string[] keys, AccountMemory memory, Batch batch)
    {
        if (keys.Length == 0)
        {
            return keys;
        }
        // SQLite's write transaction holds the whole database already.
        var rows = db is PostgresPortalDb
            ? db.Database.SqlQuery<AccountVersion>($"SELECT key, version FROM accounts WHERE key = ANY({keys}) ORDER BY key COLLATE \"C\" FOR UPDATE")
            : db.Set<Account>().Where(a => keys.Contains(a.Key)).Select(a => new AccountVersion(a.Key, a.Version));
        var others = new List<string>();
        foreach (var row in await rows.ToListAsync())
        {
            if (memory.Take(row.Key, row.Version) is { } account)
            {
                batch.Accounts.Add(row.Key, account);
            }
            else
            {
                others.Add(row.Key);
            }
        }
        return [.. others];
    }

    private static async Task Accounts(PortalDb db, string[] keys, Batch batch)
    {
        if (keys.Length == 0)
        {
            return;
        }
        foreach (var account in await db.Set<Account>().AsNoTracking().Where(a => keys.Contains(a.Key)).ToListAsync())
        {
            batch.Accounts.Add(account.Key, account);
        }
        foreach (var grant in await db.Set<Grant>().AsNoTracking().Where(g => keys.Contains(g.Account) && g.Stage != GrantStage.Over).ToListAsync())
        {
            batch.Accounts[grant.Account].Grants.Add(grant);
        }
        foreach (var period in await db.Set<AccountPeriod>().AsNoTracking().Where(p => keys.Contains(p.Account) && (!p.HasEnded || p.OpenHolds > 0)).OrderBy(p => p.Index).ToListAsync())
        {
            batch.Accounts[period.Account].Periods.Add(period);
        }
    }

    /// <summary>Open authorizations whose time is up: they end with the account's next operation, which is this one.</summary>
    private static async Task Due(PortalDb db, Batch batch, DateTimeOffset now)
    {
        var holding = batch.Accounts.Values.Where(a => a.OpenHolds > 0).Select(a => a.Key).ToArray();
        if (holding.Length == 0)
        {
            return;
        }
        // For an account whose last operation was later than this clock says, that instant counts.
        var until = batch.Accounts.Values.Aggregate(now, (latest, account) => account.LastAt > latest ? account.LastAt : latest);
        foreach (var due in await db.Set<Authorization>().AsNoTracking()
            .Where(a => holding.Contains(a.Account) && a.Status == AuthorizationStatus.Held && a.ExpiresAt <= until).ToListAsync())
        {
            batch.Accounts[due.Account].Due.Add(due);
            batch.Authorizations.TryAdd(due.Id, due);
        }
    }

    private static async Task ReferencedAuthorizations(PortalDb db, List<AuthorizationId> ids, Batch batch)
    {
        // Those whose time is up are loaded already; each authorization is one object.
        var wanted = ids.Where(id => !batch.Authorizations.ContainsKey(id.Id)).Select(id => id.Id).ToArray();
        if (wanted.Length == 0)
        {
            return;
        }
        var found = db.Set<AuthorizationId>().Where(id => wanted.Contains(id.Id))
            .Join(db.Set<Authorization>(), id => new { id.Account, id.Id }, a => new { a.Account, a.Id }, (_, a) => a);
        foreach (var authorization in await found.AsNoTracking().ToListAsync())
        {
            batch.Authorizations.Add(authorization.Id, authorization);
        }
    }

    private static async Task Charges(PortalDb db, Batch batch)
    {
        var wanted = batch.Events.Values.Where(e => e.Charge is not null).Select(e => (e.Account, Number: e.Charge!.Value))
            .Concat(batch.Authorizations.Values.Where(a => a.Charge is not null).Select(a => (a.Account, Number: a.Charge!.Value)))
            .Distinct().ToList();
        foreach (var ofAccount in wanted.GroupBy(w => w.Account))
        {
            var numbers = ofAccount.Select(w => w.Number).ToArray();
            foreach (var charge in await db.Set<Charge>().AsNoTracking().Where(c => c.Account == ofAccount.Key && numbers.Contains(c.Number)).ToListAsync())
            {
                batch.Charges.Add((charge.Account, charge.Number), charge);
            }
        }
    }

    /// <summary>Whoever leaves locks their own row (see Leaving), so they either are gone before an account of theirs is made, or find it made.</summary>
    private static async Task Owners(PortalDb db, Needs needs, Batch batch)
    {
        var owners = needs.Owners.ToArray();
        if (owners.Length > 0)
        {
            batch.Owners.UnionWith(db is PostgresPortalDb
                ? await db.Database.SqlQuery<string>($"SELECT id AS \"Value\" FROM users WHERE id = ANY({owners}) ORDER BY id FOR KEY SHARE").ToListAsync()
                : await db.Users.Where(u => owners.Contains(u.Id)).Select(u => u.Id).ToListAsync());
        }
    }

    private static async Task Users(PortalDb db, Needs needs, StaffDuty duty, Batch batch, DateTimeOffset now)
    {
        if (needs.Users.Count == 0)
        {
            return;
        }
        var roles = await duty.CountingRoles(db).Where(r => needs.Users.Contains(r.User) && (r.LockedUntil == null || r.LockedUntil <= now)).ToListAsync();
        foreach (var user in roles.GroupBy(r => r.User))
        {
            batch.Roles.Add(user.Key, [.. user.Select(r => r.Name)]);
        }
    }

    private static async Task Sessions(PortalDb db, Needs needs, StaffDuty duty, Batch batch, DateTimeOffset now)
    {
        if (needs.Sessions.Count == 0)
        {
            return;
        }
        foreach (var session in await db.SessionsThatCount(now).AsNoTracking().Where(s => needs.Sessions.Contains(s.Id)).ToListAsync())
        {
            batch.Sessions.Add(session.Id, session);
        }
        batch.Viewing.UnionWith(await db.ViewsThatCount(duty, now).Where(v => needs.Sessions.Contains(v.Session)).Select(v => v.Session).ToListAsync());
    }

    private sealed record AccountVersion(string Key, long Version);
}
