namespace Ledger;

/// <summary>
/// Extra usage is off until its owner turns it on, with a cap and a recorded consent; nobody else can. Off takes effect at once; what
/// is already authorized may still settle within what it holds. The smaller of the plan's largest cap and the subscriber's counts.
/// See docs/rules.md, "Extra usage".
/// </summary>
public sealed partial class Account
{
    /// <summary>Turns extra usage on. If it is on already, another cap is a change of the cap.</summary>
    /// <param name="cap">The cap of a period: positive, at most the plan's largest.</param>
    /// <param name="consent">The text that the owner agreed to.</param>
    /// <param name="book">The terms in force.</param>
    /// <param name="now">The instant.</param>
    /// <param name="actor">The owner.</param>
    public ExtraUsageOutcome TurnOnExtraUsage(Money cap, string consent, PriceBook book, DateTimeOffset now, string actor)
    {
        now = AdvanceTo(now, book);
        if (WhyCapRefused(cap) is { } refused)
        {
            return refused;
        }
        if (ExtraUsageOn)
        {
            return SetCap(cap, book, now, actor);
        }

        // From here on nothing can fail.
        (ExtraUsageOn, ExtraUsageOnSince, Cap) = (true, now, cap);
        ApplyCap();
        RaiseChange(Record(AccountChangeKind.ExtraUsageOn, now, actor, consent: consent, rateCardVersion: book.RateCardAt(now)?.Version), null, cap);
        Finish(book, now);
        return new ExtraUsageOutcome.Changed(StillHeld);
    }

    /// <summary>Turns extra usage off, at once. <see cref="ExtraUsageOutcome.Changed.StillHeld"/> says how much what is already authorized may still use.</summary>
    public ExtraUsageOutcome TurnOffExtraUsage(PriceBook book, DateTimeOffset now, string actor)
    {
        now = AdvanceTo(now, book);
        if (!ExtraUsageOn)
        {
            return new ExtraUsageOutcome.Unchanged();
        }
        SwitchExtraUsageOff(now, actor);
        Finish(book, now);
        return new ExtraUsageOutcome.Changed(StillHeld);
    }

    /// <summary>Changes the cap of the period, at once. Below what is used it stops use; it takes nothing from holds already given.</summary>
    public ExtraUsageOutcome SetCap(Money cap, PriceBook book, DateTimeOffset now, string actor)
    {
        now = AdvanceTo(now, book);
        if (WhyCapRefused(cap) is { } refused)
        {
            return refused;
        }
        if (!ExtraUsageOn)
        {
            return new ExtraUsageOutcome.IsOff();
        }
        if (Cap == cap)
        {
            return new ExtraUsageOutcome.Unchanged();
        }
        var was = Cap;
        Cap = cap;
        ApplyCap();
        RaiseChange(Record(AccountChangeKind.Cap, now, actor), was, cap);
        Finish(book, now);
        return new ExtraUsageOutcome.Changed(StillHeld);
    }

    /// <summary>Sets the cap of a UTC day, or removes it with <c>null</c>.</summary>
    public ExtraUsageOutcome SetDailyCap(Money? cap, PriceBook book, DateTimeOffset now, string actor)
    {
        now = AdvanceTo(now, book);
        if (cap is { } most && WhyCapRefused(most) is { } refused)
        {
            return refused;
        }
        if (DailyCap == cap)
        {
            return new ExtraUsageOutcome.Unchanged();
        }
        var was = DailyCap;
        DailyCap = cap;
        RaiseChange(Record(AccountChangeKind.DailyCap, now, actor), was, cap);
        Finish(book, now);
        return new ExtraUsageOutcome.Changed(StillHeld);
    }

    /// <summary>Sets the cap of a model for a period, or removes it with <c>null</c>.</summary>
    public ExtraUsageOutcome SetModelCap(string model, Money? cap, PriceBook book, DateTimeOffset now, string actor)
    {
        now = AdvanceTo(now, book);
        if (cap is { } most && WhyCapRefused(most) is { } refused)
        {
            return refused;
        }
        if (cap is not null && book.RateCardAt(now)?.Models.ContainsKey(model) is not true)
        {
            return new ExtraUsageOutcome.UnknownModel(model);
        }
        var was = ModelCaps.FirstOrDefault(c => c.Model == model)?.Cap;
        if (was == cap)
        {
            return new ExtraUsageOutcome.Unchanged();
        }
        ModelCaps = [.. ModelCaps.Where(c => c.Model != model), .. cap is { } set ? [new ModelCap(model, set)] : Array.Empty<ModelCap>()];
        RaiseChange(Record(AccountChangeKind.ModelCap, now, actor, model), was, cap);
        Finish(book, now);
        return new ExtraUsageOutcome.Changed(StillHeld);
    }

    private Money StillHeld => Money.Sum(Periods, p => p.ExtraHeld);

    private ExtraUsageOutcome? WhyCapRefused(Money cap) =>
        Status == AccountStatus.Closed ? new ExtraUsageOutcome.AccountClosed()
        : !Current.ExtraUsageAllowed ? new ExtraUsageOutcome.NotAllowedByPlan(Plan)
        : !cap.IsPositive || cap > Current.LargestCap ? new ExtraUsageOutcome.CapOutOfRange(Current.LargestCap)
        : null;

    private void SwitchExtraUsageOff(DateTimeOffset at, string actor)
    {
        if (ExtraUsageOn)
        {
            ExtraUsageOn = false;
            ApplyCap();
            RaiseChange(Record(AccountChangeKind.ExtraUsageOff, at, actor), Cap, null);
        }
    }

    /// <summary>Every open period carries the cap in force, so that the database can check it too.</summary>
    private void ApplyCap()
    {
        foreach (var period in Periods)
        {
            period.LimitTo(CapFor(period));
        }
    }

    /// <summary>A plan without extra usage turns it off; a smaller largest cap limits it.</summary>
    private void LimitExtraUsageToPlan(DateTimeOffset at)
    {
        if (!Current.ExtraUsageAllowed)
        {
            SwitchExtraUsageOff(at, Actors.Portal);
        }
        ApplyCap();
    }
}
