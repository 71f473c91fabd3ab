using Ledger;
using Portal.Accounts;

namespace Portal.History;

/// <summary>The balance as it stood at an instant, and what brought it there.</summary>
/// <param name="Account">The account's key.</param>
/// <param name="AsOf">When it was read.</param>
/// <param name="At">The instant.</param>
/// <param name="Balance">The balance then; <c>null</c> if there was no account yet, or it is kept in the archive.</param>
/// <param name="Until">The last instant of the period that can be looked at: its end, or now.</param>
/// <param name="Causes">What happened last, at or before the instant: all of it, if several things fell on one.</param>
/// <param name="Earlier">The step before.</param>
/// <param name="Later">The next step; <c>null</c> if there was none yet.</param>
/// <param name="Marks">When credit came, moved or was lost in the period, charges aside.</param>
public sealed record MomentFigures(
    string Account, DateTimeOffset AsOf, DateTimeOffset At, Balance? Balance, DateTimeOffset Until,
    IReadOnlyList<HistoryLine> Causes, DateTimeOffset? Earlier, DateTimeOffset? Later, IReadOnlyList<DateTimeOffset> Marks) : AccountFigures(Account, AsOf)
{
    /// <summary>That the balance is kept in the archive, if it is.</summary>
    public string? Archived { get; init; }
}
