using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.SignIn;
using Portal.SignIn.Sessions;
using Portal.SignIn.ViewAs;
using Portal.Terms;

namespace Portal.Accounts;

/// <summary>Loads what a batch decides about: the accounts first, locked in the order of their keys, then everything of theirs as it is under the lock.</summary>
internal sealed class AccountLoader(PortalDb db, BulkWriter bulk, PriceBooks prices, AccountMemory memory, StaffDuty duty, StaffLimits limits)
{
    public async Task<Batch> Load(IEnumerable<Command> commands, DateTimeOffset now)
    {
        var needs = new Needs();
        foreach (var command in commands)
        {
            needs.Of(command);
        }
        await AccountsThatAreNotNamed(needs);
        var (remembered, others) = Remembered(needs.Authorizations);
        var asked = bulk.Ask(db);
        var locked = Lock(asked, needs.Accounts);
        // Under the lock of an account nobody else brings an id of it any more.
        var book = prices.AskInForce(db, asked);
        var ids = Authorizations(asked, others);
        var events = Events(asked, needs.Events);
        await asked.Send();
        var batch = new Batch(await book(), now) { Givers = needs.Givers, Staff = new StaffBatch { Limits = limits } };
        await Accounts(db, Unknown(locked, batch), batch);
        foreach (var known in events.Where(known => IsHere(known.Account, needs.AccountsByEvent.Contains(known.Key))))
        {
            batch.Events.Add(known.Key, known);
        }
        await Parked(batch);
        await Quiet(await Due(db, batch, now), batch);
        await ReferencedAuthorizations([.. remembered.Concat(ids).Where(id => IsHere(id.Account, needs.AccountsByAuthorization.Contains(id.Id)))], batch);
        await Charges(batch);
        await CorrectionLoader.Load(db, needs, batch);
        await DisputeLoader.Load(db, needs, batch);
        await batch.Staff.Load(db, needs, now);
        await Owners(needs, batch);
        await Users(needs, batch, now);
        await Sessions(needs, batch, now);
        return batch;

        // An id of an account that nobody here asks for says that it is taken, and by what. One whose account came to be, or to be known, only after accounts were locked is not here yet.
        bool IsHere(string account, bool standsForIt) => batch.Accounts.ContainsKey(account) || !(standsForIt || needs.Accounts.Contains(account));
    }

    /// <summary>An account as it is, for looking: never written. The caller's transaction, or its <see cref="Moment"/>, makes its rows fit each other.</summary>
    public static async Task<Account?> Look(PortalDb db, string key, DateTimeOffset now)
    {
        var batch = new Batch(null!, now);
        await Accounts(db, [key], batch);
        await Due(db, batch, now);
        return batch.Accounts.GetValueOrDefault(key);
    }

    /// <summary>Before an account can be locked it must be known; most of those that an authorization stands for are remembered.</summary>
    private async Task AccountsThatAreNotNamed(Needs needs)
    {
        needs.Authorizations.UnionWith(needs.AccountsByAuthorization);
        needs.Events.UnionWith(needs.AccountsByEvent);
        var (remembered, others) = Remembered(needs.AccountsByAuthorization);
        needs.Accounts.UnionWith(remembered.Select(id => id.Account));
        if (others.Count + needs.AccountsByEvent.Count == 0)
        {
            return;
        }
        var asked = bulk.Ask(db);
        var (ids, events) = (Authorizations(asked, others), Events(asked, needs.AccountsByEvent));
        await asked.Send();
        needs.Accounts.UnionWith([.. ids.Select(id => id.Account), .. events.Select(known => known.Account)]);
    }

    /// <summary>Whose those authorizations are that are remembered, and the others.</summary>
    private (List<AuthorizationId> Known, List<string> Others) Remembered(HashSet<string> wanted)
    {
        var (known, others) = (new List<AuthorizationId>(wanted.Count), new List<string>());
        foreach (var id in wanted)
        {
            if (memory.Knows(id, out var account))
            {
                known.Add(new AuthorizationId { Id = id, Account = account });
            }
            else
            {
                others.Add(id);
            }
        }
        return (known, others);
    }

    /// <summary>Whose each authorization is.</summary>
    private static IReadOnlyList<AuthorizationId> Authorizations(BulkReads asked, IReadOnlyCollection<string> wanted) =>
        asked.Find("SELECT id, account FROM authorization_ids WHERE id", wanted, row => new AuthorizationId { Id = row.Text(0), Account = row.Text(1) });

    /// <summary>The events that were told before.</summary>
    private static IReadOnlyList<UsageEventId> Events(BulkReads asked, IReadOnlyCollection<string> wanted) =>
        asked.Find("SELECT key, account, charge FROM event_ids WHERE key", wanted, row => new UsageEventId { Key = row.Text(0), Account = row.Text(1), Charge = row.Number(2) });

