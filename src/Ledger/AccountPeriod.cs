namespace Ledger;

/// <summary>A period's extra under one promotion, or under none.</summary>
/// <param name="Promotion">The promotion's name; <c>null</c> for none.</param>
/// <param name="PercentMillionths">Its discount in millionths; 0 for none.</param>
/// <param name="Amount">The extra at API rates.</param>
public sealed record DiscountedExtra(string? Promotion, int PercentMillionths, Money Amount)
{
    /// <summary>What the promotion takes off, rounded once, in the subscriber's favour.</summary>
    public Money Discount => new(Rounding.Up((Int128)Amount.Nanos * PercentMillionths, 1_000_000));

    /// <summary>What is owed for it.</summary>
    public Money Owed => Amount - Discount;
}

/// <summary>How much extra a model has used and holds in a period. Counts what flowed: a reallocation gives none of it back.</summary>
/// <param name="Model">The model's key.</param>
/// <param name="Used">What charges took.</param>
/// <param name="Held">What open authorizations hold.</param>
public sealed record ModelFlow(string Model, Money Used, Money Held);

/// <summary>How much of a period's extra a grant has taken over, or a correction has given back to it.</summary>
/// <param name="Grant">The grant's number.</param>
/// <param name="Amount">Positive.</param>
public sealed record MovedCredit(int Grant, Money Amount);

/// <summary>What one billing period of an account came to so far, and the terms under which it runs.</summary>
/// <remarks>Source: docs/rules.md, "Extra usage" and "Period end".</remarks>
public sealed partial class AccountPeriod
{
    /// <summary>A period takes no more use while more than this is uncollected: a billion dollars. So no sum leaves the range of <see cref="Money"/>.</summary>
    internal static readonly Money MostUncollected = Money.FromDollars(1_000_000_000);

    private List<DiscountedExtra> _extraByPromotion = [];
    private List<ModelFlow> _modelFlows = [];
    private List<MovedCredit> _movedToCredit = [];
    // Replaced, never added to: what stores a period keeps the text of its fee lines with them.
    private List<FeeLine> _feeLines = [];
    private List<LateCorrection> _lateCorrections = [];

    private AccountPeriod() { }

    internal AccountPeriod(string account, Period period, PlanTerms terms, bool isClosed = false)
    {
        (Account, Index, Start, End) = (account, period.Index, period.Start, period.End);
        IsDormant = isClosed;
        Adopt(isClosed ? terms with { MonthlyFee = Money.Zero, MonthlyCredit = Money.Zero } : terms);
        (Fee, Credit) = (PlanFee, PlanCredit);
        _feeLines = isClosed ? [] : [new FeeLine(Start, terms.Plan, Fee)];
        IsNew = true;
    }

    /// <summary>The account's key.</summary>
    public string Account { get; private set; } = "";

    /// <summary>Which period, counted from the anchor.</summary>
    public int Index { get; private set; }

    /// <summary>The first instant that belongs to it.</summary>
    public DateTimeOffset Start { get; private set; }

    /// <summary>The first instant that no longer does.</summary>
    public DateTimeOffset End { get; private set; }

    /// <summary>The plan that counts.</summary>
    public string Plan { get; private set; } = "";

    /// <summary>Whether the account has been closed since before it began: then it has no fee and no credit, until the account is opened again.</summary>
    public bool IsDormant { get; private set; }

    /// <summary>The plan fee, with the proration of upgrades.</summary>
    public Money Fee { get; private set; }

    /// <summary>The credit that this period offers, claimed or not, with the proration of upgrades.</summary>
    public Money Credit { get; private set; }

    /// <summary>The plan's monthly fee, before proration.</summary>
    public Money PlanFee { get; private set; }

    /// <summary>The plan's monthly credit, before proration.</summary>
    public Money PlanCredit { get; private set; }

    /// <summary>Whether the plan allows extra usage.</summary>
    public bool ExtraUsageAllowed { get; private set; }

    /// <summary>The plan's largest cap.</summary>
    public Money LargestCap { get; private set; }

    /// <summary>The grant that claimed the credit; <c>null</c> while it is not claimed.</summary>
    public int? MonthlyGrant { get; private set; }

