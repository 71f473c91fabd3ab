namespace Ledger;

/// <summary>What entries say about one UTC day of an account.</summary>
/// <param name="Day">The day.</param>
/// <param name="Spend">What programmatic use took of credit and extra.</param>
/// <param name="MostCredit">The most credit that was left after any of them.</param>
/// <param name="LastCredit">The credit that was left after the last of them.</param>
public sealed record PaceDay(DateOnly Day, Money Spend, Money MostCredit, Money LastCredit)
{
    /// <summary>This and what came later on the same day.</summary>
    public PaceDay With(PaceDay later)
    {
        ArgumentNullException.ThrowIfNull(later);
        return new PaceDay(Day, Spend + later.Spend, Money.Max(MostCredit, later.MostCredit), later.LastCredit);
    }
}

/// <summary>What is known about the last weeks.</summary>
/// <param name="Since">When the account's first entry was written; nothing is known before.</param>
/// <param name="CreditBefore">The credit that was left before the first day of the list.</param>
/// <param name="Days">Days that have entries, the oldest first; older than <see cref="Pace.Window"/> days may be left out.</param>
public sealed record PaceHistory(DateTimeOffset Since, Money CreditBefore, IReadOnlyList<PaceDay> Days);

/// <summary>Credit that can be spent until an instant.</summary>
/// <param name="Left">What is left of it.</param>
/// <param name="Until">The first instant at which it pays for nothing.</param>
public sealed record CreditPortion(Money Left, DateTimeOffset Until);

/// <summary>What there is to spend.</summary>
/// <param name="Now">The instant.</param>
/// <param name="End">The end of the period.</param>
/// <param name="Credit">The credit, in the order in which it is lost.</param>
/// <param name="Extra">Extra that is used or held in the period.</param>
/// <param name="Cap">The cap in force; <c>null</c> while extra usage is off.</param>
/// <param name="ExtraSince">Since when extra usage is on; <c>null</c> while it is off.</param>
public sealed record PaceSupply(DateTimeOffset Now, DateTimeOffset End, IReadOnlyList<CreditPortion> Credit, Money Extra, Money? Cap, DateTimeOffset? ExtraSince);

/// <summary>What comes of it, if a certain amount is spent a day.</summary>
/// <param name="PerDay">The amount.</param>
/// <param name="RunsOutAt">When no credit is left any more; <c>null</c> if some is, or is lost, at the period's end, and if there is none.</param>
/// <param name="Lost">The credit that is lost until the period's end.</param>
/// <param name="Extra">The period's extra at its end, which the cap limits; <c>null</c> while extra usage is off.</param>
/// <param name="CapReachedAt">When the cap is reached; <c>null</c> if it is not before the period's end.</param>
public sealed record PaceOutlook(Money PerDay, DateTimeOffset? RunsOutAt, Money Lost, Money? Extra, DateTimeOffset? CapReachedAt);

/// <summary>
/// How fast an account spends, and what comes of it. Recent days weigh more; a day on which nothing could be spent says nothing and is left out. With fewer than
/// three days of data nothing is predicted.
/// </summary>
/// <param name="DaysOfData">How many whole days are known, of the last <see cref="Window"/>.</param>
/// <param name="FinishPerDay">The amount a day that finishes the credit exactly; <c>null</c> if no credit would be lost until the period's end.</param>
/// <param name="Likely">What comes of the pace of the last weeks; <c>null</c> if too little is known.</param>
/// <param name="Slow">What comes of the lower end of its range.</param>
/// <param name="Fast">What comes of the higher end.</param>
/// <remarks>Whole nano-dollars and ticks throughout. Source: docs/rules.md, "Pace".</remarks>
public sealed record Pace(int DaysOfData, Money? FinishPerDay, PaceOutlook? Likely, PaceOutlook? Slow, PaceOutlook? Fast)
{
    /// <summary>How many UTC days are looked at: today, which weighs as many times as that, and those before, each one less.</summary>
    public const int Window = 28;

