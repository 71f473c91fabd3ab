using System.Runtime.CompilerServices;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Accounts;

/// <summary>An account's key, and where its periods are counted from.</summary>
internal sealed record Anchored(string Key, DateTimeOffset Anchor);

/// <summary>The tables that tell the history of some accounts, each read on a connection of its own, and of each the row that comes next.</summary>
internal sealed class ReplaySources : IAsyncDisposable
{
    private static readonly TimeSpan LongestPeriod = TimeSpan.FromDays(31);

    private readonly IDbContextFactory<PortalDb> _databases;
    private readonly HashSet<string> _keys;
    private readonly (string First, string Last) _range;
    private readonly (DateTimeOffset From, DateTimeOffset Until) _time;
    private readonly CancellationToken _cancel;
    private readonly Source _changes;
    private readonly Source _grants;
    private readonly Source[] _sources;
    private HashSet<(string Account, long Charge)> _reversed = [];
    private long _firstCharge = 1;
    private DateTimeOffset _start;
    private int _firstPeriod;

    /// <summary>Nothing is read before <see cref="Open"/>. The accounts are all that there are between the first and the last, in the database's order.</summary>
    public ReplaySources(IDbContextFactory<PortalDb> databases, List<Anchored> accounts, DateTimeOffset from, DateTimeOffset until, CancellationToken cancel)
    {
        (_databases, _time, _cancel) = (databases, (from, until), cancel);
        (_keys, _range) = ([.. accounts.Select(a => a.Key)], (accounts[0].Key, accounts[^1].Key));
        _changes = Rows(Changes, c => new Row(c.Account, new ReplayStep.Changed(c)));
        _grants = Rows(Grants, g => new Row(g.Account, g.Kind == GrantKind.Monthly ? new ReplayStep.Claimed(g.GrantedAt) : new ReplayStep.Given(g.GrantedAt, g.Amount, g.ExpiresAt), g));
        _sources =
        [
            _changes, _grants,
            Rows(Holds, h => new Row(h.Charge.Account, new ReplayStep.Authorized(h.GivenAt, h.Charge))),
            Rows(Charges, c => new Row(c.Account, new ReplayStep.Charged(c))),
            Rows(Refusals, r => new Row(r.Account, new ReplayStep.Refused(r.At, r.Model, r.Surface, r.App, r.Max))),
        ];
    }

    /// <summary>Reads the first rows.</summary>
    public async Task Open()
    {
        await using (var db = await _databases.CreateDbContextAsync(_cancel))
        {
            _reversed = [.. (await Of<ReversedCharge>(db).Select(r => new { r.Account, r.Charge }).ToListAsync(_cancel)).Select(r => (r.Account, r.Charge))];
            if (_range.First == _range.Last)
            {
                // For one account its charges are found by their numbers; for many the table is read through anyway.
                _firstCharge = await EntrySearch.FirstChargeSince(db, _range.First, Earliest, _cancel);
            }
        }
        foreach (var source in _sources)
        {
            await source.Move();
        }
    }

    /// <summary>How the next account was when its replay begins.</summary>
    public async Task<ReplayStep.Began> Begin(Anchored account)
    {
        _start = _time.From > account.Anchor ? Period.Containing(account.Anchor, _time.From).Start : account.Anchor;
        _firstPeriod = Period.Containing(account.Anchor, _start).Index;
        var settings = await NextChange(account.Key) ?? throw new InvalidOperationException($"Account {account.Key} was never opened.");
        if (settings.At >= _start)
        {
            _start = settings.At;
            return new ReplayStep.Began(account.Key, account.Anchor, settings.At, settings.After, [], IsOpening: true);
        }
        while (_changes.Head is { Step: ReplayStep.Changed({ } next) } && next.Account == account.Key && next.At < _start)
        {
            settings = await NextChange(account.Key) ?? settings;
        }
        // A moment before the period, so that the account itself does what is due on the boundary.
        return new ReplayStep.Began(account.Key, account.Anchor, _start.AddMicroseconds(-1), settings.After, await Carried(account.Key), IsOpening: false);
    }

