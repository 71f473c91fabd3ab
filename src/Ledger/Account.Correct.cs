namespace Ledger;

/// <summary>What staff decided, and what has to be seen for it; whoever loads the account brings it, together with <see cref="Account.Past"/>.</summary>
/// <param name="Charge">The charge to reverse.</param>
/// <param name="Parts">The entries that it was written with.</param>
/// <param name="Earlier">Its reversal, if it was reversed before.</param>
/// <param name="Reason">Why; the subscriber reads it.</param>
/// <param name="GoodwillUntil">When the goodwill grant expires that stands for grants whose time has passed; not looked at if there are none.</param>
public sealed record ReversalRequest(Charge Charge, IReadOnlyList<Entry> Parts, ReversedCharge? Earlier, string Reason, DateTimeOffset? GoodwillUntil);

/// <summary>That a charge was reversed: at most once, for ever. What it moved stands in the entries that name the charge's.</summary>
public sealed class ReversedCharge
{
    private ReversedCharge() { }

    internal ReversedCharge(string account, long charge, DateTimeOffset at, string actor, string reason) =>
        (Account, Charge, At, Actor, Reason) = (account, charge, at, actor, reason);

    /// <summary>The account's key.</summary>
    public string Account { get; private set; } = "";

    /// <summary>The charge's number.</summary>
    public long Charge { get; private set; }

    /// <summary>When it was reversed.</summary>
    public DateTimeOffset At { get; private set; }

    /// <summary>Who reversed it.</summary>
    public string Actor { get; private set; } = "";

    /// <summary>Why.</summary>
    public string Reason { get; private set; } = "";
}

/// <summary>
/// A charge is reversed at most once, by entries that name its own. The charge stays as it was; what it took comes back: credit to its
/// grants, extra off its period or, once that is final, as a refund; the uncollected part vanishes.
/// See docs/rules.md, "Corrections".
/// </summary>
public sealed partial class Account
{
    /// <summary>Undoes what a charge took. The door checks who may.</summary>
    public ReversalOutcome Reverse(ReversalRequest request, PriceBook book, DateTimeOffset now, string actor)
    {
        ArgumentNullException.ThrowIfNull(request);
        now = AdvanceTo(now, book);
        if ((request.Earlier ?? Written.Reversed.Find(r => r.Charge == request.Charge.Number)) is { } earlier)
        {
            return new ReversalOutcome.AlreadyReversed(earlier);
        }
        if (string.IsNullOrWhiteSpace(request.Reason))
        {
            return new ReversalOutcome.ReasonMissing();
        }
        if (request.Parts.Count == 0)
        {
            return new ReversalOutcome.NothingToReverse();
        }
        var since = PeriodsSince(request.Charge.Period);
        var back = request.Parts.SelectMany(part => WaysBack(part, since)).ToList();
        Invariant.Holds(Money.Sum(back, b => b.Amount) == request.Charge.List, "what comes back is the charge's list price");
        var lost = Money.Sum(back, b => b.IsLost ? b.Amount : Money.Zero);
        var until = request.GoodwillUntil is { } chosen ? Period.ToMicrosecond(chosen) : (DateTimeOffset?)null;
        if (lost.IsPositive && until is null)
        {
            return new ReversalOutcome.ExpiryNeeded(lost);
        }
        if (lost.IsPositive && until <= now)
        {
            return new ReversalOutcome.ExpiryHasPassed(lost);
        }

        // From here on nothing can fail.
        var went = GiveBack(back, request, since[0], now, actor) with { Goodwill = lost.IsPositive ? Replace(back, request, lost, until!.Value, since[0], now, actor) : null };
        var reversal = new ReversedCharge(Key, request.Charge.Number, now, actor, request.Reason);
        Written.Reversed.Add(reversal);
        Finish(book, now);
        return new ReversalOutcome.Reversed(reversal, went);
    }

    /// <summary>A piece of a charge's part and where it goes: to a grant, off extra under a promotion, or nowhere because nobody paid it.</summary>
    private readonly record struct PieceBack(Entry Part, Money Amount, Grant? Grant = null, DiscountedExtra? Extra = null)
    {
        /// <summary>Whether its grant's time has passed, so that what comes back is lost.</summary>
        public bool IsLost => Grant is { Stage: not GrantStage.Live };
    }

    /// <summary>The period of a charge and all since, in order.</summary>
    private List<AccountPeriod> PeriodsSince(int index)
    {
        var since = Past.Concat(Periods).Where(p => p.Index >= index).OrderBy(p => p.Index).ToList();
        return since.Count == Current.Index - index + 1 ? since
            : throw new LedgerBrokenException($"The periods of account {Key} since {index} were not loaded, and one of its charges is reversed. Nothing was written.");
    }

    private List<PieceBack> WaysBack(Entry part, List<AccountPeriod> since) => part.Pool switch
    {
        EntryPool.Credit => [new PieceBack(part, part.Amount, Grant: GrantOf(part.Grant!.Value))],
        EntryPool.Extra => ExtraBack(part, since),
        _ => [new PieceBack(part, part.Amount)],
    };