    /// <summary>With fewer days of data nothing is predicted.</summary>
    public const int FewestDays = 3;

    /// <summary>The pace of an account.</summary>
    public static Pace Of(PaceSupply supply, PaceHistory history)
    {
        ArgumentNullException.ThrowIfNull(supply);
        ArgumentNullException.ThrowIfNull(history);
        var days = PaceSample.DaysOf(supply, history);
        var known = days.Sum(d => d.Known.Ticks);
        var finish = Finish(supply);
        if (known < FewestDays * TimeSpan.TicksPerDay)
        {
            return new Pace((int)(known / TimeSpan.TicksPerDay), finish, null, null, null);
        }
        var (likely, spread) = PaceSample.Burn(days, supply.End - supply.Now);
        return new Pace((int)(known / TimeSpan.TicksPerDay), finish, Outlook(supply, likely), Outlook(supply, (likely - spread).OrZero), Outlook(supply, AtMost((Int128)likely.Nanos + spread.Nanos)));
    }

    /// <summary>What comes of spending an amount a day from now on.</summary>
    public static PaceOutlook Outlook(PaceSupply supply, Money perDay)
    {
        ArgumentNullException.ThrowIfNull(supply);
        Int128 used = 0, lost = 0;
        DateTimeOffset? lastLost = null;
        foreach (var portion in supply.Credit)
        {
            used += portion.Left.Nanos;
            lastLost = null;
            if (portion.Until <= supply.End && Spent(perDay, portion.Until - supply.Now) is var spent && spent < used)
            {
                (lost, used, lastLost) = (lost + used - spent, spent, portion.Until);
            }
        }
        // Credit is over when it is used up, or when the last of it is lost.
        var over = lastLost ?? When(used, perDay, supply);
        var runsOut = supply.Credit.Count > 0 && over < supply.End ? over : null;
        if (supply.Cap is not { } cap)
        {
            return new PaceOutlook(perDay, runsOut, AtMost(lost), null, null);
        }
        var reached = supply.Credit.Count == 0 || runsOut is not null ? When(used + (cap - supply.Extra).OrZero.Nanos, perDay, supply) : null;
        var extra = supply.Extra.Nanos + Int128.Max(Spent(perDay, supply.End - supply.Now) - used, 0);
        return new PaceOutlook(perDay, runsOut, AtMost(lost), Money.Min(AtMost(extra), Money.Max(cap, supply.Extra)), reached < runsOut ? runsOut : reached);
    }

    /// <summary>The largest of what each portion and those before it ask for, rounded up, so that nothing is lost at that pace.</summary>
    private static Money? Finish(PaceSupply supply)
    {
        Money? finish = null;
        Int128 left = 0;
        foreach (var portion in supply.Credit.Where(p => p.Until <= supply.End && p.Until > supply.Now))
        {
            left += portion.Left.Nanos;
            Int128 ticks = (portion.Until - supply.Now).Ticks;
            var perDay = AtMost(Rounding.WideUp(left * TimeSpan.TicksPerDay, ticks));
            finish = finish > perDay ? finish : perDay;
        }
        return finish;
    }

    private static Int128 Spent(Money perDay, TimeSpan time) => (Int128)perDay.Nanos * Math.Max(time.Ticks, 0) / TimeSpan.TicksPerDay;

    /// <summary>When so much is spent; <c>null</c> if not before the period's end.</summary>
    private static DateTimeOffset? When(Int128 amount, Money perDay, PaceSupply supply)
    {
        if (!perDay.IsPositive)
        {
            return null;
        }
        var ticks = Rounding.WideUp(amount * TimeSpan.TicksPerDay, perDay.Nanos);
        return ticks < (supply.End - supply.Now).Ticks ? Period.ToMicrosecond(supply.Now.AddTicks((long)ticks)) : null;
    }

    private static Money AtMost(Int128 nanos) => new((long)Int128.Min(nanos, long.MaxValue));
}
