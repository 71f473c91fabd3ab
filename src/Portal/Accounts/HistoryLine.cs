using System.Globalization;
using Ledger;

namespace Portal.Accounts;

/// <summary>What a line of an account's history is about; the history is filtered by it.</summary>
public enum LineKind
{
    /// <summary>A charge, all its parts together.</summary>
    Charge,

    /// <summary>A charge of use that costs nothing.</summary>
    Included,

    /// <summary>Credit that came, went, moved or was lost.</summary>
    Credit,

    /// <summary>A request that may not run.</summary>
    Refusal,

    /// <summary>A switch or a cap that somebody changed.</summary>
    Setting,
}

/// <summary>One line of an account's history.</summary>
/// <param name="Key">Names the line within the account.</param>
/// <param name="At">When.</param>
/// <param name="Kind">What it is about.</param>
/// <param name="Title">What happened.</param>
/// <param name="Detail">More of it.</param>
/// <param name="Amount">How much moved, with its sign as the subscriber sees it; <c>null</c> where no money moved.</param>
/// <param name="CreditAfter">Credit left after it.</param>
/// <param name="ExtraAfter">The period's extra usage after it.</param>
/// <param name="Charge">The charge's public id.</param>
/// <param name="Refusal">The refusal, with every limit's numbers at that moment.</param>
public sealed record HistoryLine(
    string Key, DateTimeOffset At, LineKind Kind, string Title, string? Detail,
    Money? Amount, Money? CreditAfter, Money? ExtraAfter, string? Charge, Refusal? Refusal);

/// <summary>
/// Which lines are shown: of one kind or of all, from an instant to before another; on demand without refusals, which move nothing, or without charges. Included use
/// stands among all lines only where it is asked for. A model, a surface or an app narrows to what names it; the app "" to what names none. In the words of the
/// subscriber, or of staff.
/// </summary>
public sealed record HistoryFilter(
    LineKind? Kind = null, DateTimeOffset? From = null, DateTimeOffset? Before = null, bool MovesOnly = false, bool WithoutCharges = false, bool WithIncluded = false,
    string? Model = null, string? Surface = null, string? App = null, bool ForStaff = false)
{
    /// <summary>How many rows of a source one page looks through for what a narrow filter asks for.</summary>
    public int Reach { get; init; } = EntrySearch.Reach;

    /// <summary>Whether most lines may not fit, so that looking for those that do has to end somewhere.</summary>
    public bool IsNarrow => Model is not null || Surface is not null || App is not null;
}

/// <summary>
/// Where a page of the history begins: below this entry, this included charge and this change, and among refusals after the first
/// <paramref name="RefusalsSeen"/> of those at an instant. New lines do not shift it.
/// </summary>
public sealed record HistoryPosition(long Entry, long Included, int Change, DateTimeOffset RefusedAt, int RefusalsSeen)
{
    /// <summary>The newest line.</summary>
    public static HistoryPosition Top { get; } = new(long.MaxValue, long.MaxValue, int.MaxValue, DateTimeOffset.MaxValue, 0);

    /// <summary>Below the oldest line.</summary>
    public static HistoryPosition End { get; } = new(1, 1, 1, DateTimeOffset.UnixEpoch, 0);

    /// <summary>As it stands in an address.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Entry}.{Included}.{Change}.{RefusedAt.UtcTicks}.{RefusalsSeen}");

    /// <summary>Reads one from an address; <c>null</c> if it is none.</summary>
    public static HistoryPosition? Parse(string? text) =>
        text?.Split('.') is [var entry, var included, var change, var ticks, var seen]
        && long.TryParse(entry, NumberStyles.None, CultureInfo.InvariantCulture, out var e)
        && long.TryParse(included, NumberStyles.None, CultureInfo.InvariantCulture, out var i)
        && int.TryParse(change, NumberStyles.None, CultureInfo.InvariantCulture, out var c)
        && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var t) && t <= DateTimeOffset.MaxValue.UtcTicks
        && int.TryParse(seen, NumberStyles.None, CultureInfo.InvariantCulture, out var s) && s <= 100_000
            ? new HistoryPosition(e, i, c, new DateTimeOffset(t, TimeSpan.Zero), s)
            : null;
}

/// <summary>One page of the history.</summary>
/// <param name="Lines">Its lines, the newest first.</param>
/// <param name="Older">Where the older lines begin; <c>null</c> if these are the oldest.</param>
/// <param name="LookedBackTo">Where looking for what fits ended before the page was full; <c>null</c> if it did not.</param>
public sealed record HistoryPart(IReadOnlyList<HistoryLine> Lines, string? Older, DateTimeOffset? LookedBackTo = null)
{
    /// <summary>That older lines are kept in the archive, in a sentence; <c>null</c> if there may be more, or none ever was.</summary>
    public string? Archived { get; init; }
}