    /// <summary>The cap in force: the smaller of the subscriber's and the plan's; nothing while extra usage is off.</summary>
    public Money Cap { get; private set; }

    /// <summary>Extra used, at API rates, less what reallocations moved to credit.</summary>
    public Money ExtraUsed { get; private set; }

    /// <summary>Extra that open authorizations hold.</summary>
    public Money ExtraHeld { get; private set; }

    /// <summary>What nobody paid and nobody owes.</summary>
    public Money Uncollected { get; private set; }

    /// <summary>Credit that was given in it, adjustments included; what a correction gave back of what a final period had used counts as given.</summary>
    public Money CreditGranted { get; private set; }

    /// <summary>Credit that its charges and reallocations used, less what corrections gave back.</summary>
    public Money CreditUsed { get; private set; }

    /// <summary>Credit that was lost.</summary>
    public Money CreditExpired { get; private set; }

    /// <summary>How many authorizations given in this period are open.</summary>
    public int OpenHolds { get; private set; }

    /// <summary>Whether the next period has begun.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Whether nothing in it can change any more: it has ended and its last hold has too.</summary>
    public bool IsFinal => HasEnded && OpenHolds == 0;

    /// <summary>The extra by promotion; sums to <see cref="ExtraUsed"/>.</summary>
    public IReadOnlyList<DiscountedExtra> ExtraByPromotion { get => _extraByPromotion; private set => _extraByPromotion = [.. value]; }

    /// <summary>What flowed per model.</summary>
    public IReadOnlyList<ModelFlow> ModelFlows { get => _modelFlows; private set => _modelFlows = [.. value]; }

    /// <summary>What each grant took over of its extra.</summary>
    public IReadOnlyList<MovedCredit> MovedToCredit { get => _movedToCredit; private set => _movedToCredit = [.. value]; }

    /// <summary>What <see cref="Fee"/> is made of.</summary>
    public IReadOnlyList<FeeLine> FeeLines { get => _feeLines; private set => _feeLines = [.. value]; }

    /// <summary>Charges of final periods that were reversed in this one.</summary>
    public IReadOnlyList<LateCorrection> LateCorrections { get => _lateCorrections; private set => _lateCorrections = [.. value]; }

    /// <summary>What promotions take off.</summary>
    public Money Discount => Money.Sum(_extraByPromotion, e => e.Discount);

    /// <summary>What is owed for extra usage.</summary>
    public Money Owed => ExtraUsed - Discount;

    /// <summary>What the cap still allows.</summary>
    public Money CapRemaining => (Cap - ExtraUsed - ExtraHeld).OrZero;

    /// <summary>Whether its row is to be written for the first time.</summary>
    public bool IsNew { get; internal set; }

    /// <summary>Whether its row is to be written.</summary>
    public bool IsChanged { get; internal set; }

    internal ModelFlow FlowOf(string model) => _modelFlows.Find(f => f.Model == model) ?? new ModelFlow(model, Money.Zero, Money.Zero);

    internal void Adopt(PlanTerms terms)
    {
        AlertedTerms = null;
        (Plan, PlanFee, PlanCredit, ExtraUsageAllowed, LargestCap) = (terms.Plan, terms.MonthlyFee, terms.MonthlyCredit, terms.ExtraUsageAllowed, terms.LargestCap);
        IsChanged = true;
    }

    /// <summary>Adopts the terms of a higher plan, or after being dormant those of any, and prorates the differences of fee and of credit by the time left.</summary>
    internal (Money Fee, Money Credit) Upgrade(PlanTerms terms, DateTimeOffset now)
    {
        Int128 left = (End - now).Ticks;
        Int128 whole = (End - Start).Ticks;
        var fee = new Money(Rounding.HalfToEven((terms.MonthlyFee - PlanFee).Nanos * left, whole));
        var credit = new Money(Rounding.Down((terms.MonthlyCredit - PlanCredit).Nanos * left, whole));
        Fee += fee;
        Credit += credit;
        IsDormant = false;
        _feeLines = [.. _feeLines, new FeeLine(now, terms.Plan, fee)];
        Adopt(terms);
        return (fee, credit);
    }

