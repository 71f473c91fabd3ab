namespace Ledger;

/// <summary>
/// Who pays for a charge, in this order: credit that its authorization holds, free credit, extra that its authorization holds, extra
/// within every cap if extra usage is on, then nobody (uncollected). The parts equal the whole, to the nano, and never change.
/// See docs/rules.md, "Who pays" and "Events".
/// </summary>
public sealed partial class Account
{
    /// <summary>Records use that was never authorized.</summary>
    /// <param name="use">The event.</param>
    /// <param name="receivedAt">When it was first received: its age counts from there. A parked event that is replayed was received before <paramref name="now"/>.</param>
    /// <param name="book">The terms in force.</param>
    /// <param name="now">The instant; the period that contains it counts the charge.</param>
    /// <param name="actor">Who tells it.</param>
    public RecordOutcome RecordUsage(UsageEvent use, DateTimeOffset receivedAt, PriceBook book, DateTimeOffset now, string actor)
    {
        ArgumentNullException.ThrowIfNull(use);
        ArgumentNullException.ThrowIfNull(book);
        return Record(use, receivedAt, book, now, actor, book.PoolOf(use.Surface, use.Time), book.RateCardAt(use.Time));
    }

    /// <summary>
    /// Records use that was parked. What was unknown at its time counts as it was first known afterwards: new terms never count back,
    /// so nothing else could ever price it.
    /// </summary>
    /// <inheritdoc cref="RecordUsage" path="/param"/>
    public RecordOutcome ReplayParked(UsageEvent use, DateTimeOffset receivedAt, PriceBook book, DateTimeOffset now, string actor)
    {
        ArgumentNullException.ThrowIfNull(use);
        ArgumentNullException.ThrowIfNull(book);
        return Record(use, receivedAt, book, now, actor, book.FirstPoolOf(use.Surface, use.Time, now), book.FirstRateCardFor(use.Model, use.Time, now));
    }

    private RecordOutcome Record(UsageEvent use, DateTimeOffset receivedAt, PriceBook book, DateTimeOffset now, string actor, Pool? pool, RateCard? card)
    {
        now = AdvanceTo(now, book);
        if (WhyRejected(use.Time, receivedAt) is { } reason)
        {
            return new RecordOutcome.Rejected(reason);
        }
        if (!CanCount(use, Current))
        {
            return new RecordOutcome.Rejected(RejectionReason.Invalid);
        }
        if (pool is not { } known || card?.Models.ContainsKey(use.Model) is not true)
        {
            return new RecordOutcome.Parked(WhyParked(use.Model, use.Surface, pool));
        }

        // From here on nothing can fail.
        var charge = ChargeEvent(use, known, card, book, now, actor);
        Finish(book, now);
        return new RecordOutcome.Recorded(charge);
    }

    /// <summary>Why an event waits for an admin: an unknown model or surface is never priced at zero. <c>null</c> if it can be charged.</summary>
    public static string? WhyParked(string model, string surface, DateTimeOffset time, PriceBook book)
    {
        ArgumentNullException.ThrowIfNull(book);
        var pool = book.PoolOf(surface, time);
        return pool is null || book.RateCardAt(time)?.Models.ContainsKey(model) is not true ? WhyParked(model, surface, pool) : null;
    }

    private static string WhyParked(string model, string surface, Pool? pool) =>
        pool is null ? $"The surface '{surface}' is not known." : $"The model '{model}' has no price at the event's time.";

    /// <summary>Why an event is refused for its time; <c>null</c> if it is not.</summary>
    public static RejectionReason? WhyRejected(DateTimeOffset time, DateTimeOffset receivedAt) =>
        receivedAt - time > UsageEvent.Oldest ? RejectionReason.TooOld
        : time - receivedAt > UsageEvent.FurthestAhead ? RejectionReason.InFuture
        : null;

    /// <summary>Whether its counts are in range, and the period can still take them without leaving the range of <see cref="Money"/>.</summary>
    private static bool CanCount(UsageEvent use, AccountPeriod period) => use.Usage.IsValid && period.Uncollected <= AccountPeriod.MostUncollected;

    /// <summary>The split of use that was never authorized (any more): by the event's time it is priced, by now it is counted.</summary>
    private Charge ChargeEvent(UsageEvent use, Pool pool, RateCard card, PriceBook book, DateTimeOffset now, string actor)
    {
        var charge = NewCharge(use, pool, card, Current, now);
        var phase = book.ProgrammeAt(use.Time);
        if (pool == Pool.Interactive)
        {
            Include(charge, ChargeReason.Interactive);
        }
        else if (Status == AccountStatus.Closed)
        {
            LeaveUncollected(charge, charge.List, ChargeReason.AccountClosed, Current, now, actor);
        }
        else if (phase.ProgrammaticUse == ProgrammaticUse.Included)
        {
            Include(charge, ChargeReason.ProgrammeIncludes);
        }
        else if (phase.ProgrammaticUse == ProgrammaticUse.Refused)
        {
            LeaveUncollected(charge, charge.List, ChargeReason.ProgrammeRefuses, Current, now, actor);
        }
        else
        {
            var rest = TakeCredit(charge, charge.List, [], now, Current, now, actor);
            var room = ExtraUsageOnSince <= use.Time ? ExtraRoom(Current, use.Model) : Money.Zero;
            rest = TakeExtra(charge, rest, room, book.BestPromotion(use.Model, Plan, now), Current, isOfToday: true);
            WriteExtra(charge, Current, now, actor);
            LeaveUncollected(charge, rest, WhyNothingLeft(use), Current, now, actor);
        }
        CheckParts(charge);
        return charge;
    }