    /// <summary>Locks the rows of accounts, in the order of their keys.</summary>
    private IReadOnlyList<(string Key, long Version)> Lock(BulkReads asked, IReadOnlyCollection<string> keys) =>
        // SQLite's write transaction holds the whole database already.
        asked.Find("SELECT key, version FROM accounts WHERE key", keys, row => (row.Text(0), row.Number(1)!.Value), db is PostgresPortalDb ? "ORDER BY key COLLATE \"C\" FOR UPDATE" : "");

    private async Task Parked(Batch batch)
    {
        if (batch.Events.Values.Where(e => e.Charge is null).Select(e => e.Key).ToList() is { Count: > 0 } parked)
        {
            foreach (var known in await db.Set<ParkedEvent>().AsNoTracking().Where(p => parked.Contains(p.Key)).ToListAsync())
            {
                batch.Parked.Add(known.Key, known);
            }
        }
    }

    /// <summary>Takes those of the locked accounts that are remembered as they are; returns the keys of the others.</summary>
    private string[] Unknown(IReadOnlyList<(string Key, long Version)> locked, Batch batch)
    {
        var others = new List<string>();
        foreach (var (key, version) in locked)
        {
            if (memory.Take(key, version) is { } remembered)
            {
                batch.Accounts.Add(key, remembered.Account);
                batch.Remembered.Add(key, remembered);
            }
            else
            {
                others.Add(key);
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
    private static async Task<string[]> Due(PortalDb db, Batch batch, DateTimeOffset now)
    {
        // For an account whose last operation was later than this clock says, that instant counts.
        var until = batch.Accounts.Values.Aggregate(now, (latest, account) => account.LastAt > latest ? account.LastAt : latest);
        var holding = batch.Accounts.Values.Where(a => a.OpenHolds > 0 && !(batch.Remembered.GetValueOrDefault(a.Key)?.QuietUntil > until)).Select(a => a.Key).ToArray();
        if (holding.Length == 0)
        {
            return holding;
        }
        foreach (var row in await db.Set<Authorization>().AsNoTracking()
            .Where(a => holding.Contains(a.Account) && a.Status == AuthorizationStatus.Held && a.ExpiresAt <= until).ToListAsync())
        {
            // One that is also settled or released is the same object there.
            batch.Accounts[row.Account].Due.Add(row);
            batch.Authorizations.TryAdd(row.Id, row);
        }
        return holding;
    }

    /// <summary>
    /// Until when none of the open authorizations ends, of accounts that were looked through, so that the next batches need not look. One whose time is up counts too: a
    /// command that is refused does not end it, and then the next one must find it.
    /// </summary>
    private async Task Quiet(string[] holding, Batch batch)
    {
        var next = holding.Length == 0 ? [] : await db.Set<Authorization>().Where(a => holding.Contains(a.Account) && a.Status == AuthorizationStatus.Held)
            .GroupBy(a => a.Account).Select(g => new { Account = g.Key, At = g.Min(a => a.ExpiresAt) }).ToDictionaryAsync(g => g.Account, g => g.At);
        foreach (var key in holding)
        {
            batch.QuietUntil[key] = next.TryGetValue(key, out var at) ? at : DateTimeOffset.MaxValue;
        }
    }

    private async Task ReferencedAuthorizations(List<AuthorizationId> ids, Batch batch)
    {
        // Those whose time is up are loaded already; each authorization is one object.
        var wanted = new List<string>();
        foreach (var id in ids.Where(id => !batch.Authorizations.ContainsKey(id.Id)))
        {
            if (batch.Remembered.GetValueOrDefault(id.Account)?.Open.GetValueOrDefault(id.Id) is { } known)
            {
                // What was remembered may just be on its way to whoever asked before, who shall read it as it was then.
                batch.Authorizations.Add(id.Id, known.Copy());
            }
            else
            {
                wanted.Add(id.Id);
            }
        }
        if (wanted.Count == 0)
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

    private async Task Charges(Batch batch)
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
        batch.Archived.UnionWith(wanted.Where(w => !batch.Charges.ContainsKey(w)));
    }

    /// <summary>Whoever leaves locks their own row (see Leaving), so they either are gone before an account of theirs is made, or find it made.</summary>
    private async Task Owners(Needs needs, Batch batch)
    {
        var owners = needs.Owners.ToArray();
        if (owners.Length > 0)
        {
            batch.Owners.UnionWith(db is PostgresPortalDb
                ? await db.Database.SqlQuery<string>($"SELECT id AS \"Value\" FROM users WHERE id = ANY({owners}) ORDER BY id FOR KEY SHARE").ToListAsync()
                : await db.Users.Where(u => owners.Contains(u.Id)).Select(u => u.Id).ToListAsync());
        }
    }

    private async Task Users(Needs needs, Batch batch, DateTimeOffset now)
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

    private async Task Sessions(Needs needs, Batch batch, DateTimeOffset now)
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
}
