namespace Ledger;

/// <summary>What entries of one sort sum up to.</summary>
/// <param name="Kind">What they say.</param>
/// <param name="Pool">Which pool they move.</param>
/// <param name="Grant">The grant that they move.</param>
/// <param name="Promotion">The promotion of the extra that they move.</param>
/// <param name="Period">The index of the period whose figures they move; for reversals, that of the charge.</param>
/// <param name="Nanos">The sum, in nano-dollars.</param>
public sealed record EntrySum(EntryKind Kind, EntryPool Pool, int? Grant, string? Promotion, int Period, long Nanos);

/// <summary>What is recorded of an account up to a past instant.</summary>
/// <param name="Key">The account's key.</param>
/// <param name="Owner">The id of its owner.</param>
/// <param name="Anchor">Where its periods are counted from.</param>
/// <param name="Instant">The instant.</param>
/// <param name="Changes">All changes of its settings up to the instant, in order; at least the opening.</param>
/// <param name="Grants">The grants that were live then; only what never changes of them counts.</param>
/// <param name="Entries">The entries up to the instant, at least since the period's start and since the first of those grants, summed.</param>
/// <param name="Open">The authorizations that were open then.</param>
/// <param name="DayUsed">The extra that had flowed on the instant's UTC day; needed if there was a daily cap.</param>
public sealed record AccountPast(
    string Key, string Owner, DateTimeOffset Anchor, DateTimeOffset Instant, IReadOnlyList<AccountChange> Changes, IReadOnlyList<Grant> Grants,
    IReadOnlyList<EntrySum> Entries, IReadOnlyList<Authorization> Open, Money DayUsed);

/// <summary>
/// An account as it was: because entries and changes are never rewritten, they say what the account's row said then. Good for looking
/// at its balance, by the same rules as today's; not for decisions (per-model figures are left out).
/// </summary>
public sealed partial class Account
{
    /// <summary>Puts the account together as it was.</summary>
    public static Account AsOf(AccountPast past, PriceBook book)
    {
        ArgumentNullException.ThrowIfNull(past);
        ArgumentNullException.ThrowIfNull(book);
        var was = past.Changes[^1].After;
        var period = Period.Containing(past.Anchor, past.Instant);
        var day = Period.DayOf(past.Instant);
        var account = new Account
        {
            Key = past.Key,
            Owner = past.Owner,
            Anchor = past.Anchor,
            Status = was.Status,
            Plan = was.Plan,
            TermsFrom = was.TermsFrom,
            PinnedTo = was.PinnedTo,
            NextPlan = was.NextPlan,
            IsCancelled = was.IsCancelled,
            ClaimsEveryPeriod = was.ClaimsEveryPeriod,
            ExtraUsageOn = was.ExtraUsageOn,
            ExtraUsageOnSince = was.ExtraUsageOnSince,
            Cap = was.Cap,
            DailyCap = was.DailyCap,
            ModelCaps = was.ModelCaps,
            Day = day,
            DayUsed = past.DayUsed,
            DayHeld = Money.Sum(past.Open.Where(a => Period.DayOf(a.GivenAt) == day), a => a.Extra),
            OpenHolds = past.Open.Count,
            LastAt = past.Instant,
            NextDue = period.End,
        };
        account.Grants.AddRange(past.Grants.Select(g => GrantAsOf(g, past)));
        account.Periods.Add(PeriodAsOf(period, past, account, book));
        return account;
    }

    private static Grant GrantAsOf(Grant grant, AccountPast past)
    {
        var was = new Grant(grant.Account, grant.Number, grant.Kind, Sum(EntryKind.Grant) + Sum(EntryKind.Adjustment), grant.UsableFrom, grant.ExpiresAt, grant.GrantedAt, grant.Period);
        was.Use(Sum(EntryKind.Charge) + Sum(EntryKind.Reallocation) - Sum(EntryKind.Reversal));
        was.Hold(Money.Sum(past.Open.SelectMany(a => a.Credit).Where(c => c.Grant == grant.Number), c => c.Amount));
        return was;

        Money Sum(EntryKind kind) => Money.Sum(past.Entries.Where(e => e.Grant == grant.Number && e.Kind == kind), e => new Money(e.Nanos));
    }

    /// <summary>The plan's terms at the period's start, and every upgrade since, as they were adopted; of a period that began closed, those of its reopening.</summary>
    private static AccountPeriod PeriodAsOf(Period period, AccountPast past, Account account, PriceBook book)
    {
        // On the boundary itself what Portal did came first, and is how the period began.
        var first = past.Changes.LastOrDefault(c => c.At < period.Start || (c.At == period.Start && c.Actor == Actors.Portal)) ?? past.Changes[0];
        var was = new AccountPeriod(past.Key, period, book.TermsOf(first.After.Plan, first.After.TermsFrom, period.Start), isClosed: first.After.Status == AccountStatus.Closed);
        foreach (var change in past.Changes.Where(c => c.Number > first.Number))
        {
            if (change.Kind == AccountChangeKind.Plan || (change.Kind == AccountChangeKind.Reopened && was.IsDormant))
            {
                was.Upgrade(book.TermsOf(change.After.Plan, change.After.TermsFrom, change.At), change.At);
            }
        }
        foreach (var grant in account.Grants.Where(g => g.Kind == GrantKind.Monthly && g.Period == period.Index))
        {
            was.Claimed(grant.Number);
        }
        // Room for what was used and held under an earlier, larger cap.
        was.LimitTo(new Money(long.MaxValue));
        var own = past.Entries.Where(e => e.Period == period.Index).ToList();
        foreach (var extra in own.GroupBy(e => e.Promotion, Extra))
        {
            was.UseExtra("", new Money(extra.Sum()), book.Promotion(extra.Key));
        }
        was.NotCollected(new Money(own.Where(e => e.Pool == EntryPool.None).Sum(e => e.Kind == EntryKind.Reversal ? -e.Nanos : e.Nanos)));
        foreach (var authorization in past.Open.Where(a => a.Period == period.Index))
        {
            was.HoldGiven(authorization.Model, authorization.Extra);
        }
        was.LimitTo(account.CapFor(was));
        return was;
    }

    /// <summary>What entries add to the period's extra, and what reallocations and reversals take off it.</summary>
    private static long Extra(EntrySum sum) => (sum.Kind, sum.Pool) switch
    {
        (EntryKind.Charge, EntryPool.Extra) => sum.Nanos,
        (EntryKind.Reallocation, _) or (EntryKind.Reversal, EntryPool.Extra) => -sum.Nanos,
        _ => 0,
    };
}
