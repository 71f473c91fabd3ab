namespace Ledger;

/// <summary>What became of a claim. A closed set: switch over all of them.</summary>
public abstract record ClaimOutcome
{
    private ClaimOutcome() { }

    /// <summary>The credit is granted.</summary>
    public sealed record Claimed(Grant Grant) : ClaimOutcome;

    /// <summary>It was claimed before; nothing changed.</summary>
    public sealed record AlreadyClaimed(Grant Grant) : ClaimOutcome;

    /// <summary>The programme is not active; <paramref name="ActiveFrom"/> says when it will be, if that is scheduled.</summary>
    public sealed record ProgrammeNotActive(ProgrammePhase Phase, DateTimeOffset? ActiveFrom) : ClaimOutcome;

    /// <summary>The plan has no credit.</summary>
    public sealed record PlanHasNoCredit(string Plan) : ClaimOutcome;

    /// <summary>The account is closed.</summary>
    public sealed record AccountClosed : ClaimOutcome;
}

/// <summary>What became of a question for an authorization.</summary>
public abstract record AuthorizeOutcome
{
    private AuthorizeOutcome() { }

    /// <summary>It may run.</summary>
    public sealed record Granted(Authorization Authorization) : AuthorizeOutcome;

    /// <summary>It may not; nothing is held.</summary>
    public sealed record Refused(Refusal Refusal) : AuthorizeOutcome;
}

/// <summary>What became of a settlement.</summary>
public abstract record SettleOutcome
{
    private SettleOutcome() { }

    /// <summary>It is charged.</summary>
    public sealed record Settled(Authorization Authorization, Charge Charge) : SettleOutcome;

    /// <summary>The authorization has its charge already; compare before you answer.</summary>
    public sealed record AlreadySettled(Authorization Authorization, long Charge) : SettleOutcome;

    /// <summary>The authorization was released.</summary>
    public sealed record NotHeld(Authorization Authorization) : SettleOutcome;

    /// <summary>The use is too old or in the future; nothing changed.</summary>
    public sealed record Rejected(RejectionReason Reason) : SettleOutcome;
}

/// <summary>What became of a release.</summary>
public abstract record ReleaseOutcome
{
    private ReleaseOutcome() { }

    /// <summary>It holds nothing (any more).</summary>
    public sealed record Released(Authorization Authorization) : ReleaseOutcome;

    /// <summary>It has its charge; a charge never changes.</summary>
    public sealed record AlreadySettled(Authorization Authorization) : ReleaseOutcome;
}

/// <summary>What became of a usage event.</summary>
public abstract record RecordOutcome
{
    private RecordOutcome() { }

    /// <summary>It has its charge.</summary>
    public sealed record Recorded(Charge Charge) : RecordOutcome;

    /// <summary>Its model or surface is unknown; it waits for an admin, and is charged when replayed.</summary>
    public sealed record Parked(string Why) : RecordOutcome;

    /// <summary>It is refused and not remembered.</summary>
    public sealed record Rejected(RejectionReason Reason) : RecordOutcome;
}

/// <summary>Why a usage event is refused.</summary>
public enum RejectionReason
{
    /// <summary>No account has this key.</summary>
    UnknownAccount,

    /// <summary>It happened more than 35 days ago.</summary>
    TooOld,

    /// <summary>It is more than five minutes ahead.</summary>
    InFuture,

    /// <summary>The authorization that it names is unknown, or of another account, model or surface.</summary>
    WrongAuthorization,

    /// <summary>It is not a valid usage event.</summary>
    Invalid,
}

/// <summary>What became of a change to extra usage or its caps.</summary>
public abstract record ExtraUsageOutcome
{
    private ExtraUsageOutcome() { }

    /// <summary>It is as asked; <see cref="StillHeld"/> is what open authorizations may still use.</summary>
    public sealed record Changed(Money StillHeld) : ExtraUsageOutcome;

    /// <summary>It was so before.</summary>
    public sealed record Unchanged : ExtraUsageOutcome;

    /// <summary>The plan has no extra usage.</summary>
    public sealed record NotAllowedByPlan(string Plan) : ExtraUsageOutcome;

