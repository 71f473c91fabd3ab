namespace Ledger;

/// <summary>
/// Authorizing: the most a request can use is priced and held, credit first, the rest from extra usage; if it does not fit,
/// nothing is held and the first reason in the written order is the answer. A hold ends once: by settle, release or expiry.
/// See docs/rules.md, "Authorizing".
/// </summary>
public sealed partial class Account
{
    /// <summary>May a request use up to this much? Repeats of an id are the caller's to recognize.</summary>
    public AuthorizeOutcome Authorize(AuthorizationRequest request, PriceBook book, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.TtlSeconds is < 1 or > AuthorizationRequest.LongestTtlSeconds || !request.Max.IsValid)
        {
            throw new ArgumentException("The time to live or a count is out of range.", nameof(request));
        }
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
            return RefuseWith(refusal, request.Model, now);
        }

        // From here on nothing can fail.
        var promotion = isIncluded ? null : book.BestPromotion(request.Model, Plan, now);
        var authorization = new Authorization(Key, request, now, Current.Index, isIncluded, card.Version, promotion?.Name, pool.Value);
        Hold(authorization, need);
        Written.Authorizations.Add(authorization);
        Finish(book, now);
        return new AuthorizeOutcome.Granted(authorization);

        AuthorizeOutcome Refuse(RefusalCode code, string? subject = null, DateTimeOffset? until = null) =>
            RefuseWith(new Refusal(code, Money.Zero, LimitsFor(request.Model, now), subject, Claimable, until), request.Model, now);
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
        BringIfDue(authorization, now);
        now = AdvanceTo(now, book);
        if (authorization.Status == AuthorizationStatus.Released)
        {
            return new SettleOutcome.NotHeld(authorization);
        }
        if (authorization.Status == AuthorizationStatus.Settled)
        {
            return new SettleOutcome.AlreadySettled(authorization, authorization.Charge!.Value);
        }
        var isHeld = authorization.Status == AuthorizationStatus.Held;
        if (WhyRejected(use.Time, now) is { } reason)
        {
            return new SettleOutcome.Rejected(reason);
        }
        if (!isHeld && now - authorization.ExpiresAt > UsageEvent.Oldest)
        {
            return new SettleOutcome.Rejected(RejectionReason.TooOld);
        }
        if (!CanCount(use, isHeld ? PeriodOf(authorization) : Current))
        {
            return new SettleOutcome.Rejected(RejectionReason.Invalid);
        }

        // From here on nothing can fail.
        var charge = isHeld ? ChargeHeld(authorization, use, book, now, actor) : ChargeExpired(authorization, use, book, now, actor);
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
        BringIfDue(authorization, now);
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

    /// <summary>A hold whose time is up ends before anything is decided about it, also if it was not brought in <see cref="Due"/>.</summary>
    private void BringIfDue(Authorization authorization, DateTimeOffset now)
    {
        if (authorization.Status == AuthorizationStatus.Held && authorization.ExpiresAt <= (now > LastAt ? now : LastAt) && !Due.Contains(authorization))
        {
            Due.Add(authorization);
        }
    }

    private Charge ChargeHeld(Authorization authorization, UsageEvent use, PriceBook book, DateTimeOffset now, string actor)
    {
        var period = PeriodOf(authorization);
        var before = period.ExtraUsed + period.ExtraHeld;
        var charge = NewCharge(use, authorization.Pool, book.RateCard(authorization.RateCardVersion), period, now);
        if (authorization.IsIncluded)
        {
            Include(charge, authorization.Pool == Pool.Interactive ? ChargeReason.Interactive : ChargeReason.ProgrammeIncludes);
        }
        else
        {
            var promotion = book.Promotion(authorization.Promotion);
            var rest = TakeCredit(charge, charge.List, authorization.Credit, authorization.GivenAt, period, now, actor);
            FreeExtra(authorization, period);
            rest = TakeExtra(charge, rest, authorization.Extra, promotion, period, IsOfToday(authorization));
            rest = TakeExtra(charge, rest, ExtraRoom(period, use.Model), promotion, period, isOfToday: true);
            WriteExtra(charge, period, now, actor);
            LeaveUncollected(charge, rest, ExtraUsageOn ? ChargeReason.CapReached : ChargeReason.NothingLeft, period, now, actor);
        }
        Invariant.Holds(period.ExtraUsed + period.ExtraHeld <= Money.Max(before, period.Cap), "no command raises used and held extra above the cap");
        CheckParts(charge);
        EndHold(authorization, period, now);
        return charge;
    }

    /// <summary>Like use that was never authorized; if its model or surface is known no more, as the authorization knew it.</summary>
    private Charge ChargeExpired(Authorization authorization, UsageEvent use, PriceBook book, DateTimeOffset now, string actor)
    {
        var card = book.RateCardAt(use.Time) is { } inForce && inForce.Models.ContainsKey(use.Model) ? inForce : book.RateCard(authorization.RateCardVersion);
        return ChargeEvent(use, book.PoolOf(use.Surface, use.Time) ?? authorization.Pool, card, book, now, actor);
    }

    private void GiveBack(Authorization authorization, AuthorizationStatus status, DateTimeOffset at)
    {
        var period = PeriodOf(authorization);
        foreach (var part in authorization.Credit)
        {
            GrantOf(part.Grant).Unhold(part.Amount);
        }
        FreeExtra(authorization, period);
        authorization.End(status, at);
        Written.Authorizations.Add(authorization);
        EndHold(authorization, period, at);
    }

    private void FreeExtra(Authorization authorization, AccountPeriod period)
    {
        period.FreeExtra(authorization.Model, authorization.Extra);
        DayHeld -= IsOfToday(authorization) ? authorization.Extra : Money.Zero;
        Invariant.Holds(DayHeld >= Money.Zero, "a hold is given back once");
    }

    /// <summary>
    /// One hold less. First the extra of its period takes what credit has become free, because with its last hold an ended period is final;
    /// then grants whose time passed while it was open lose their rest if it was the last they waited for.
    /// </summary>
    private void EndHold(Authorization authorization, AccountPeriod period, DateTimeOffset at)
    {
        Reallocate(at);
        foreach (var grant in InBurnOrder(g => g.Stage == GrantStage.Waiting && authorization.GivenAt < g.ExpiresAt))
        {
            grant.HoldEnded();
            LoseRestIfOver(grant, at);
        }
        period.HoldEnded();
        OpenHolds--;
        Invariant.Holds(OpenHolds >= 0, "a hold ends once");
    }

    private bool IsOfToday(Authorization authorization) => Period.DayOf(authorization.GivenAt) == Day;
}
