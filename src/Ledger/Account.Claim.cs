namespace Ledger;

/// <summary>
/// A monthly credit can be claimed while the programme is active, the plan has credit and the period runs: the full amount
/// whenever in the period, usable until its end. Claiming twice grants once.
/// See docs/rules.md, "Claiming".
/// </summary>
public sealed partial class Account
{
    /// <summary>Turns this period's monthly credit into a grant.</summary>
    public ClaimOutcome Claim(PriceBook book, DateTimeOffset now, string actor)
    {
        now = AdvanceTo(now, book);
        if (Status == AccountStatus.Closed)
        {
            return new ClaimOutcome.AccountClosed();
        }
        if (Current.MonthlyGrant is { } number)
        {
            return new ClaimOutcome.AlreadyClaimed(GrantOf(number));
        }
        var phase = book.ProgrammeAt(now);
        if (!phase.IsActive)
        {
            return new ClaimOutcome.ProgrammeNotActive(phase, book.NextActivation(now));
        }
        if (!Current.Credit.IsPositive)
        {
            return new ClaimOutcome.PlanHasNoCredit(Plan);
        }

        // From here on nothing can fail.
        var grant = GrantMonthly(now, actor, null);
        if (phase.ClaimMode == ClaimMode.Once && !ClaimsEveryPeriod)
        {
            ClaimsEveryPeriod = true;
            Record(AccountChangeKind.ClaimEveryPeriod, now, actor);
        }
        Finish(book, now);
        return new ClaimOutcome.Claimed(grant);
    }

    /// <summary>Ticks or clears "claim for me every period". It counts from the next period's start, or from when the programme becomes active. Returns whether anything changed.</summary>
    public bool ClaimEveryPeriod(bool every, PriceBook book, DateTimeOffset now, string actor)
    {
        now = AdvanceTo(now, book);
        if (ClaimsEveryPeriod == every)
        {
            return false;
        }
        ClaimsEveryPeriod = every;
        Record(AccountChangeKind.ClaimEveryPeriod, now, actor);
        Finish(book, now);
        return true;
    }

    /// <summary>Staff give credit. The amount is positive and the expiry after <paramref name="now"/>; the door checks who may.</summary>
    public Grant GrantGoodwill(Money amount, DateTimeOffset expiresAt, string reason, PriceBook book, DateTimeOffset now, string actor) =>
        GiveUntil(expiresAt, GrantKind.Goodwill, amount, reason, book, now, actor);

    /// <summary>A promotion gives credit. The amount is positive and the expiry after <paramref name="now"/>.</summary>
    public Grant GrantPromotion(Money amount, DateTimeOffset expiresAt, string reason, PriceBook book, DateTimeOffset now, string actor) =>
        GiveUntil(expiresAt, GrantKind.Promotional, amount, reason, book, now, actor);

    private Grant GiveUntil(DateTimeOffset expiresAt, GrantKind kind, Money amount, string reason, PriceBook book, DateTimeOffset now, string actor)
    {
        (now, expiresAt) = (AdvanceTo(now, book), Period.ToMicrosecond(expiresAt));
        if (!amount.IsPositive || expiresAt <= now)
        {
            throw new ArgumentException("Credit that is given is positive and expires in the future.", nameof(amount));
        }
        var grant = Give(kind, amount, expiresAt, now, actor, reason);
        Finish(book, now);
        return grant;
    }

    private Grant GrantMonthly(DateTimeOffset at, string actor, string? reason)
    {
        var grant = Give(GrantKind.Monthly, Current.Credit, Current.End, at, actor, reason);
        Current.Claimed(grant.Number);
        return grant;
    }

    private Grant Give(GrantKind kind, Money amount, DateTimeOffset expiresAt, DateTimeOffset at, string actor, string? reason)
    {
        var grant = new Grant(Key, ++LastGrant, kind, amount, Current.Start, expiresAt, at, Current.Index) { IsChanged = true };
        Grants.Add(grant);
        Write(at, EntryKind.Grant, EntryPool.Credit, amount, Current, new EntryDetail { Grant = grant.Number, Actor = actor, Reason = reason });
        return grant;
    }
}
