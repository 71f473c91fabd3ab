namespace Ledger;

/// <summary>An account's situation in one word; the first that fits, in this order. See docs/rules.md, "Refusals".</summary>
public enum BalanceState
{
    /// <summary>The account is closed.</summary>
    Closed,

    /// <summary>The programme is announced, paused or ended.</summary>
    ProgrammeNotActive,

    /// <summary>The plan has no credit, none was given otherwise, and extra usage is off.</summary>
    NoCredit,

    /// <summary>Nothing would be allowed, and a claim would not help.</summary>
    Stopped,

    /// <summary>The credit waits to be claimed.</summary>
    Unclaimed,

    /// <summary>The credit is empty and extra usage carries.</summary>
    Spilling,

    /// <summary>Credit pays.</summary>
    Active,
}

/// <summary>The live grants together.</summary>
/// <param name="Claimable">What can be claimed now.</param>
/// <param name="Granted">What was granted.</param>
/// <param name="Used">What is used.</param>
/// <param name="Held">What open authorizations hold.</param>
/// <param name="ExpiresAt">When the first of what is left is lost; <c>null</c> without grants.</param>
public sealed record CreditBalance(Money Claimable, Money Granted, Money Used, Money Held, DateTimeOffset? ExpiresAt)
{
    /// <summary>Granted less used and held.</summary>
    public Money Remaining => Granted - Used - Held;
}

/// <summary>This period's extra usage.</summary>
/// <param name="IsOn">Whether it is on.</param>
/// <param name="Used">What is used, at API rates.</param>
/// <param name="Held">What open authorizations hold.</param>
/// <param name="Cap">The cap in force; <c>null</c> while it is off.</param>
/// <param name="Remaining">What the cap still allows; nothing while it is off.</param>
/// <param name="Discount">What promotions take off.</param>
/// <param name="Uncollected">What nobody paid and nobody owes.</param>
public sealed record ExtraUsageBalance(bool IsOn, Money Used, Money Held, Money? Cap, Money Remaining, Money Discount, Money Uncollected)
{
    /// <summary>Used less discounts.</summary>
    public Money Owed => Used - Discount;
}

/// <summary>What the answer to an account's first question is: how much is left, until when, and what happens next.</summary>
/// <param name="Account">The account's key.</param>
/// <param name="AsOf">The instant that it is true for.</param>
/// <param name="Plan">The plan's key.</param>
/// <param name="State">The situation in one word.</param>
/// <param name="Period">The period that runs.</param>
/// <param name="Credit">The live grants together.</param>
/// <param name="ExtraUsage">This period's extra usage.</param>
/// <param name="Next">Why one nano-dollar of programmatic use, on a model without a cap of its own, would be refused now; <c>null</c> if it would be allowed.</param>
public sealed record Balance(
    string Account, DateTimeOffset AsOf, string Plan, BalanceState State, Period Period, CreditBalance Credit, ExtraUsageBalance ExtraUsage, Refusal? Next);

/// <summary>The balance of an account at an instant.</summary>
public sealed partial class Account
{
    /// <summary>
    /// Brings the account up to the instant and sums it up. Whoever only wants to look does so on a copy that is not written.
    /// </summary>
    public Balance BalanceAt(PriceBook book, DateTimeOffset now)
    {
        now = AdvanceTo(now, book);
        var live = Grants.FindAll(g => g.CanPayFor(now));
        var phase = book.ProgrammeAt(now);
        var next = Next(phase, book, now);
        var credit = new CreditBalance(
            phase.IsActive && Status == AccountStatus.Open ? Claimable : Money.Zero,
            Money.Sum(live, g => g.Amount), Money.Sum(live, g => g.Used), Money.Sum(live, g => g.Held),
            SoonestExpiry(live));
        var extra = new ExtraUsageBalance(ExtraUsageOn, Current.ExtraUsed, Current.ExtraHeld, ExtraUsageOn ? Current.Cap : null,
            ExtraUsageOn ? Current.CapRemaining : Money.Zero, Current.Discount, Current.Uncollected);
        return new Balance(Key, now, Plan, StateOf(credit, phase, next), new Period(Current.Index, Current.Start, Current.End), credit, extra, next);
    }

    /// <summary>When the first credit is lost that is left; of credit that is used up, when its time has passed.</summary>
    private static DateTimeOffset? SoonestExpiry(List<Grant> live) =>
        live.Count == 0 ? null : live.Where(g => g.Left.IsPositive).DefaultIfEmpty(live[0]).Min(g => g.ExpiresAt);

    /// <summary>What one nano-dollar of programmatic use would get.</summary>
    private Refusal? Next(ProgrammePhase phase, PriceBook book, DateTimeOffset now) =>
        Status == AccountStatus.Closed ? new Refusal(RefusalCode.AccountClosed, Money.Zero, LimitsFor(null, now), null, Claimable, null)
        : phase.ProgrammaticUse == ProgrammaticUse.Included ? null
        : phase.ProgrammaticUse == ProgrammaticUse.Refused
            ? new Refusal(RefusalCode.ProgrammeNotActive, Money.Zero, LimitsFor(null, now), null, Claimable, book.NextActivation(now))
        : WhyNotCarried(Money.Smallest, null, now);

    private BalanceState StateOf(CreditBalance credit, ProgrammePhase phase, Refusal? next) =>
        Status == AccountStatus.Closed ? BalanceState.Closed
        : !phase.IsActive ? BalanceState.ProgrammeNotActive
        : !Current.Credit.IsPositive && credit.Remaining.IsZero && !ExtraUsageOn ? BalanceState.NoCredit
        : next is not null && next.Code != RefusalCode.CreditNotClaimed ? BalanceState.Stopped
        : Claimable.IsPositive ? BalanceState.Unclaimed
        : credit.Remaining.IsZero ? BalanceState.Spilling
        : BalanceState.Active;
}