    /// <summary>The next step of the account that began last; <c>null</c> after its last.</summary>
    public async Task<ReplayStep?> Next(string account)
    {
        while (Array.FindAll(_sources, s => s.Head?.Account == account) is { Length: > 0 } having)
        {
            var first = having.MinBy(s => (s.Head!.Value.Step.At, s.Head.Value.Step.Rank))!;
            var step = first.Head!.Value.Step;
            await first.Move();
            if (Counts(step))
            {
                return step;
            }
        }
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var source in _sources)
        {
            await source.DisposeAsync();
        }
    }

    /// <summary>No replay begins before this instant: it begins with the period that contains <see cref="_time"/>'s first.</summary>
    private DateTimeOffset Earliest => _time.From - DateTimeOffset.MinValue > LongestPeriod ? _time.From - LongestPeriod : DateTimeOffset.MinValue;

    private bool Counts(ReplayStep step) => step.At >= _start && step.At <= _time.Until && step switch
    {
        ReplayStep.Authorized(_, var charge) => !_reversed.Contains((charge.Account, charge.Number)),
        // A charge of an earlier period settled what was held before the replay began.
        ReplayStep.Charged(var charge) => charge.Period >= _firstPeriod && !_reversed.Contains((charge.Account, charge.Number)),
        _ => true,
    };

    private async Task<AccountChange?> NextChange(string account)
    {
        if (_changes.Head is not { Step: ReplayStep.Changed(var change) } || change.Account != account)
        {
            return null;
        }
        await _changes.Move();
        return change;
    }

    /// <summary>Grants from before that live on, with what was left of them then. They are few: a month's own ends with its period.</summary>
    private async Task<List<CarriedGrant>> Carried(string account)
    {
        var carried = new List<CarriedGrant>();
        while (_grants.Head is { Grant: { } grant } && grant.Account == account && grant.GrantedAt < _start)
        {
            if (grant.Kind != GrantKind.Monthly && grant.ExpiresAt > _start && await LeftOf(grant) is { IsPositive: true } left)
            {
                carried.Add(new CarriedGrant(left, grant.UsableFrom, grant.GrantedAt, grant.ExpiresAt, grant.Period));
            }
            await _grants.Move();
        }
        return carried;
    }

    private async Task<Money> LeftOf(Grant grant)
    {
        await using var db = await _databases.CreateDbContextAsync(_cancel);
        var sums = await db.Set<Entry>().Where(e => e.Account == grant.Account && e.Grant == grant.Number && e.At < _start)
            .GroupBy(e => e.Kind).Select(g => new { Kind = g.Key, Nanos = g.Sum(e => e.Amount.Nanos) }).ToListAsync(_cancel);
        var since = new Money(sums.Sum(s => s.Kind is EntryKind.Grant or EntryKind.Adjustment or EntryKind.Reversal ? s.Nanos : -s.Nanos));
        var opened = (await Openings.Of(db, grant.Account, _cancel))?.State.Grants.FirstOrDefault(g => g.Number == grant.Number);
        return opened is null ? since : since + opened.Amount - opened.Used - opened.Expired;
    }

    private IQueryable<AccountChange> Changes(PortalDb db) => Of<AccountChange>(db).OrderBy(c => c.Account).ThenBy(c => c.Number);

    private IQueryable<Grant> Grants(PortalDb db) =>
        Of<Grant>(db).Where(g => g.GrantedAt >= Earliest || (g.Kind != GrantKind.Monthly && g.ExpiresAt > Earliest)).OrderBy(g => g.Account).ThenBy(g => g.Number);

    private IQueryable<Charge> ChargesInTime(PortalDb db) => Of<Charge>(db).Where(c => c.Number >= _firstCharge && c.RecordedAt >= Earliest);

    private IQueryable<Charge> Charges(PortalDb db) => ChargesInTime(db).OrderBy(c => c.Account).ThenBy(c => c.Number);

    /// <summary>What was held until it was settled, in the order in which it was given. What had expired before was charged like an event.</summary>
    private IQueryable<HeldCharge> Holds(PortalDb db) =>
        from charge in ChargesInTime(db)
        join hold in db.Set<Authorization>() on new { charge.Account, Id = charge.Authorization } equals new { hold.Account, Id = (string?)hold.Id }
        where hold.EndedAt < hold.ExpiresAt
        orderby charge.Account, hold.GivenAt, charge.Number
        select new HeldCharge(hold.GivenAt, charge);

    private IQueryable<RefusalRecord> Refusals(PortalDb db) => Of<RefusalRecord>(db).Where(r => r.At >= Earliest).OrderBy(r => r.Account).ThenBy(r => r.At);

    /// <summary>The rows of these accounts, by a range, so that they come in the order of the key.</summary>
    private IQueryable<T> Of<T>(PortalDb db) where T : class
    {
        var (first, last) = _range;
        var rows = db.Set<T>().AsNoTracking();
        return first == last
            ? rows.Where(r => EF.Property<string>(r, nameof(Charge.Account)) == first)
            : rows.Where(r => EF.Property<string>(r, nameof(Charge.Account)).CompareTo(first) >= 0 && EF.Property<string>(r, nameof(Charge.Account)).CompareTo(last) <= 0);
    }

    private Source Rows<T>(Func<PortalDb, IQueryable<T>> query, Func<T, Row> row) => new(Read(query, row, _cancel).GetAsyncEnumerator(_cancel), _keys);

    private async IAsyncEnumerable<Row> Read<T>(Func<PortalDb, IQueryable<T>> query, Func<T, Row> row, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var db = await _databases.CreateDbContextAsync(cancel);
        await foreach (var item in query(db).AsAsyncEnumerable().WithCancellation(cancel))
        {
            yield return row(item);
        }
    }

    private sealed record HeldCharge(DateTimeOffset GivenAt, Charge Charge);

    private readonly record struct Row(string Account, ReplayStep Step, Grant? Grant = null);

    /// <summary>One table: the row that comes next. An account that was opened after the accounts were listed is passed over.</summary>
    private sealed class Source(IAsyncEnumerator<Row> rows, HashSet<string> keys) : IAsyncDisposable
    {
        public Row? Head { get; private set; }

        public async ValueTask Move()
        {
            do
            {
                Head = await rows.MoveNextAsync() ? rows.Current : null;
            }
            while (Head is { } row && !keys.Contains(row.Account));
        }

        public ValueTask DisposeAsync() => rows.DisposeAsync();
    }
}
