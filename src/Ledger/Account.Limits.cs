namespace Ledger;

/// <summary>What credit and extra usage can carry at an instant, and if they cannot, the first reason in the written order with every limit's numbers. See docs/rules.md, "Refusals".</summary>
public sealed partial class Account
{
    /// <summary>The credit that could be claimed in this period, programme permitting.</summary>
    public Money Claimable => Current.MonthlyGrant is null ? Current.Credit : Money.Zero;

    /// <summary>The cap in force for a period: the smaller of the subscriber's and the plan's; nothing while extra usage is off.</summary>
    private Money CapFor(AccountPeriod period) =>
        ExtraUsageOn && period.ExtraUsageAllowed && Cap is { } cap ? Money.Min(cap, period.LargestCap) : Money.Zero;

    private Money FreeCredit(DateTimeOffset now)
    {
        var free = Money.Zero;
        foreach (var grant in Grants)
        {
            free += grant.CanPayFor(now) ? grant.Free : Money.Zero;
        }
        return free;
    }

    /// <summary>How much extra may still flow to a model: within the cap of the period, of the day and of the model.</summary>
    private Money ExtraRoom(AccountPeriod period, string? model) =>
        ExtraUsageOn ? Money.Min(period.CapRemaining, Money.Min(DailyRoom, ModelRoom(period, model))) : Money.Zero;

    private Money DailyRoom => DailyCap is { } cap ? (cap - DayUsed - DayHeld).OrZero : new Money(long.MaxValue);

    private Money ModelRoom(AccountPeriod period, string? model)
    {
        if (model is null || ModelCaps.Count == 0 || ModelCaps.FirstOrDefault(c => c.Model == model) is not { } cap)
        {
            return new Money(long.MaxValue);
        }
        var flow = period.FlowOf(model);
        return (cap.Cap - flow.Used - flow.Held).OrZero;
    }

    /// <summary>Why credit and extra cannot carry programmatic use; <c>null</c> if they can. Without a model: on a model that has no cap of its own.</summary>
    private Refusal? WhyNotCarried(Money need, string? model, DateTimeOffset now)
    {
        var extra = (need - FreeCredit(now)).OrZero;
        if (extra <= ExtraRoom(Current, model))
        {
            return null;
        }
        var code = FitsAfterClaim(need, model, now) ? RefusalCode.CreditNotClaimed
            : !Current.ExtraUsageAllowed ? RefusalCode.ExtraUsageNotAllowed
            : !ExtraUsageOn ? RefusalCode.ExtraUsageOff
            : extra > ModelRoom(Current, model) ? RefusalCode.ModelCapReached
            : extra > DailyRoom ? RefusalCode.DailyCapReached
            : RefusalCode.CapReached;
        var until = code switch
        {
            RefusalCode.DailyCapReached => NextDay(now),
            RefusalCode.ExtraUsageOff or RefusalCode.ExtraUsageNotAllowed or RefusalCode.ModelCapReached or RefusalCode.CapReached => Current.End,
            _ => (DateTimeOffset?)null,
        };
        return new Refusal(code, need, LimitsFor(model, now), code == RefusalCode.ModelCapReached ? model : null, Claimable, until);
    }

    /// <summary>Whether it would fit after the claim, which also moves extra to credit and so makes room under the cap of the period.</summary>
    private bool FitsAfterClaim(Money need, string? model, DateTimeOffset now)
    {
        if (Claimable.IsZero)
        {
            return false;
        }
        var moved = Money.Min(Claimable, Current.ExtraUsed);
        var extra = (need - FreeCredit(now) - Claimable + moved).OrZero;
        var room = ExtraUsageOn ? (Current.Cap - Current.ExtraUsed + moved - Current.ExtraHeld).OrZero : Money.Zero;
        return extra <= Money.Min(room, Money.Min(DailyRoom, ModelRoom(Current, model)));
    }

    /// <summary>Every limit that exists for a model, with its numbers at an instant, up to which the account was brought.</summary>
    public IReadOnlyList<Limit> LimitsFor(string? model, DateTimeOffset now)
    {
        var limits = new List<Limit>(4);
        var live = Grants.FindAll(g => g.CanPayFor(now));
        if (live.Count > 0 || Current.Credit.IsPositive)
        {
            limits.Add(new Limit(LimitName.Credit, Money.Sum(live, g => g.Amount), Money.Sum(live, g => g.Used), Money.Sum(live, g => g.Held), Current.End));
        }
        if (!ExtraUsageOn)
        {
            return limits;
        }
        limits.Add(new Limit(LimitName.PeriodCap, Current.Cap, Current.ExtraUsed, Current.ExtraHeld, Current.End));
        if (DailyCap is { } daily)
        {
            limits.Add(new Limit(LimitName.DailyCap, daily, DayUsed, DayHeld, NextDay(now)));
        }
        if (ModelCaps.FirstOrDefault(c => c.Model == model) is { } cap)
        {
            var flow = Current.FlowOf(cap.Model);
            limits.Add(new Limit(LimitName.ModelCap, cap.Cap, flow.Used, flow.Held, Current.End));
        }
        return limits;
    }

    private static DateTimeOffset NextDay(DateTimeOffset now) => Period.StartOf(Period.DayOf(now).AddDays(1));
}
