namespace Ledger.Simulator;

/// <summary>
/// What is durable of one account, kept as the tables keep it: a row is written only if it says that it is new or changed, keys are taken once, and
/// what is loaded is put together from rows again. So a change that nobody marked is lost here as it would be there.
/// </summary>
internal sealed class AccountRows(string key)
{
    private readonly Dictionary<int, Grant> _grants = [];
    private readonly Dictionary<int, AccountPeriod> _periods = [];
    private readonly Dictionary<string, Authorization> _authorizations = [];
    private readonly Dictionary<long, ReversedCharge> _reversed = [];
    private readonly HashSet<(int, AlertKind, string)> _alerted = [];
    private readonly Fold _fold = new(key);
    private Account? _row;

    public string Key => key;

    public List<Entry> Entries { get; } = [];

    public List<Charge> Charges { get; } = [];

    public List<AccountChange> Changes { get; } = [];

    /// <summary>What became of events, by source and id: a charge's number, or the event itself while it is parked.</summary>
    public Dictionary<string, (long? Charge, UsageEvent Event, DateTimeOffset ReceivedAt)> Events { get; } = [];

    /// <summary>Gifts that were given, by their ids.</summary>
    public Dictionary<string, int> Gifts { get; } = [];

    public IReadOnlyCollection<Authorization> Authorizations => _authorizations.Values;

    public IReadOnlyCollection<Grant> Grants => _grants.Values;

    public IReadOnlyCollection<AccountPeriod> Periods => _periods.Values;

    public long Version => _row!.Version;

    /// <summary>Loads what calls decide about: a remembered account if it is as the row says, else what the rows say.</summary>
    public Desk Load(Account? remembered, IReadOnlyCollection<Call> calls, PriceBook book, DateTimeOffset now, TimeSpan further)
    {
        var account = remembered is not null && remembered.Version == Version ? remembered : FromRows();
        var desk = new Desk(this, account, book, now);
        var until = (now > account.LastAt ? now : account.LastAt) + further;
        foreach (var due in _authorizations.Values.Where(a => a.Status == AuthorizationStatus.Held && a.ExpiresAt <= until))
        {
            var copy = Copies.Of(due);
            account.Due.Add(copy);
            desk.Authorizations.Add(copy.Id, copy);
        }
        foreach (var id in calls.Select(c => c.AuthorizationId).OfType<string>().Where(id => !desk.Authorizations.ContainsKey(id)).Distinct())
        {
            if (_authorizations.TryGetValue(id, out var known))
            {
                desk.Authorizations.Add(id, Copies.Of(known));
            }
        }
        foreach (var number in calls.Select(c => c.ChargeNumber).OfType<long>().Where(n => n <= Charges.Count).Distinct())
        {
            LoadCorrection(account, Charges[(int)number - 1]);
        }
        return desk;
    }

    public Account FromRows()
    {
        var account = Copies.Row(_row!);
        account.Grants.AddRange(_grants.Values.Where(g => g.Stage != GrantStage.Over).Select(Copies.Of));
        account.Periods.AddRange(_periods.Values.Where(p => !p.IsFinal).OrderBy(p => p.Index).Select(Copies.Of));
        return account;
    }

    public IReadOnlyList<Entry> PartsOf(long charge) => [.. Entries.Where(e => e.Charge == charge && e.Kind == EntryKind.Charge)];

    public ReversedCharge? ReversalOf(long charge) => _reversed.GetValueOrDefault(charge);

    public long? ChargeOf(string authorization) => _authorizations.GetValueOrDefault(authorization)?.Charge;

