namespace Ledger;

/// <summary>How lines of the ledger come about: numbered without a gap, each with what is left after it.</summary>
public sealed partial class Account
{
    /// <summary>Credit left over all grants, held or not.</summary>
    public Money CreditLeft => Money.Sum(Grants, g => g.Left);

    private void Write(DateTimeOffset at, EntryKind kind, EntryPool pool, Money amount, AccountPeriod period, EntryDetail detail)
    {
        IsChanged = true;
        if (pool == EntryPool.Credit)
        {
            period.CountCredit(kind, amount, detail.IsLate);
        }
        Written.Entries.Add(new Entry(Key, ++LastSeq, at, kind, pool, amount, period.Index)
        {
            Grant = detail.Grant,
            Charge = detail.Charge?.Number,
            Model = detail.Charge?.Model,
            Surface = detail.Charge?.Surface,
            App = detail.Charge?.App,
            Promotion = detail.Promotion,
            Reverses = detail.Reverses,
            Actor = detail.Actor,
            Reason = detail.Reason,
            CreditAfter = CreditLeft,
            ExtraAfter = period.ExtraUsed,
        });
    }

    private readonly record struct EntryDetail()
    {
        public int? Grant { get; init; }

        public Charge? Charge { get; init; }

        public string? Promotion { get; init; }

        public string Actor { get; init; } = Actors.Portal;

        public string? Reason { get; init; }

        public long? Reverses { get; init; }

        /// <summary>Whether it corrects a charge of a final period, and so stands in a later one.</summary>
        public bool IsLate { get; init; }
    }

    /// <summary>
    /// Credit always pays first, whatever finishes first: while credit is free and its period has extra, extra moves to credit,
    /// the least discounted first. Daily and per-model figures count what flowed, so they stay. A final period stays as it is.
    /// </summary>
    private void Reallocate(DateTimeOffset at)
    {
        foreach (var period in Periods)
        {
            if (period.ExtraUsed.IsZero || period.IsFinal)
            {
                continue;
            }
            foreach (var grant in InBurnOrder(g => CanTakeOver(g, period)))
            {
                foreach (var extra in period.ExtraByPromotion.OrderBy(e => e.PercentMillionths).ThenBy(e => e.Promotion, StringComparer.Ordinal).ToList())
                {
                    var moved = Money.Min(grant.Free, extra.Amount);
                    if (moved.IsPositive)
                    {
                        grant.Use(moved);
                        period.MoveToCredit(extra, moved, grant.Number);
                        Write(at, EntryKind.Reallocation, EntryPool.Credit, moved, period, new EntryDetail { Grant = grant.Number, Promotion = extra.Promotion });
                    }
                }
            }
        }
    }

    /// <summary>Whether a grant may take over extra of a period. One whose time has passed may only if a hold of that period keeps it waiting.</summary>
    private bool CanTakeOver(Grant grant, AccountPeriod period) =>
        grant.UsableFrom <= period.Start && period.Start < grant.ExpiresAt
        && (grant.Stage == GrantStage.Live || (grant.Stage == GrantStage.Waiting && HoldsThatKeep(grant, period) > 0));

    /// <summary>How many of the holds that a grant waits for were given in a period. All holds of a period that ended before the grant's time passed are among them.</summary>
    private int HoldsThatKeep(Grant grant, AccountPeriod period) =>
        period.End <= grant.ExpiresAt ? period.OpenHolds : grant.WaitsFor - Periods.Where(p => p.End <= grant.ExpiresAt).Sum(p => p.OpenHolds);

    private Grant GrantOf(int number) => Grants.Find(g => g.Number == number)
        ?? throw new LedgerBrokenException($"Grant {number} of account {Key} is held, claimed or reversed but was not loaded. Nothing was written.");

    private List<Grant> InBurnOrder(Predicate<Grant> which)
    {
        var grants = Grants.FindAll(which);
        grants.Sort(Grant.BurnOrder);
        return grants;
    }
}
