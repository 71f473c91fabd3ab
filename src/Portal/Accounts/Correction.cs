using Ledger;

namespace Portal.Accounts;

/// <summary>Where a correction stands.</summary>
public enum CorrectionState
{
    /// <summary>It waits for a second person.</summary>
    Waiting,

    /// <summary>It may be carried out, and is.</summary>
    Approved,

    /// <summary>Each of its charges was decided.</summary>
    Done,

    /// <summary>A second person said no.</summary>
    Rejected,

    /// <summary>Whoever asked took it back.</summary>
    Withdrawn,
}

/// <summary>What a set of charges is found by. The set itself is written down when it is asked for, and stays as it is.</summary>
/// <param name="Account">Of one account; <c>null</c>: of all.</param>
/// <param name="Charge">One charge of the account alone; the rest is not looked at then.</param>
/// <param name="From">Recorded at or after this instant.</param>
/// <param name="To">Recorded before this one.</param>
/// <param name="Model">Of this model.</param>
/// <param name="Surface">From this surface.</param>
/// <param name="App">By this app.</param>
public sealed record CorrectionFilter(string? Account, long? Charge, DateTimeOffset From, DateTimeOffset To, string? Model, string? Surface, string? App);

/// <summary>What the charges of a set come to.</summary>
public sealed record CorrectionSum(long Charges, long Accounts, Money List, Money Credit, Money Extra, Money Uncollected);

/// <summary>
/// Charges that are to be reversed together, with one approval. Its charges were written down when it was asked for; each is then reversed at most once, in the
/// transaction that also says so in its row, so that it goes on where it stopped.
/// </summary>
public sealed class Correction
{
    /// <summary>Made by the page that asks, so that a double click asks once.</summary>
    public Guid Id { get; init; }

    public CorrectionFilter Filter { get; init; } = default!;

    public CorrectionSum Sum { get; init; } = default!;

    /// <summary>What the charges cost at API rates, by which the limit is compared.</summary>
    public Money List { get; init; }

    /// <summary>Why; the subscribers read it.</summary>
    public string Reason { get; init; } = "";

    public string Ticket { get; init; } = "";

    /// <summary>When the goodwill expires that stands for credit of grants whose time has passed.</summary>
    public DateTimeOffset GoodwillUntil { get; init; }

    public string RequestedBy { get; init; } = "";

    public DateTimeOffset RequestedAt { get; init; }

    public CorrectionState State { get; init; }

    /// <summary>The second person, or whoever took it back; <c>null</c> if it needed nobody.</summary>
    public string? DecidedBy { get; init; }

    public DateTimeOffset? DecidedAt { get; init; }

    public string? DecisionReason { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }
}

/// <summary>What became of one charge of a correction.</summary>
public enum CorrectionResult
{
    /// <summary>Nothing yet.</summary>
    Pending,

    /// <summary>It is reversed by this correction.</summary>
    Reversed,

    /// <summary>It was reversed before; nothing more was.</summary>
    AlreadyReversed,

    /// <summary>It could not be, and nothing was changed.</summary>
    Failed,
}

/// <summary>A charge of a correction.</summary>
public sealed class CorrectionItem
{
    public Guid Correction { get; init; }

    public string Account { get; init; } = "";

    public long Charge { get; init; }

    public Money List { get; init; }

    public CorrectionResult Result { get; private set; }

    /// <summary>Why it failed.</summary>
    public string? Why { get; private set; }

    public DateTimeOffset? At { get; private set; }

    internal bool IsChanged { get; private set; }

    internal void Become(CorrectionResult result, DateTimeOffset now, string? why = null) => (Result, At, Why, IsChanged) = (result, now, why, true);
}
