namespace Ledger.Tests;

/// <summary>
/// One account with all that it ever wrote, kept as a door keeps it: what is due is brought before a decision, and what was decided is saved after
/// it. After every saving, the ledger adds up (see <see cref="Fold"/>).
/// </summary>
internal sealed class World(PriceBook book, bool sweeps = false, bool savesOnlyWhenTimePasses = false)
{
    public const string Key = "test";
    public const string Owner = "user:owner";
    public const string Gateway = "key:gateway";

    private readonly Dictionary<string, Authorization> _authorizations = [];
    private readonly List<Grant> _over = [];
    private readonly List<AccountPeriod> _final = [];
    private readonly Fold _fold = new(Key);
    private bool _isSaved = true;

    public PriceBook Book { get; } = book;

    public Account Account { get; private set; } = null!;

    public List<Entry> Entries { get; } = [];

    public List<Charge> Charges { get; } = [];

    public Charge LastCharge => Account.Written.Charges.LastOrDefault() ?? Charges[^1];

    public List<AccountChange> Changes { get; } = [];

    public DateTimeOffset Now { get; private set; }

    public IEnumerable<Authorization> Open => _authorizations.Values.Where(a => a.Status == AuthorizationStatus.Held);

    /// <summary>Every period that there was, the current one last.</summary>
    public IEnumerable<AccountPeriod> Periods => _final.Concat(Account.Periods);

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
        return outcome;
    }

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
        _over.AddRange(Account.Grants.Where(g => g.Stage == GrantStage.Over));
        _final.AddRange(Account.Periods.Where(p => p.IsFinal));
        Account.Saved();
        _isSaved = true;
        AddsUp();
    }

    private void AddsUp()
    {
        var held = Open.ToList();
        // An authorization that was just granted is added to the open ones after its decision was saved.
        var broken = _fold.Broken(Account, held.Count == Account.OpenHolds ? held : null, _over, _final);
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