    /// <summary>The cap must be positive and at most the plan's largest.</summary>
    public sealed record CapOutOfRange(Money Largest) : ExtraUsageOutcome;

    /// <summary>Extra usage is off; turn it on with a cap first.</summary>
    public sealed record IsOff : ExtraUsageOutcome;

    /// <summary>No rate card prices the model.</summary>
    public sealed record UnknownModel(string Model) : ExtraUsageOutcome;

    /// <summary>The account is closed.</summary>
    public sealed record AccountClosed : ExtraUsageOutcome;
}

/// <summary>What became of the reversal of a charge.</summary>
public abstract record ReversalOutcome
{
    private ReversalOutcome() { }

    /// <summary>It is reversed, and its parts went where this says.</summary>
    public sealed record Reversed(ReversedCharge Reversal, WayBack Went) : ReversalOutcome;

    /// <summary>It was reversed before; nothing changed.</summary>
    public sealed record AlreadyReversed(ReversedCharge Earlier) : ReversalOutcome;

    /// <summary>It is included or came to nothing: nobody paid it and nobody owes it.</summary>
    public sealed record NothingToReverse : ReversalOutcome;

    /// <summary>A reversal says why.</summary>
    public sealed record ReasonMissing : ReversalOutcome;

    /// <summary>So much of it was paid by grants whose time has passed. It becomes a goodwill grant, and staff choose its expiry.</summary>
    public sealed record ExpiryNeeded(Money Amount) : ReversalOutcome;

    /// <summary>The expiry of the goodwill grant has passed.</summary>
    public sealed record ExpiryHasPassed(Money Amount) : ReversalOutcome;

    /// <summary>The account has no such charge.</summary>
    public sealed record UnknownCharge : ReversalOutcome;
}

/// <summary>Where the parts of a reversed charge went. What was credit and extra comes back whole: to grants, off the extra, or as a refund of what was owed for it.</summary>
/// <param name="Credit">Back to grants that live.</param>
/// <param name="Goodwill">The new grant, for what grants had paid whose time has passed.</param>
/// <param name="Extra">Off the extra of a period that is not final, at API rates.</param>
/// <param name="Refunded">Extra of a final period, at API rates.</param>
/// <param name="Refund">What had been owed for it: a line of the running period's statement.</param>
/// <param name="Uncollected">Nobody paid it and nobody owed it.</param>
public sealed record WayBack(Money Credit, Grant? Goodwill, Money Extra, Money Refunded, Money Refund, Money Uncollected);

/// <summary>What became of a change of plan, of a cancellation, or of taking one back.</summary>
public abstract record PlanOutcome
{
    private PlanOutcome() { }

    /// <summary>An upgrade: it counts at once. The differences are prorated by the time left.</summary>
    public sealed record Upgraded(Money Fee, Money Credit) : PlanOutcome;

    /// <summary>It counts from the next period.</summary>
    public sealed record FromNextPeriod(DateTimeOffset At) : PlanOutcome;

    /// <summary>The account closes then; until then it can be taken back. <see cref="StillHeld"/> is extra that open authorizations may still use.</summary>
    public sealed record Cancelled(DateTimeOffset At, Money StillHeld) : PlanOutcome;

    /// <summary>The present plan stays: a cancellation or the choice of another plan is taken back.</summary>
    public sealed record Kept : PlanOutcome;

    /// <summary>It was so before.</summary>
    public sealed record Unchanged : PlanOutcome;

    /// <summary>No plan has this key.</summary>
    public sealed record UnknownPlan(string Plan) : PlanOutcome;

    /// <summary>The plan is not one that subscribers choose themselves.</summary>
    public sealed record NotForSubscribers(string Plan) : PlanOutcome;

    /// <summary>The account is closed.</summary>
    public sealed record AccountClosed : PlanOutcome;

    /// <summary>It would do something else by now than the owner was shown and agreed to; nothing was done. <paramref name="Now"/> is what it would do.</summary>
    public sealed record NotAsShown(PlanPreview Now) : PlanOutcome;
}
