namespace Ledger;

/// <summary>
/// What happens by itself, in the order of its instants; on one instant: holds end, grants expire, the period turns, the plan changes,
/// the credit is claimed. Each step carries its own boundary's time, so that an account that is looked at late gets the same
/// entries as one that a sweep woke at every boundary.
/// See docs/rules.md, "Time" and "Period end".
/// </summary>
public sealed partial class Account
{
    /// <summary>Brings the account up to an instant: whatever was due before or on it has happened. Returns the instant that counts, which is never before the last one.</summary>
    public DateTimeOffset AdvanceTo(DateTimeOffset instant, PriceBook book)
    {
        ArgumentNullException.ThrowIfNull(book);
        instant = instant > LastAt ? instant : LastAt;
        // Almost always nothing is due. An account that claims by itself is looked at anyway, because the programme's dates may have changed since.
        if (instant >= NextDue || Due.Count > 0 || ClaimsEveryPeriod || LastAt < book.PlansChangedAt)
        {
            Due.Sort(Authorization.EndOrder);
            while (NextStep(instant, book) is { } step)
            {
                TurnDay(step.At);
                LastAt = step.At;
                IsChanged = true;
                step.Happen();
                Reallocate(step.At);
            }
            RaiseAlerts(book, instant);
            if (LastAt < book.PlansChangedAt)
            {
                // It has looked at them now; the sweep need not wake it again for them.
                (LastAt, IsChanged) = (instant, true);
            }
            PlanNextStep(book, instant);
        }
        TurnDay(instant);
        return instant;
    }

    private (DateTimeOffset At, Action Happen)? NextStep(DateTimeOffset until, PriceBook book)
    {
        (DateTimeOffset At, Action Happen)? first = null;
        // Rising order of rank: a later one replaces an earlier one only if it is strictly sooner.
        if (Due.Find(h => h.Status == AuthorizationStatus.Held) is { } hold)
        {
            // An authorization that was brought too late ends late: time never runs backwards.
            var at = hold.ExpiresAt > LastAt ? hold.ExpiresAt : LastAt;
            Offer(at, () => GiveBack(hold, AuthorizationStatus.Expired, at));
        }
        foreach (var grant in InBurnOrder(g => g.Stage == GrantStage.Live))
        {
            Offer(grant.ExpiresAt, () => PassTime(grant));
        }
        Offer(Current.End, () => TurnPeriod(book));
        if (ClaimsEveryPeriod && NextClaim(book) is { } claim)
        {
            Offer(claim, () => ClaimByItself(claim, book));
        }
        return first;

        void Offer(DateTimeOffset at, Action happen)
        {
            if (at <= until && (first is null || at < first.Value.At))
            {
                first = (at, happen);
            }
        }
    }

    /// <summary>The next instant at which the credit would be claimed by itself: when the programme becomes active. (A new period's start claims as it turns.)</summary>
    private DateTimeOffset? NextClaim(PriceBook book) =>
        Status == AccountStatus.Open && Current.MonthlyGrant is null && Current.Credit.IsPositive
        && book.NextActivation(LastAt) is { } active && active < Current.End ? active : null;

    private void PlanNextStep(PriceBook book, DateTimeOffset now)
    {
        var next = Current.End;
        foreach (var grant in Grants)
        {
            if (grant.Stage == GrantStage.Live && grant.ExpiresAt < next)
            {
                next = grant.ExpiresAt;
            }
        }
        if (ClaimsEveryPeriod && NextClaim(book) is { } claim && claim < next)
        {
            next = claim;
        }
        if (NextAlert(book, now) is { } alert && alert < next)
        {
            next = alert;
        }
        IsChanged |= NextDue != next;
        NextDue = next;
    }

    private void TurnDay(DateTimeOffset instant)
    {
        var day = Period.DayOf(instant);
        if (DayUsed.IsZero && DayHeld.IsZero)
        {
            Day = day;
        }
        else if (day > Day)
        {
            // A clock that goes behind must not bring the counted day back, of which nothing is counted any more. Its end, not the beginning of the day of this look: the look may come late.
            var over = Period.StartOf(Day.AddDays(1));
            (Day, DayUsed, DayHeld) = (day, Money.Zero, Money.Zero);
            LastAt = over > LastAt ? over : LastAt;
            IsChanged = true;
        }
    }

    private void PassTime(Grant grant)
    {
        grant.TimePasses(OpenHolds);
        LoseRestIfOver(grant, grant.ExpiresAt);
    }

    private void LoseRestIfOver(Grant grant, DateTimeOffset at)
    {
        if (grant.Stage != GrantStage.Over)
        {
            return;
        }
        var rest = grant.Free;
        Invariant.Holds(grant.Held.IsZero, "a grant is over only when nothing holds it");
        if (rest.IsPositive)
        {
            grant.Lose(rest);
            // A monthly credit is lost by the period that offered it, also when a hold kept it past the end; other grants by the period that runs.
            var period = grant.Kind == GrantKind.Monthly ? Periods.First(p => p.Index == grant.Period) : Current;
            Write(at, EntryKind.Expiry, EntryPool.Credit, rest, period, new EntryDetail { Grant = grant.Number });
        }
    }

    private void TurnPeriod(PriceBook book)
    {
        Current.Ended();
        var period = Period.Of(Anchor, Current.Index + 1);
        var was = Terms(book);
        var planChanges = TakeNextPlan();
        var closes = IsCancelled || Status == AccountStatus.Closed;
        var terms = planChanges ? book.PlanAt(Plan, period.Start) : TermsOfPeriod(was, period.Start, book);
        Adopt(terms);
        Periods.Add(new AccountPeriod(Key, period, terms, closes));
        if (planChanges || (!terms.IsLike(was) && !closes))
        {
            Record(planChanges ? AccountChangeKind.Plan : AccountChangeKind.Terms, period.Start, Actors.Portal);
        }
        if (closes)
        {
            BecomeClosed(period.Start, Actors.Portal);
        }
        LimitExtraUsageToPlan(period.Start);
        if (ClaimsEveryPeriod)
        {
            ClaimByItself(period.Start, book);
        }
    }

    private void ClaimByItself(DateTimeOffset at, PriceBook book)
    {
        if (Status == AccountStatus.Open && Current.MonthlyGrant is null && Current.Credit.IsPositive && book.ProgrammeAt(at).IsActive)
        {
            GrantMonthly(at, Actors.Portal, "claimed by itself");
        }
    }

    /// <summary>After a change: credit takes over what it can, and the account knows when it is due next.</summary>
    private void Finish(PriceBook book, DateTimeOffset now)
    {
        LastAt = now;
        IsChanged = true;
        Reallocate(now);
        RaiseAlerts(book, now);
        PlanNextStep(book, now);
    }
}

/// <summary>Who caused an entry or a change, when it was no person and no gateway.</summary>
public static class Actors
{
    /// <summary>Portal itself: a boundary in time was passed.</summary>
    public const string Portal = "portal";
}
