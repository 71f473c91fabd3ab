namespace Ledger;

/// <summary>What became of pinning an account to terms. A closed set: switch over all of them.</summary>
public abstract record PinOutcome
{
    private PinOutcome() { }

    /// <summary>From the next period on it is so.</summary>
    /// <param name="At">Where that period begins.</param>
    public sealed record FromNextPeriod(DateTimeOffset At) : PinOutcome;

    /// <summary>It was so already.</summary>
    public sealed record Unchanged : PinOutcome;

    /// <summary>The account's plan has no terms that begin then, or they have not begun yet.</summary>
    public sealed record UnknownTerms : PinOutcome;
}

/// <summary>
/// Which terms of its plan an account is on. New terms count from its next period, or from the first that begins when nobody keeps older ones any more. An account can be pinned to terms: it
/// has them from its next period on, whatever comes, until it is unpinned or changes its plan. Nothing changes within a period.
/// See docs/rules.md, "Plans".
/// </summary>
public sealed partial class Account
{
    /// <summary>From when the terms of its plan are that the account is on; <c>null</c> for one that was opened before that was written.</summary>
    public DateTimeOffset? TermsFrom { get; private set; }

    /// <summary>From when the terms are that the account is pinned to; <c>null</c> if it is not.</summary>
    public DateTimeOffset? PinnedTo { get; private set; }

    /// <summary>The terms of its plan that the account is on.</summary>
    public PlanTerms Terms(PriceBook book)
    {
        ArgumentNullException.ThrowIfNull(book);
        return book.TermsOf(Plan, TermsFrom, Current.Start);
    }

    /// <summary>Other terms of its plan that a later period begins under, if any are scheduled; whoever chooses another plan, or cancels, gets to none of them.</summary>
    public ComingTerms? ComingTerms(PriceBook book)
    {
        var on = Terms(book);
        if (Pinned(book) is { } pinned)
        {
            return pinned.EffectiveFrom == on.EffectiveFrom ? null : new ComingTerms(pinned, Current.End);
        }
        return book.Coming(on, Anchor, Current.Index);
    }

    /// <summary>Pins the account to terms of its plan, or with <c>null</c> lets it have the newest again. Who may is the door's to check.</summary>
    public PinOutcome PinTerms(DateTimeOffset? to, PriceBook book, DateTimeOffset now, string actor)
    {
        now = AdvanceTo(now, book);
        if (to is { } from && (from > now || book.Terms(Plan, from) is null))
        {
            return new PinOutcome.UnknownTerms();
        }
        if (to == PinnedTo)
        {
            return new PinOutcome.Unchanged();
        }
        PinnedTo = to;
        Record(AccountChangeKind.Pinned, now, actor);
        Finish(book, now);
        return new PinOutcome.FromNextPeriod(Current.End);
    }

    private PlanTerms? Pinned(PriceBook book) => PinnedTo is { } pin ? book.Terms(Plan, pin) : null;

    /// <summary>The terms of the next period, if the plan stays.</summary>
    private PlanTerms TermsOfPeriod(PlanTerms was, DateTimeOffset start, PriceBook book) => Pinned(book) ?? book.NextTerms(was, start);

    private void Adopt(PlanTerms terms) => TermsFrom = terms.EffectiveFrom;

    /// <summary>Tells of other terms in the period before they count, once; and once more if it comes otherwise than was told.</summary>
    private void RaiseTerms(PriceBook book, DateTimeOffset now)
    {
        if (IsCancelled || NextPlan is not null)
        {
            return;
        }
        var on = Terms(book);
        var next = TermsOfPeriod(on, Current.End, book);
        var told = Current.AlertedTerms ?? on.EffectiveFrom;
        if (next.EffectiveFrom == told)
        {
            return;
        }
        Current.AlertedOf(next);
        var said = book.TermsOf(Plan, told, Current.Start);
        if (!next.IsLike(said))
        {
            Raise(new Alert(Key, LastAlert + 1, Current, AlertKind.TermsChange, Text(LastAlert + 1), now)
            {
                Amount = next.MonthlyFee,
                Of = on.MonthlyFee,
                Credit = next.MonthlyCredit,
                Detail = next.ExtraUsageAllowed ? $"largest cap {next.LargestCap.ForPeople()}" : "no extra usage",
            });
        }
    }
}
