namespace Ledger;

/// <summary>Whether an account is in use.</summary>
public enum AccountStatus
{
    /// <summary>In use.</summary>
    Open,

    /// <summary>Closed: requests are refused, late use is recorded as uncollected.</summary>
    Closed,
}

/// <summary>
/// One subscriber's billing account: its state, and every decision about it. A decision brings the account up to its instant first
/// (<see cref="AdvanceTo"/>), then looks for every refusal in the written order, and only then changes anything; what is to be
/// written stands in <see cref="Written"/>. Nothing here reads a clock or a database: the caller brings the instant, the
/// <see cref="PriceBook"/> and the authorizations whose time is up (<see cref="Due"/>), and abandons the object if a decision throws.
/// </summary>
/// <remarks>Source of the rules: docs/rules.md.</remarks>
public sealed partial class Account
{
    private (DateTimeOffset Due, DateTimeOffset? Pin)? _foundBy;

    private Account() { }

    /// <summary>The account's key: <c>[a-z0-9_-]{1,64}</c>.</summary>
    public string Key { get; private set; } = "";

    /// <summary>The id of the user whose account it is.</summary>
    public string Owner { get; private set; } = "";

    /// <summary>The instant from which periods are counted.</summary>
    public DateTimeOffset Anchor { get; private set; }

    /// <summary>Whether it is in use.</summary>
    public AccountStatus Status { get; private set; }

    /// <summary>The plan of the current period.</summary>
    public string Plan { get; private set; } = "";

    /// <summary>The plan from the next period on, if another was chosen.</summary>
    public string? NextPlan { get; private set; }

    /// <summary>Whether the plan was cancelled: the account closes by itself when the period ends.</summary>
    public bool IsCancelled { get; private set; }

    /// <summary>Whether the credit is claimed by itself at each period's start.</summary>
    public bool ClaimsEveryPeriod { get; private set; }

    /// <summary>Whether extra usage is on.</summary>
    public bool ExtraUsageOn { get; private set; }

    /// <summary>When it was last turned on.</summary>
    public DateTimeOffset? ExtraUsageOnSince { get; private set; }

    /// <summary>The subscriber's cap for a period; kept while extra usage is off.</summary>
    public Money? Cap { get; private set; }

    /// <summary>The subscriber's cap for a UTC day.</summary>
    public Money? DailyCap { get; private set; }

    /// <summary>The subscriber's caps for models.</summary>
    public IReadOnlyList<ModelCap> ModelCaps { get; private set; } = [];

    /// <summary>Whether the owner has forbidden support to look at it with their eyes. Moves no money and stands here because it is the account's to say.</summary>
    public bool ForbidsSupport { get; private set; }

    /// <summary>The UTC day that the daily figures are of.</summary>
    public DateOnly Day { get; private set; }

    /// <summary>Extra used on <see cref="Day"/>.</summary>
    public Money DayUsed { get; private set; }

    /// <summary>Extra held on <see cref="Day"/> by open authorizations.</summary>
    public Money DayHeld { get; private set; }

    /// <summary>How many authorizations are open.</summary>
    public int OpenHolds { get; private set; }

    /// <summary>The last instant at which something was decided; for one account time never runs backwards.</summary>
    public DateTimeOffset LastAt { get; private set; }

    /// <summary>The next instant at which something happens by itself, open authorizations aside.</summary>
    public DateTimeOffset NextDue { get; private set; }

    /// <summary>The seq of the last entry.</summary>
    public long LastSeq { get; private set; }

    /// <summary>The number of the last charge.</summary>
    public long LastCharge { get; private set; }

    /// <summary>The number of the last grant.</summary>
    public int LastGrant { get; private set; }

    /// <summary>The number of the last change of settings.</summary>
    public int LastChange { get; private set; }

    /// <summary>How often the account was written: whoever remembers an account knows by this whether it still is as remembered.</summary>
    public long Version { get; private set; }

    /// <summary>The grants that are not over, in no order.</summary>
    public List<Grant> Grants { get; private set; } = [];

    /// <summary>The periods that are not final, the current one last.</summary>
    public List<AccountPeriod> Periods { get; private set; } = [];

    /// <summary>
    /// The open authorizations whose time is up at the instant of the decision (which is never before <see cref="LastAt"/>); whoever loads the
    /// account brings them, in any order. One that is also settled or released is the same object there.
    /// </summary>
    public List<Authorization> Due { get; private set; } = [];

    /// <summary>
    /// Final periods that a correction has to see: that of the charge and all since. Whoever loads the account for one brings them, and adds the grants
    /// that are over and that the charge or the reallocations of its period used to <see cref="Grants"/>.
    /// </summary>
    public List<AccountPeriod> Past { get; private set; } = [];

    /// <summary>What decisions since the account was loaded have to write.</summary>
    public Written Written { get; private set; } = new();

    /// <summary>Whether the account's own row is to be written.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>Whether the account's own row is to be written for the first time.</summary>
    public bool IsNew { get; private set; }

    /// <summary>Whether what accounts are looked for by, when they are due and what they are pinned to, is as this one was last written.</summary>
    public bool IsFoundAsBefore => _foundBy == (NextDue, PinnedTo);

    /// <summary>The period that runs.</summary>
    public AccountPeriod Current => Periods[^1];