    /// <summary>Writes what was decided, and sees whether the ledger adds up.</summary>
    public void Commit(Desk desk)
    {
        var account = desk.Account;
        account.Saving();
        List<Grant> grants = [.. account.Grants.Where(g => g.IsNew || g.IsChanged)];
        List<AccountPeriod> periods = [.. account.Periods.Where(p => p.IsNew || p.IsChanged)];
        List<Authorization> authorizations = [.. account.Written.Authorizations.Where(a => a.IsNew || a.IsChanged)];
        grants.ForEach(g => Law(g.IsNew != _grants.ContainsKey(g.Number), () => $"grant {g.Number} is written {(g.IsNew ? "twice" : "before it was made")}"));
        periods.ForEach(p => Law(p.IsNew != _periods.TryGetValue(p.Index, out var stored), () => $"period {p.Index} is written {(p.IsNew ? "twice" : "before it was made")}"));
        periods.ForEach(p => Law(!_periods.TryGetValue(p.Index, out var stored) || !stored.IsFinal, () => $"period {p.Index} is final and is written again"));
        authorizations.ForEach(a => Law(a.IsNew != _authorizations.ContainsKey(a.Id), () => $"authorization {a.Id} is written {(a.IsNew ? "twice" : "before it was made")}"));
        Append(account.Written);
        foreach (var (id, known) in desk.NewEvents)
        {
            Events[id] = known;
        }
        foreach (var (id, grant) in desk.NewGifts)
        {
            Gifts.Add(id, grant);
        }
        var changed = account.IsNew || account.IsChanged;
        account.Saved();
        _row = changed ? Copies.Row(account) : _row;
        grants.ForEach(g => _grants[g.Number] = Copies.Of(g));
        periods.ForEach(p => _periods[p.Index] = Copies.Of(p));
        authorizations.ForEach(a => _authorizations[a.Id] = Copies.Of(a));
        AddsUp();
    }

    private void Append(Written written)
    {
        written.Entries.ForEach(_fold.Add);
        written.Charges.ForEach(_fold.Add);
        Entries.AddRange(written.Entries);
        Charges.AddRange(written.Charges);
        Changes.AddRange(written.Changes);
        written.Reversed.ForEach(r => Law(_reversed.TryAdd(r.Charge, r), () => $"charge {r.Charge} is reversed twice"));
        foreach (var alert in written.Alerts.Where(a => a.Kind != AlertKind.ExtraUsageChanged))
        {
            Law(_alerted.Add((alert.Period, alert.Kind, alert.Subject)), () => $"the alert {alert.Kind} {alert.Subject} of period {alert.Period} is told twice");
        }
    }

    private void AddsUp()
    {
        var broken = _fold.Broken(
            FromRows(), _authorizations.Values.Where(a => a.Status == AuthorizationStatus.Held),
            _grants.Values.Where(g => g.Stage == GrantStage.Over), _periods.Values.Where(p => p.IsFinal));
        Law(broken.Count == 0, () => string.Join(' ', broken));
        Law(_grants.Values.Where(g => g.Kind == GrantKind.Monthly).CountBy(g => g.Period).All(p => p.Value == 1), () => "a period's credit was claimed twice");
        Law(_authorizations.Values.Select(a => a.Charge).OfType<long>().CountBy(c => c).All(c => c.Value == 1), () => "one charge is of two authorizations");
        Law(Charges.Select(c => c.Authorization).OfType<string>().CountBy(a => a).All(a => a.Value == 1), () => "an authorization was charged twice");
        Law(_grants.Values.All(g => g.Stage != GrantStage.Over || g.Left.IsZero), () => "of a grant that is over something is left");
    }

    private void LoadCorrection(Account account, Charge charge)
    {
        var known = account.Past.Select(p => p.Index).ToHashSet();
        account.Past.AddRange(_periods.Values.Where(p => p.Index >= charge.Period && p.IsFinal && !known.Contains(p.Index)).Select(Copies.Of));
        var movedTo = _periods[charge.Period].MovedToCredit.Select(m => m.Grant);
        var missing = PartsOf(charge.Number).Select(p => p.Grant).OfType<int>().Concat(movedTo).Distinct().Except(account.Grants.Select(g => g.Number)).ToList();
        account.Grants.AddRange(missing.Select(number => Copies.Of(_grants[number])));
    }

    private void Law(bool holds, Func<string> law) => BrokenLawException.Unless(holds, () => $"{key}: {law()}");
}
