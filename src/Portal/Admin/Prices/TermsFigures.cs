using Portal.Terms;

namespace Portal.Admin.Prices;

/// <summary>A version in a list.</summary>
public sealed record TermsLine(TermsKind Kind, int Number, TermsState State, DateTimeOffset EffectiveFrom, DateTimeOffset? KeepUntil, string Reason, string Author, string? Approver, DateTimeOffset EditedAt, int Changes);

/// <summary>What the list of versions shows.</summary>
public sealed record TermsListFigures(TermsKind Kind, DateTimeOffset AsOf, IReadOnlyList<TermsLine> Versions);

/// <summary>What waits for a second administrator, and who sent it.</summary>
public sealed record ApprovalsFigures(DateTimeOffset AsOf, IReadOnlyList<TermsLine> Waiting);

/// <summary>An account that is pinned to terms, from its next period on or already.</summary>
public sealed record PinnedAccount(string Account, string Plan);

/// <summary>What the page of a version shows.</summary>
/// <param name="Kind">Which terms.</param>
/// <param name="Number">Which version.</param>
/// <param name="AsOf">When it was read.</param>
/// <param name="State">What it is now.</param>
/// <param name="Revision">The revision that is shown.</param>
/// <param name="Draft">What is written of it.</param>
/// <param name="Before">The terms that it replaces, or replaced.</param>
/// <param name="Replaces">What an approval is bound to.</param>
/// <param name="InUse">The models that it leaves out and that were asked for lately.</param>
/// <param name="Impact">Its impact, if that is of this revision and beside these terms.</param>
/// <param name="Author">Who made it.</param>
/// <param name="EditedBy">Who wrote it last.</param>
/// <param name="EditedAt">When.</param>
/// <param name="SentBy">Who sent it for approval.</param>
/// <param name="Approver">Who approved it.</param>
/// <param name="ApprovedAt">When.</param>
/// <param name="Ended">Who withdrew it or sent it back, when and why.</param>
/// <param name="NotBy">Who cannot approve it: their ids as actors.</param>
/// <param name="Pinned">Accounts that are pinned to it.</param>
public sealed record TermsFigures(
    TermsKind Kind, int Number, DateTimeOffset AsOf, TermsState State, int Revision, TermsDraft Draft, TermsSheet Before, string Replaces, IReadOnlyList<string> InUse, Impact? Impact,
    string Author, string EditedBy, DateTimeOffset EditedAt, string? SentBy, string? Approver, DateTimeOffset? ApprovedAt, string? Ended, IReadOnlyList<string> NotBy, IReadOnlyList<PinnedAccount> Pinned)
{
    /// <summary>Whether it can still be written.</summary>
    public bool IsOpen => State is TermsState.Draft or TermsState.Waiting;

    /// <summary>How its sheet looks.</summary>
    public SheetShape Shape() => SheetShape.Of(Kind);
}