    /// <summary>Everything that its owner and provider have set.</summary>
    public AccountSettings Settings =>
        new(Status, Plan, NextPlan, IsCancelled, ClaimsEveryPeriod, ExtraUsageOn, ExtraUsageOnSince, Cap, DailyCap, ModelCaps) { TermsFrom = TermsFrom, PinnedTo = PinnedTo };

    /// <summary>Opens an account: its first period is the one of its anchor that contains <paramref name="now"/>.</summary>
    /// <param name="key">The account's key.</param>
    /// <param name="owner">The id of the user whose account it is.</param>
    /// <param name="plan">The plan's key; the price book has it.</param>
    /// <param name="anchor">Where periods are counted from; not after <paramref name="now"/>.</param>
    /// <param name="book">The terms in force.</param>
    /// <param name="now">The instant.</param>
    /// <param name="actor">Who opens it.</param>
    /// <param name="status">Closed for one that is only to be there: it has no fee and no credit until it is opened again.</param>
    public static Account Open(
        string key, string owner, string plan, DateTimeOffset anchor, PriceBook book, DateTimeOffset now, string actor, AccountStatus status = AccountStatus.Open)
    {
        ArgumentNullException.ThrowIfNull(book);
        (anchor, now) = (Period.ToMicrosecond(anchor), Period.ToMicrosecond(now));
        var period = Period.Containing(anchor, now);
        return Open(key, owner, book.PlanAt(plan, period.Start), anchor, period, book, now, actor, status);
    }

    private static Account Open(string key, string owner, PlanTerms terms, DateTimeOffset anchor, Period period, PriceBook book, DateTimeOffset now, string actor, AccountStatus status)
    {
        var account = new Account { Key = key, Owner = owner, Anchor = anchor, Plan = terms.Plan, TermsFrom = terms.EffectiveFrom, Status = status, LastAt = now, Day = Period.DayOf(now), IsNew = true, IsChanged = true };
        account.Periods.Add(new AccountPeriod(key, period, terms, isClosed: status == AccountStatus.Closed));
        account.Record(AccountChangeKind.Opened, now, actor);
        account.PlanNextStep(book, now);
        return account;
    }

    /// <summary>Lets support look at it with the owner's eyes, or forbids it. Returns whether that is news.</summary>
    public bool LetSupportLook(bool may)
    {
        if (ForbidsSupport != may)
        {
            return false;
        }
        (ForbidsSupport, IsChanged) = (!may, true);
        return true;
    }

    /// <summary>Bumps the version if there is anything to write.</summary>
    public void Saving() => Version += IsChanged ? 1 : 0;

    /// <summary>Forgets what was to be written, after it was.</summary>
    public void Saved()
    {
        foreach (var authorization in Written.Authorizations)
        {
            (authorization.IsNew, authorization.IsChanged) = (false, false);
        }
        Written.Clear();
        Due.Clear();
        Past.Clear();
        (IsNew, IsChanged, _foundBy) = (false, false, (NextDue, PinnedTo));
        foreach (var grant in Grants)
        {
            (grant.IsNew, grant.IsChanged) = (false, false);
        }
        foreach (var period in Periods)
        {
            (period.IsNew, period.IsChanged) = (false, false);
        }
        Grants.RemoveAll(g => g.Stage == GrantStage.Over);
        Periods.RemoveAll(p => p.IsFinal);
    }

    /// <summary>The same account once more, to try a decision on: nothing of it is this one's, and nothing of it is written.</summary>
    private Account Copy()
    {
        var copy = (Account)MemberwiseClone();
        copy.Grants = Grants.ConvertAll(g => g.Copy());
        copy.Periods = Periods.ConvertAll(p => p.Copy());
        copy.Due = Due.ConvertAll(a => a.Copy());
        copy.Past = [.. Past];
        copy.Written = new Written();
        return copy;
    }

    private AccountPeriod PeriodOf(Authorization authorization) => Periods.Find(p => p.Index == authorization.Period)
        ?? throw new LedgerBrokenException($"Period {authorization.Period} of account {Key} has an open authorization but was not loaded. Nothing was written.");

    private AccountChange Record(AccountChangeKind kind, DateTimeOffset at, string actor, string? model = null, string? consent = null, int? rateCardVersion = null)
    {
        IsChanged = true;
        var change = new AccountChange(Key, ++LastChange, at, kind, actor, Settings) { Model = model, Consent = consent, RateCardVersion = rateCardVersion };
        Written.Changes.Add(change);
        return change;
    }
}

/// <summary>What decisions about one account have to write, beside its own row, its grants and its periods.</summary>
public sealed class Written
{
    /// <summary>New lines of the ledger, in order.</summary>
    public List<Entry> Entries { get; } = [];

    /// <summary>New charges, in order.</summary>
    public List<Charge> Charges { get; } = [];

    /// <summary>New changes of settings, in order.</summary>
    public List<AccountChange> Changes { get; } = [];

    /// <summary>Charges that were reversed, in order.</summary>
    public List<ReversedCharge> Reversed { get; } = [];

    /// <summary>New alerts, in order.</summary>
    public List<Alert> Alerts { get; } = [];

    /// <summary>New and changed authorizations, each once.</summary>
    public HashSet<Authorization> Authorizations { get; } = [];

    internal void Clear()
    {
        Entries.Clear();
        Charges.Clear();
        Reversed.Clear();
        Changes.Clear();
        Alerts.Clear();
        Authorizations.Clear();
    }
}
