namespace Ledger;

/// <summary>One step of an account's real history, as <see cref="Replay"/> takes it.</summary>
/// <param name="At">When Portal decided it.</param>
public abstract record ReplayStep(DateTimeOffset At)
{
    /// <summary>
    /// The order in which steps are taken: by their instants, and on one instant what was set, then what was given, then what was authorized, what was charged (by number),
    /// and what was refused. What Portal itself did on a boundary is no step: the account does it again.
    /// </summary>
    public abstract int Rank { get; }

    /// <summary>The account as it was when the replay begins: when it was opened, or an instant before the first period that is looked at.</summary>
    /// <param name="Account">The account's key.</param>
    /// <param name="Anchor">Where its periods are counted from.</param>
    /// <param name="At">The instant.</param>
    /// <param name="Settings">What was set then.</param>
    /// <param name="Carried">Grants that lived on into the first period and were not that of a month, with what was left of them.</param>
    /// <param name="IsOpening">Whether the account was opened then, so that the period of this instant is the first that is looked at; else it is the next.</param>
    public sealed record Began(string Account, DateTimeOffset Anchor, DateTimeOffset At, AccountSettings Settings, IReadOnlyList<CarriedGrant> Carried, bool IsOpening) : ReplayStep(At)
    {
        /// <inheritdoc />
        public override int Rank => -1;
    }

    /// <summary>Somebody changed a setting.</summary>
    public sealed record Changed(AccountChange Change) : ReplayStep(Change.At)
    {
        /// <inheritdoc />
        public override int Rank => 0;
    }

    /// <summary>The period's credit was claimed, by its owner or by itself.</summary>
    public sealed record Claimed(DateTimeOffset At) : ReplayStep(At)
    {
        /// <inheritdoc />
        public override int Rank => 1;
    }

    /// <summary>Credit was given that is not that of a month.</summary>
    public sealed record Given(DateTimeOffset At, Money Amount, DateTimeOffset ExpiresAt) : ReplayStep(At)
    {
        /// <inheritdoc />
        public override int Rank => 1;
    }

    /// <summary>A request was authorized that <paramref name="Charge"/> settles while it is held. It asks for what it then really used.</summary>
    public sealed record Authorized(DateTimeOffset At, Charge Charge) : ReplayStep(At)
    {
        /// <inheritdoc />
        public override int Rank => 2;
    }

    /// <summary>Use was charged: a held request was settled, or else an event was recorded.</summary>
    public sealed record Charged(Charge Charge) : ReplayStep(Charge.RecordedAt)
    {
        /// <inheritdoc />
        public override int Rank => 3;
    }

    /// <summary>A request was refused.</summary>
    public sealed record Refused(DateTimeOffset At, string Model, string Surface, string? App, Usage Max) : ReplayStep(At)
    {
        /// <inheritdoc />
        public override int Rank => 4;
    }
}

/// <summary>A grant that lived on into a replay's first period.</summary>
/// <param name="Amount">What was left of it.</param>
/// <param name="UsableFrom">The start of the period in which it was given.</param>
/// <param name="GrantedAt">When it was given.</param>
/// <param name="ExpiresAt">When it is lost.</param>
/// <param name="Period">The index of the period in which it was given.</param>
public sealed record CarriedGrant(Money Amount, DateTimeOffset UsableFrom, DateTimeOffset GrantedAt, DateTimeOffset ExpiresAt, int Period);
