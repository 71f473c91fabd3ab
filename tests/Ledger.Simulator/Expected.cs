namespace Ledger.Simulator;

/// <summary>What the rules say an answer must be, worked out a second time from what stands before the decision.</summary>
/// <param name="before">The account, brought up to the instant of the decision.</param>
/// <param name="at">That instant.</param>
/// <param name="book">The terms in force.</param>
internal sealed class Expected(Account before, DateTimeOffset at, PriceBook book)
{
    /// <summary>Who pays what of a charge, and what says so.</summary>
    public sealed record Split(Money List, Money Credit, Money Extra, Money Uncollected, bool IsIncluded, string? Promotion, int Period, int Card);

    /// <summary>The answer to a request: what is held, or why not, in the written order.</summary>
    public string Answer(AuthorizationRequest request)
    {
        var card = book.RateCardAt(at);
        var phase = book.ProgrammeAt(at);
        if (before.Status == AccountStatus.Closed)
        {
            return "refused AccountClosed";
        }
        if (book.PoolOf(request.Surface, at) is not { } pool)
        {
            return "refused UnknownSurface";
        }
        if (card is null || !card.Models.ContainsKey(request.Model))
        {
            return "refused UnknownModel";
        }
        if (pool == Pool.Interactive || phase.ProgrammaticUse == ProgrammaticUse.Included)
        {
            return "held 0 + 0, included";
        }
        if (phase.ProgrammaticUse == ProgrammaticUse.Refused)
        {
            return "refused ProgrammeNotActive";
        }
        var need = Prices.Of(card, request.Model, request.Max);
        var free = FreeFor(at);
        if (need <= free + Room(before.Current, request.Model))
        {
            return $"held {Money.Min(need, free)} + {(need - free).OrZero}";
        }
        return $"refused {WhyNot(need, free, request.Model)}";
    }

    /// <summary>The split of use that was never authorized.</summary>
    public Split Of(UsageEvent use, Pool? pool = null, RateCard? card = null)
    {
        pool ??= book.PoolOf(use.Surface, use.Time);
        card ??= book.RateCardAt(use.Time)!;
        var list = Prices.Of(card, use.Model, use.Usage);
        var phase = book.ProgrammeAt(use.Time);
        var (period, nothing) = (before.Current.Index, Money.Zero);
        if (pool == Pool.Interactive)
        {
            return new Split(list, nothing, nothing, nothing, true, null, period, card.Version);
        }
        if (before.Status == AccountStatus.Closed || phase.ProgrammaticUse == ProgrammaticUse.Refused)
        {
            return new Split(list, nothing, nothing, list, false, null, period, card.Version);
        }
        if (phase.ProgrammaticUse == ProgrammaticUse.Included)
        {
            return new Split(list, nothing, nothing, nothing, true, null, period, card.Version);
        }
        var credit = Money.Min(list, FreeFor(at));
        var room = before.ExtraUsageOn && before.ExtraUsageOnSince <= use.Time ? Room(before.Current, use.Model) : nothing;
        var extra = Money.Min(list - credit, room);
        return new Split(list, credit, extra, list - credit - extra, false, extra.IsPositive ? PromotionFor(use.Model) : null, period, card.Version);
    }

    /// <summary>The split of authorized use: held credit, free credit, held extra, extra within every cap if it is on, then nobody.</summary>
    public Split Of(Authorization hold, Usage use)
    {
        var card = book.RateCard(hold.RateCardVersion);
        var list = Prices.Of(card, hold.Model, use);
        if (hold.IsIncluded)
        {
            return new Split(list, Money.Zero, Money.Zero, Money.Zero, true, null, hold.Period, card.Version);
        }
        var period = before.Periods.Single(p => p.Index == hold.Period);
        var credit = Money.Min(list, hold.CreditHeld + FreeFor(hold.GivenAt));
        var held = Money.Min(list - credit, hold.Extra);
        var isOfToday = DateOnly.FromDateTime(hold.GivenAt.UtcDateTime) == before.Day;
        var extra = held + Money.Min(list - credit - held, Room(period, hold.Model, hold.Extra - held, isOfToday));
        return new Split(list, credit, extra, list - credit - extra, false, extra.IsPositive ? hold.Promotion : null, hold.Period, card.Version);
    }

    private string WhyNot(Money need, Money free, string model)
    {
        var claimable = before.Current.MonthlyGrant is null ? before.Current.Credit : Money.Zero;
        if (claimable.IsPositive)
        {
            // The claim first takes over what extra was used.
            var moved = Money.Min(claimable, before.Current.ExtraUsed);
            if (need <= free + claimable - moved + Room(before.Current, model, moved, isOfToday: false, flows: false))
            {
                return "CreditNotClaimed";
            }
        }
        var extra = need - free;
        return !before.Current.ExtraUsageAllowed ? "ExtraUsageNotAllowed"
            : !before.ExtraUsageOn ? "ExtraUsageOff"
            : extra > ModelRoom(before.Current, model) ? "ModelCapReached"
            : extra > DayRoom ? "DailyCapReached"
            : "CapReached";
    }

    /// <summary>What no one holds of the grants that may pay for use of an instant.</summary>
    private Money FreeFor(DateTimeOffset given) => Money.Sum(
        before.Grants.Where(g => g.Stage != GrantStage.Over && g.UsableFrom <= given && given < g.ExpiresAt), g => g.Amount - g.Used - g.Held - g.Expired);

    /// <summary>What every cap leaves once a hold's rest is given back; a reallocation gives back nothing of what flowed.</summary>
    private Money Room(AccountPeriod period, string model, Money back = default, bool isOfToday = true, bool flows = true)
    {
        if (!before.ExtraUsageOn)
        {
            return Money.Zero;
        }
        var cap = period.ExtraUsageAllowed ? Money.Min(before.Cap!.Value, period.LargestCap) : Money.Zero;
        Money[] rooms =
        [
            cap - period.ExtraUsed - period.ExtraHeld + back,
            DayRoom + (isOfToday && flows && before.DailyCap is not null ? back : Money.Zero),
            ModelRoom(period, model) + (flows && before.ModelCaps.Any(c => c.Model == model) ? back : Money.Zero),
        ];
        return rooms.Min().OrZero;
    }

    private Money DayRoom => before.DailyCap is { } cap ? cap - before.DayUsed - before.DayHeld : new Money(long.MaxValue);

    private Money ModelRoom(AccountPeriod period, string model) => before.ModelCaps.FirstOrDefault(c => c.Model == model) is { } cap
        ? cap.Cap - Money.Sum(period.ModelFlows.Where(f => f.Model == model), f => f.Used + f.Held) : new Money(long.MaxValue);

    /// <summary>The largest that applies: a third for everything, else an eighth for the large model on one plan.</summary>
    private string? PromotionFor(string model)
    {
        var inForce = book.PromotionsFor(before.Plan, at).Where(p => p.Models.Count == 0 || p.Models.Contains(model)).Select(p => p.Name).ToList();
        return inForce.Contains("third") ? "third" : inForce.FirstOrDefault();
    }
}
