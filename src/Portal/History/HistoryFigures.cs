using Portal.Accounts;

namespace Portal.History;

/// <summary>Something that the history can be narrowed to: its key, and what people call it.</summary>
public sealed record HistoryChoice(string Key, string Name);

/// <summary>One page of the history.</summary>
/// <param name="Account">The account's key.</param>
/// <param name="AsOf">When it was read.</param>
/// <param name="Query">The address that it was read for.</param>
/// <param name="Lines">The lines, newest first.</param>
/// <param name="Older">Where the older ones begin.</param>
/// <param name="LookedBackTo">Where looking for what fits ended before the page was full.</param>
/// <param name="Models">The models that are or were priced, and the one that is asked for.</param>
/// <param name="Surfaces">The surfaces that there are, and the one that is asked for.</param>
public sealed record HistoryFigures(
    string Account, DateTimeOffset AsOf, string Query, IReadOnlyList<HistoryLine> Lines, string? Older, DateTimeOffset? LookedBackTo,
    IReadOnlyList<HistoryChoice> Models, IReadOnlyList<HistoryChoice> Surfaces) : AccountFigures(Account, AsOf)
{
    /// <summary>That what is older is kept in the archive, if it is.</summary>
    public string? Archived { get; init; }
}