    private Charge NewCharge(UsageEvent use, Pool pool, RateCard card, AccountPeriod period, DateTimeOffset now)
    {
        var charge = new Charge(Key, ++LastCharge, use, now)
        {
            Pool = pool,
            List = Rating.Price(card, use.Model, use.Usage),
            RateCardVersion = card.Version,
            Period = period.Index,
            IsLate = use.Time < period.Start,
        };
        Written.Charges.Add(charge);
        return charge;
    }

    private static void Include(Charge charge, ChargeReason reason) => (charge.IsIncluded, charge.Reason) = (true, reason);

    /// <summary>Takes held credit, then free credit, with one entry for each grant; returns what remains. What the authorization held beyond its use becomes free.</summary>
    private Money TakeCredit(Charge charge, Money rest, IReadOnlyList<HeldCredit> held, DateTimeOffset given, AccountPeriod period, DateTimeOffset now, string actor)
    {
        var shares = new List<(Grant Grant, Money Amount)>(1);
        foreach (var part in held)
        {
            var grant = GrantOf(part.Grant);
            grant.Unhold(part.Amount);
            Share(grant, part.Amount);
        }
        foreach (var grant in InBurnOrder(g => g.CanPayFor(given)))
        {
            Share(grant, grant.Free - Money.Sum(shares, s => s.Grant == grant ? s.Amount : Money.Zero));
        }
        foreach (var (grant, amount) in shares)
        {
            grant.Use(amount);
            charge.Credit += amount;
            charge.Reason = ChargeReason.CreditCovered;
            Write(now, EntryKind.Charge, EntryPool.Credit, amount, period, new EntryDetail { Grant = grant.Number, Charge = charge, Actor = actor });
        }
        return rest;

        void Share(Grant grant, Money most)
        {
            var amount = Money.Min(most, rest);
            if (!amount.IsPositive)
            {
                return;
            }
            rest -= amount;
            var before = shares.FindIndex(s => s.Grant == grant);
            if (before < 0)
            {
                shares.Add((grant, amount));
                return;
            }
            shares[before] = (grant, shares[before].Amount + amount);
        }
    }

    /// <summary>Takes extra, at most <paramref name="most"/>; returns what remains. What an earlier day held counts for that day, not for today.</summary>
    private Money TakeExtra(Charge charge, Money rest, Money most, Promotion? promotion, AccountPeriod period, bool isOfToday)
    {
        var extra = Money.Min(rest, most);
        if (extra.IsPositive)
        {
            period.UseExtra(charge.Model, extra, promotion);
            DayUsed += isOfToday ? extra : Money.Zero;
            charge.Extra += extra;
            (charge.Promotion, charge.Reason) = (promotion?.Name, ChargeReason.Spilled);
        }
        return rest - extra;
    }

    private void WriteExtra(Charge charge, AccountPeriod period, DateTimeOffset now, string actor)
    {
        if (charge.Extra.IsPositive)
        {
            Write(now, EntryKind.Charge, EntryPool.Extra, charge.Extra, period, new EntryDetail { Charge = charge, Promotion = charge.Promotion, Actor = actor });
        }
    }

    private void LeaveUncollected(Charge charge, Money rest, ChargeReason reason, AccountPeriod period, DateTimeOffset now, string actor)
    {
        if (rest.IsPositive)
        {
            period.NotCollected(rest);
            (charge.Uncollected, charge.Reason) = (rest, reason);
            Write(now, EntryKind.Charge, EntryPool.None, rest, period, new EntryDetail { Charge = charge, Actor = actor });
        }
    }

    private ChargeReason WhyNothingLeft(UsageEvent use) =>
        !ExtraUsageOn ? ChargeReason.NothingLeft : ExtraUsageOnSince > use.Time ? ChargeReason.TurnedOnLater : ChargeReason.CapReached;

    private static void CheckParts(Charge charge) => Invariant.Holds(
        charge.IsIncluded ? (charge.Credit + charge.Extra + charge.Uncollected).IsZero : charge.List == charge.Credit + charge.Extra + charge.Uncollected,
        "a charge's list price is its credit, extra and uncollected parts");
}