    /// <summary>
    /// Extra comes off what stands under the charge's promotion, then off the other extra of its period, the least discounted first. What is missing
    /// there has moved to credit, and so comes back to grants that took over extra of that period: those first that burnt last.
    /// </summary>
    private List<PieceBack> ExtraBack(Entry part, List<AccountPeriod> since)
    {
        var (period, earlier) = (since[0], since.SelectMany(p => p.LateCorrections).Where(c => c.Period == since[0].Index).ToList());
        var pieces = new List<PieceBack>();
        var rest = part.Amount;
        foreach (var extra in period.ExtraByPromotion.OrderBy(e => e.Promotion == part.Promotion ? 0 : 1).ThenBy(e => e.PercentMillionths).ThenBy(e => e.Promotion, StringComparer.Ordinal))
        {
            var gone = Money.Sum(earlier.SelectMany(c => c.Extra).Where(e => e.Promotion == extra.Promotion), e => e.Amount);
            var left = extra with { Amount = extra.Amount - gone };
            Take(left.Amount, amount => new PieceBack(part, amount, Extra: left));
        }
        foreach (var (grant, moved) in period.MovedToCredit.Select(m => (Grant: GrantOf(m.Grant), Moved: m.Amount)).OrderDescending(Comparer<(Grant Grant, Money)>.Create((a, b) => Grant.BurnOrder(a.Grant, b.Grant))))
        {
            var gone = Money.Sum(earlier.SelectMany(c => c.Credit).Where(m => m.Grant == grant.Number), m => m.Amount);
            Take(moved - gone, amount => new PieceBack(part, amount, Grant: grant));
        }
        Invariant.Holds(rest.IsZero, "a charge's extra is extra of its period or has moved to credit");
        return pieces;

        void Take(Money most, Func<Money, PieceBack> piece)
        {
            var amount = Money.Min(most, rest);
            if (amount.IsPositive)
            {
                pieces.Add(piece(amount));
                rest -= amount;
            }
        }
    }

    /// <summary>Writes an entry for each piece. A final period stays as it is: what would have changed it stands in the one that runs.</summary>
    private WayBack GiveBack(List<PieceBack> back, ReversalRequest request, AccountPeriod period, DateTimeOffset now, string actor)
    {
        var isLate = period.IsFinal;
        foreach (var piece in back)
        {
            piece.Grant?.Use(Money.Zero - piece.Amount);
            if (!isLate)
            {
                TakeBack(piece, period);
            }
            var pool = piece.Grant is not null ? EntryPool.Credit : piece.Extra is not null && !isLate ? EntryPool.Extra : EntryPool.None;
            Write(now, EntryKind.Reversal, pool, piece.Amount, isLate ? Current : period, new EntryDetail
            {
                Grant = piece.Grant?.Number,
                Charge = request.Charge,
                Promotion = piece.Extra?.Promotion,
                Actor = actor,
                Reason = request.Reason,
                Reverses = piece.Part.Seq,
                IsLate = isLate,
            });
        }
        var extra = Money.Sum(back, b => b.Extra is null ? Money.Zero : b.Amount);
        var refund = isLate ? Refund(back, request.Charge, period, now) : Money.Zero;
        return new WayBack(
            Money.Sum(back, b => b.Grant is null || b.IsLost ? Money.Zero : b.Amount), null, isLate ? Money.Zero : extra, isLate ? extra : Money.Zero, refund, request.Charge.Uncollected);
    }

    private static void TakeBack(PieceBack piece, AccountPeriod period)
    {
        if (piece.Extra is { } extra)
        {
            period.TakeOff(extra, piece.Amount);
        }
        else if (piece.Grant is null)
        {
            period.NotCollected(Money.Zero - piece.Amount);
        }
        else if (piece.Part.Pool == EntryPool.Extra)
        {
            period.MovedBack(piece.Grant.Number, piece.Amount);
        }
    }

    /// <summary>What the extra of a final period was worth: what its period owed with it, less what it owes without, whatever was refunded of it before.</summary>
    private Money Refund(List<PieceBack> back, Charge charge, AccountPeriod period, DateTimeOffset now)
    {
        var refund = Money.Sum(back, b => b.Extra is { } extra ? extra.Owed - (extra with { Amount = extra.Amount - b.Amount }).Owed : Money.Zero);
        Current.Corrected(new LateCorrection(
            charge.Number, period.Index, period.Start, now, refund,
            [.. back.Where(b => b.Extra is not null).Select(b => b.Extra! with { Amount = b.Amount })],
            [.. back.Where(b => b.Grant is not null && b.Part.Pool == EntryPool.Extra).Select(b => new MovedCredit(b.Grant!.Number, b.Amount))]));
        return refund;
    }

    /// <summary>What came back to grants whose time has passed is lost there, and one goodwill grant stands for it.</summary>
    private Grant Replace(List<PieceBack> back, ReversalRequest request, Money lost, DateTimeOffset until, AccountPeriod period, DateTimeOffset now, string actor)
    {
        foreach (var ofGrant in back.Where(b => b.IsLost).GroupBy(b => b.Grant!))
        {
            var amount = Money.Sum(ofGrant, b => b.Amount);
            ofGrant.Key.Lose(amount);
            Write(now, EntryKind.Expiry, EntryPool.Credit, amount, period.IsFinal ? Current : period, new EntryDetail
            {
                Grant = ofGrant.Key.Number,
                Charge = request.Charge,
                Actor = actor,
                Reason = request.Reason,
                IsLate = period.IsFinal,
            });
        }
        return Give(GrantKind.Goodwill, lost, until, now, actor, request.Reason);
    }
}
