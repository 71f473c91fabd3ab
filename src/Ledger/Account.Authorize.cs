namespace Ledger;

/// <summary>
/// Authorizing: the most a request can use is priced and held, credit first, the rest from extra usage; if it does not fit,
/// nothing is held and the first reason in the written order is the answer. A hold ends once: by settle, release or expiry.
/// </summary>
public sealed partial class Account
{
    /// <summary>May a request use up to this much? Repeats of an id are the caller's to recognize.</summary>
    public AuthorizeOutcome Authorize(AuthorizationRequest request, PriceBook book, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(request);
        now = AdvanceTo(now, book);
        var pool = book.PoolOf(request.Surface, now);
        var card = book.RateCardAt(now) is { } inForce && inForce.Models.ContainsKey(request.Model) ? inForce : null;
        var phase = book.ProgrammeAt(now);
        if (Status == AccountStatus.Closed)
        {
            return Refuse(RefusalCode.AccountClosed);
        }
        if (pool is null)
        {
            return Refuse(RefusalCode.UnknownSurface, request.Surface);
        }
        if (card is null)
        {
            return Refuse(RefusalCode.UnknownModel, request.Model);
        }
        var isIncluded = pool == Pool.Interactive || phase.ProgrammaticUse == ProgrammaticUse.Included;
        if (!isIncluded && phase.ProgrammaticUse == ProgrammaticUse.Refused)
        {
            return Refuse(RefusalCode.ProgrammeNotActive, until: book.NextActivation(now));
        }
        var need = isIncluded ? Money.Zero : Rating.Price(card, request.Model, request.Max);
        if (!isIncluded && WhyNotCarried(need, request.Model, now) is { } refusal)
        {
            return new AuthorizeOutcome.Refused(refusal);
        }

        // From here on nothing can fail.
        var promotion = isIncluded ? null : book.BestPromotion(request.Model, Plan, now);
        var authorization = new Authorization(Key, request, now, Current.Index, isIncluded, card.Version, promotion?.Name, pool.Value);
        Hold(authorization, need);
        Written.Authorizations.Add(authorization);
        Finish(book, now);
        return new AuthorizeOutcome.Granted(authorization);

        AuthorizeOutcome Refuse(RefusalCode code, string? subject = null, DateTimeOffset? until = null) =>
            new AuthorizeOutcome.Refused(new Refusal(code, Money.Zero, LimitsFor(request.Model, now), subject, Claimable, until));
    }

    /// <summary>Charges what an authorized request really used. Without <paramref name="use"/>'s time it happened now.</summary>
    /// <param name="authorization">The authorization, of this account.</param>
    /// <param name="use">What was used, with the authorization's model and surface.</param>
    /// <param name="book">The terms in force; the price is that of the authorization's rate card.</param>
    /// <param name="now">The instant.</param>
    /// <param name="actor">Who tells it.</param>
    public SettleOutcome Settle(Authorization authorization, UsageEvent use, PriceBook book, DateTimeOffset now, string actor)
    {
        ArgumentNullException.ThrowIfNull(authorization);
        ArgumentNullException.ThrowIfNull(use);
        now = AdvanceTo(now, book);
        if (authorization.Status == AuthorizationStatus.Released)
        {
            return new SettleOutcome.NotHeld(authorization);
        }
        if (authorization.Status == AuthorizationStatus.Settled)
        {
            return new SettleOutcome.AlreadySettled(authorization, authorization.Charge!.Value);
        }
        if (WhyRejected(use.Time, now) is { } reason)
        {
            return new SettleOutcome.Rejected(reason);
        }
        if (authorization.Status == AuthorizationStatus.Expired
            && (now - authorization.ExpiresAt > UsageEvent.Oldest || WhyParked(use.Model, use.Surface, use.Time, book) is not null))
        {
            return new SettleOutcome.Rejected(RejectionReason.TooOld);
        }

        // From here on nothing can fail.
        var charge = authorization.Status == AuthorizationStatus.Held
            ? ChargeHeld(authorization, use, book, now, actor)
            : ChargeEvent(use, book, now, actor);
        charge.Authorization = authorization.Id;
        authorization.End(AuthorizationStatus.Settled, now, charge.Number);
        Written.Authorizations.Add(authorization);
        Finish(book, now);
        return new SettleOutcome.Settled(authorization, charge);
    }

