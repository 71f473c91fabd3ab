namespace Portal.Accounts;

/// <summary>Where a dispute stands.</summary>
public enum DisputeState
{
    /// <summary>Nobody in support has looked yet.</summary>
    Open,

    /// <summary>Somebody in support looks into it.</summary>
    Taken,

    /// <summary>Support answered, and the charge stands.</summary>
    Answered,

    /// <summary>The charge was reversed.</summary>
    Corrected,

    /// <summary>The subscriber took it back.</summary>
    Withdrawn,
}

/// <summary>A subscriber's objection to a charge, and what became of it. It moves no money: a correction does, with entries of its own. A charge has at most one.</summary>
public sealed class Dispute
{
    public string Account { get; init; } = "";

    /// <summary>The charge's number.</summary>
    public long Charge { get; init; }

    /// <summary>What the subscriber says, in their words.</summary>
    public string Text { get; set; } = "";

    public DisputeState State { get; set; }

    public DateTimeOffset OpenedAt { get; set; }

    /// <summary>When it came into its present state.</summary>
    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>Who of support looks, or looked, into it.</summary>
    public string? TakenBy { get; set; }

    /// <summary>What support says, for the subscriber to read.</summary>
    public string? Answer { get; set; }

    /// <summary>Whether somebody has to do something about it.</summary>
    public bool IsPending => State is DisputeState.Open or DisputeState.Taken;

    /// <summary>Whether it stands in the database already.</summary>
    internal bool IsNew { get; init; }

    /// <summary>Whether the present transaction changed it.</summary>
    internal bool IsChanged { get; private set; }

    internal void Become(DisputeState state, DateTimeOffset now) => (State, ChangedAt, IsChanged) = (state, now, true);
}