    internal void Claimed(int grant)
    {
        MonthlyGrant = grant;
        IsChanged = true;
    }

    internal void LimitTo(Money cap)
    {
        IsChanged |= Cap != cap;
        Cap = cap;
    }

    internal void HoldGiven(string model, Money extra)
    {
        OpenHolds++;
        HoldExtra(model, extra);
        Invariant.Holds(extra.IsZero || ExtraUsed + ExtraHeld <= Cap, "used and held extra stay within the cap");
    }

    internal void FreeExtra(string model, Money extra)
    {
        HoldExtra(model, Money.Zero - extra);
        Invariant.Holds(ExtraHeld >= Money.Zero, "a hold is given back once");
    }

    internal void HoldEnded()
    {
        OpenHolds--;
        IsChanged = true;
        Invariant.Holds(OpenHolds >= 0, "a hold ends once");
    }

    internal void UseExtra(string model, Money amount, Promotion? promotion)
    {
        AddExtra(promotion?.Name, promotion?.PercentMillionths ?? 0, amount);
        var flow = FlowOf(model);
        SetFlow(flow with { Used = flow.Used + amount });
    }

    internal void MoveToCredit(DiscountedExtra from, Money amount, int grant)
    {
        TakeOff(from, amount);
        Moved(grant, amount);
    }

    /// <summary>A charge was reversed: its part is no longer extra. What flowed to the model stays.</summary>
    internal void TakeOff(DiscountedExtra from, Money amount) => AddExtra(from.Promotion, from.PercentMillionths, Money.Zero - amount);

    /// <summary>A charge was reversed whose extra a grant had taken over.</summary>
    internal void MovedBack(int grant, Money amount) => Moved(grant, Money.Zero - amount);

    internal void Corrected(LateCorrection correction)
    {
        _lateCorrections = [.. _lateCorrections, correction];
        IsChanged = true;
    }

    internal void CountCredit(EntryKind kind, Money amount, bool isLate)
    {
        (CreditGranted, CreditUsed, CreditExpired) = new CreditFigures(CreditGranted, CreditUsed, CreditExpired).With(kind, amount, isLate);
        IsChanged = true;
    }

    internal void NotCollected(Money amount)
    {
        Uncollected += amount;
        IsChanged = true;
    }

    internal void Ended()
    {
        HasEnded = true;
        IsChanged = true;
    }

    /// <summary>Its lists are replaced when they change, never added to once they stand, so the copy may begin with the same ones.</summary>
    internal AccountPeriod Copy() => (AccountPeriod)MemberwiseClone();

    private void HoldExtra(string model, Money amount)
    {
        IsChanged = true;
        if (amount.IsZero)
        {
            return;
        }
        ExtraHeld += amount;
        var flow = FlowOf(model);
        SetFlow(flow with { Held = flow.Held + amount });
    }

    private void AddExtra(string? promotion, int percentMillionths, Money amount)
    {
        var before = _extraByPromotion.Find(e => e.Promotion == promotion)?.Amount ?? Money.Zero;
        var after = new DiscountedExtra(promotion, percentMillionths, before + amount);
        _extraByPromotion = [.. _extraByPromotion.Where(e => e.Promotion != promotion)];
        if (!after.Amount.IsZero)
        {
            _extraByPromotion.Add(after);
        }
        ExtraUsed += amount;
        IsChanged = true;
        Invariant.Holds(after.Amount >= Money.Zero && Money.Sum(_extraByPromotion, e => e.Amount) == ExtraUsed, "a period's extra is the sum of its parts");
    }

    private void Moved(int grant, Money amount)
    {
        var after = new MovedCredit(grant, (_movedToCredit.Find(m => m.Grant == grant)?.Amount ?? Money.Zero) + amount);
        _movedToCredit = [.. _movedToCredit.Where(m => m.Grant != grant), .. after.Amount.IsZero ? Array.Empty<MovedCredit>() : [after]];
        IsChanged = true;
        Invariant.Holds(after.Amount >= Money.Zero, "no more credit comes back than took over extra");
    }

    private void SetFlow(ModelFlow flow) => _modelFlows = [.. _modelFlows.Where(f => f.Model != flow.Model), flow];
}