    /// <summary>Gives a hold back. Repeats, also after it expired, are harmless.</summary>
    public ReleaseOutcome Release(Authorization authorization, PriceBook book, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(authorization);
        now = AdvanceTo(now, book);
        if (authorization.Status == AuthorizationStatus.Settled)
        {
            return new ReleaseOutcome.AlreadySettled(authorization);
        }
        if (authorization.Status == AuthorizationStatus.Held)
        {
            GiveBack(authorization, AuthorizationStatus.Released, now);
            Finish(book, now);
        }
        return new ReleaseOutcome.Released(authorization);
    }

    private void Hold(Authorization authorization, Money need)
    {
        var held = new List<HeldCredit>(1);
        var rest = need;
        foreach (var grant in InBurnOrder(g => g.CanPayFor(authorization.GivenAt)))
        {
            var part = Money.Min(grant.Free, rest);
            if (part.IsPositive)
            {
                grant.Hold(part);
                held.Add(new HeldCredit(grant.Number, part));
                rest -= part;
            }
        }
        authorization.Holds(held, rest);
        Current.HoldGiven(authorization.Model, rest);
        DayHeld += rest;
        OpenHolds++;
        Invariant.Holds(authorization.Held == need, "a hold's parts are what it holds");
    }

    private Charge ChargeHeld(Authorization authorization, UsageEvent use, PriceBook book, DateTimeOffset now, string actor)
    {
        var period = PeriodOf(authorization);
        var before = period.ExtraUsed + period.ExtraHeld;
        var charge = NewCharge(use, authorization.Pool, book.RateCard(authorization.RateCardVersion), period, now);
        if (authorization.IsIncluded)
        {
            Include(charge, authorization.Pool == Pool.Interactive ? ChargeReason.Interactive : ChargeReason.ProgrammeIncludes);
            EndExtraHold(authorization, period);
        }
        else
        {
            var promotion = book.Promotion(authorization.Promotion);
            var rest = TakeCredit(charge, charge.List, authorization.Credit, authorization.GivenAt, period, now, actor);
            EndExtraHold(authorization, period);
            rest = TakeExtra(charge, rest, authorization.Extra, promotion, period, IsOfToday(authorization));
            rest = TakeExtra(charge, rest, ExtraRoom(period, use.Model), promotion, period, isOfToday: true);
            WriteExtra(charge, period, now, actor);
            LeaveUncollected(charge, rest, WhyNothingLeft(authorization.GivenAt), period, now, actor);
        }
        Invariant.Holds(period.ExtraUsed + period.ExtraHeld <= Money.Max(before, period.Cap), "no command raises used and held extra above the cap");
        CheckParts(charge);
        EndWaits(authorization, now);
        return charge;
    }

    private void Expire(Authorization authorization) => GiveBack(authorization, AuthorizationStatus.Expired, authorization.ExpiresAt);

    private void GiveBack(Authorization authorization, AuthorizationStatus status, DateTimeOffset at)
    {
        foreach (var part in authorization.Credit)
        {
            Grants.First(g => g.Number == part.Grant).Unhold(part.Amount);
        }
        EndExtraHold(authorization, PeriodOf(authorization));
        authorization.End(status, at);
        Written.Authorizations.Add(authorization);
        EndWaits(authorization, at);
    }

    private void EndExtraHold(Authorization authorization, AccountPeriod period)
    {
        period.HoldEnded(authorization.Model, authorization.Extra);
        DayHeld -= IsOfToday(authorization) ? authorization.Extra : Money.Zero;
        OpenHolds--;
        Invariant.Holds(DayHeld >= Money.Zero && OpenHolds >= 0, "a hold ends once");
    }

    /// <summary>Grants whose time passed while this hold was open wait for one hold less; before their rest is lost, the extra of the hold's period may use it.</summary>
    private void EndWaits(Authorization authorization, DateTimeOffset at)
    {
        if (!Grants.Exists(g => g.Stage == GrantStage.Waiting))
        {
            return;
        }
        Reallocate(at);
        foreach (var grant in InBurnOrder(g => g.Stage == GrantStage.Waiting && authorization.GivenAt < g.ExpiresAt))
        {
            grant.HoldEnded();
            LoseRestIfOver(grant, at);
        }
    }

    private bool IsOfToday(Authorization authorization) => Period.DayOf(authorization.GivenAt) == Day;
}
