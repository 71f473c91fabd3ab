namespace Ledger.Tests;

/// <summary>
/// One account with all that it ever wrote, kept as a door keeps it: what is due is brought before a decision, and what was decided is saved after
/// it. After every saving, the ledger adds up (see <see cref="Fold"/>), and a statement that was final is as it was. Now and then all that was written
/// before is put into an <see cref="Opening"/>, from which it must add up just as well.
/// </summary>
internal sealed class World(PriceBook book, bool sweeps = false, bool savesOnlyWhenTimePasses = false)
{
    public const string Key = "test";
    public const string Owner = "user:owner";
    public const string Gateway = "key:gateway";

    private const int BetweenOpenings = 5;

    private readonly Dictionary<string, Authorization> _authorizations = [];
    private readonly Dictionary<int, Grant> _over = [];
    private readonly List<AccountPeriod> _final = [];
    private readonly Dictionary<int, string> _finalStatements = [];
    private readonly Dictionary<long, ReversedCharge> _reversed = [];
    private Fold _fold = new(Key);
    private int _saved;
    private bool _isSaved = true;

    public PriceBook Book { get; } = book;

    public Account Account { get; private set; } = null!;

    public List<Entry> Entries { get; } = [];

    public List<Charge> Charges { get; } = [];

    public Charge LastCharge => Account.Written.Charges.LastOrDefault() ?? Charges[^1];

    public List<AccountChange> Changes { get; } = [];

    public List<Alert> Alerts { get; } = [];

    /// <summary>Every grant that there was.</summary>
    public IEnumerable<Grant> Grants => _over.Values.Concat(Account.Grants);

    /// <summary>Every authorization that there was.</summary>
    public IEnumerable<Authorization> Authorizations => _authorizations.Values;

    /// <summary>Every request that was refused.</summary>
    public List<ReplayStep.Refused> Refusals { get; } = [];

    public DateTimeOffset Now { get; private set; }

    public IEnumerable<Authorization> Open => _authorizations.Values.Where(a => a.Status == AuthorizationStatus.Held);

    /// <summary>Every period that there was, the current one last.</summary>
    public IEnumerable<AccountPeriod> Periods => _final.Concat(Account.Periods);

    public IEnumerable<ReversedCharge> Reversed => _reversed.Values;

    public void Begin(string plan, DateTimeOffset anchor, DateTimeOffset now, AccountStatus status = AccountStatus.Open)
    {
        (Now, Account) = (now, Account.Open(Key, Owner, plan, anchor, Book, now, "key:provider", status));
        Save();
    }

    /// <summary>Lets time pass. A world that sweeps looks at the account at every instant at which something is due, and in between.</summary>
    public void PassTo(DateTimeOffset instant)
    {
        if (!_isSaved && instant != Now)
        {
            Save();
        }
        var between = Period.ToMicrosecond(Now + (instant - Now) / 3);
        while (sweeps && Account is not null && NextInstant(between, instant) is { } next)
        {
            Now = next;
            Bring();
            Account.AdvanceTo(Now, Book);
            Save();
        }
        Now = instant;
    }

    /// <summary>Runs a decision now, and saves.</summary>
    public T Decide<T>(Func<Account, T> decision)
    {
        Bring();
        var outcome = decision(Account);
        _isSaved = false;
        if (!savesOnlyWhenTimePasses)
        {
            Save();
        }
        return outcome;
    }

    public AuthorizeOutcome Authorize(AuthorizationRequest request)
    {
        var outcome = Decide(account => account.Authorize(request, Book, Now));
        if (outcome is AuthorizeOutcome.Granted(var authorization))
        {
            _authorizations.Add(request.Id, authorization);
        }
        else
        {
            Refusals.Add(new ReplayStep.Refused(Now, request.Model, request.Surface, request.App, request.Max));
        }
        return outcome;
    }

    /// <summary>Reverses a charge, with all that a correction has to see.</summary>
    public ReversalOutcome Reverse(long number, DateTimeOffset? goodwillUntil, string actor) => Decide(account =>
    {
        var charge = Charges.Concat(account.Written.Charges).Single(c => c.Number == number);
        var parts = Entries.Concat(account.Written.Entries).Where(e => e.Charge == number && e.Kind == EntryKind.Charge).ToList();
        account.Past.AddRange(_final.Where(p => p.Index >= charge.Period).Except(account.Past));
        var used = Periods.Single(p => p.Index == charge.Period).MovedToCredit.Select(m => m.Grant).Concat(parts.Select(p => p.Grant ?? 0)).Distinct();
        account.Grants.AddRange(used.Where(_over.ContainsKey).Select(g => _over[g]).Except(account.Grants));
        return account.Reverse(new ReversalRequest(charge, parts, _reversed.GetValueOrDefault(number), "mistake", goodwillUntil), Book, Now, actor);
    });

    public Authorization Authorization(string id) => _authorizations[id];

    /// <summary>Writes what was decided, and sees whether the ledger adds up.</summary>
    public void Save()
    {
        foreach (var entry in Account.Written.Entries)
        {
            _fold.Add(entry);
        }
        foreach (var charge in Account.Written.Charges)
        {
            _fold.Add(charge);
        }
        Entries.AddRange(Account.Written.Entries);
        Charges.AddRange(Account.Written.Charges);
        Changes.AddRange(Account.Written.Changes);
        Alerts.AddRange(Account.Written.Alerts);
        foreach (var grant in Account.Grants.Where(g => g.Stage == GrantStage.Over))
        {
            _over[grant.Number] = grant;
        }
        foreach (var reversed in Account.Written.Reversed)
        {
            _reversed.Add(reversed.Charge, reversed);
        }
        _final.AddRange(Account.Periods.Where(p => p.IsFinal));
        Account.Saved();
        _isSaved = true;
        if (++_saved % BetweenOpenings == 0)
        {
            _fold = new Fold(_fold.OpeningAt(DateTimeOffset.MaxValue));
        }
        AddsUp();
    }

    private void AddsUp()
    {
        var held = Open.ToList();
        // An authorization that was just granted is added to the open ones after its decision was saved.
        var broken = _fold.Broken(Account, held.Count == Account.OpenHolds ? held : null, _over.Values, _final).ToList();
        foreach (var period in _final)
        {
            var statement = Tables.Steps.Describe(Statement.Of(period));
            if (_finalStatements.TryAdd(period.Index, statement))
            {
                continue;
            }
            if (_finalStatements[period.Index] != statement)
            {
                broken.Add($"The statement of period {period.Index} was final: {_finalStatements[period.Index]}. Now it is: {statement}.");
            }
        }
        if (broken.Count > 0)
        {
            throw new InvalidOperationException(string.Join(Environment.NewLine, broken));
        }
    }

    private void Bring()
    {
        var instant = Now > Account.LastAt ? Now : Account.LastAt;
        Account.Due.Clear();
        Account.Due.AddRange(Open.Where(a => a.ExpiresAt <= instant).OrderByDescending(a => a.Id, StringComparer.Ordinal));
    }

    /// <summary>The next instant before another at which something is due, or one without meaning in between.</summary>
    private DateTimeOffset? NextInstant(DateTimeOffset between, DateTimeOffset before)
    {
        var due = Open.Select(a => a.ExpiresAt).Append(Account.NextDue).Append(between).Where(i => i > Now && i < before).ToList();
        return due.Count == 0 ? null : due.Min();
    }
}
