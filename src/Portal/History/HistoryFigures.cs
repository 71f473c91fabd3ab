using Portal.Accounts;

namespace Portal.History;

/// <summary>One page of the history.</summary>
/// <param name="Account">The account's key.</param>
/// <param name="AsOf">When it was read.</param>
/// <param name="Query">The address that it was read for.</param>
/// <param name="Lines">The lines, newest first.</param>
/// <param name="Older">Where the older ones begin.</param>
public sealed record HistoryFigures(string Account, DateTimeOffset AsOf, string Query, IReadOnlyList<HistoryLine> Lines, string? Older) : AccountFigures(Account, AsOf);
