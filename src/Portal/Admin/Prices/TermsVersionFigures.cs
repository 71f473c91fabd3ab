using Portal.Terms;

namespace Portal.Admin.Prices;

/// <summary>A version in a list.</summary>
public sealed record TermsLine(TermsKind Kind, int Number, TermsState State, DateTimeOffset EffectiveFrom, DateTimeOffset? KeepUntil, string Reason, string Author, string? Approver, DateTimeOffset EditedAt, int Changes);

/// <summary>What the list of versions shows.</summary>
/// <param name="Kind">Which terms.</param>
/// <param name="AsOf">When it was read.</param>
/// <param name="Versions">The versions.</param>
/// <param name="Pinned">Of plans: the accounts that are pinned to any version, and whose keys begin as was asked.</param>
public sealed record TermsListFigures(TermsKind Kind, DateTimeOffset AsOf, IReadOnlyList<TermsLine> Versions, PinnedAccounts Pinned);

/// <summary>A proposal in the list of what waits.</summary>
/// <param name="Id">The proposal.</param>
/// <param name="What">What it does.</param>
/// <param name="Path">The page on which it is looked at and approved.</param>
/// <param name="From">From when it would count; <c>null</c>: as soon as it is approved.</param>
/// <param name="Author">Who proposed it.</param>
/// <param name="Reason">Why.</param>
/// <param name="Impact">What it would have changed for all accounts together; <c>null</c>: not worked out yet.</param>
public sealed record WaitingChange(string Id, string What, string Path, DateTimeOffset? From, string Author, string Reason, Ledger.Money? Impact);

/// <summary>What waits for a second administrator, and who sent it.</summary>
public sealed record ApprovalsFigures(DateTimeOffset AsOf, IReadOnlyList<TermsLine> Waiting, IReadOnlyList<WaitingChange> Changes);

/// <summary>An account that is pinned to terms, from its next period on or already, and the version that they are of.</summary>
public sealed record PinnedAccount(string Account, string Plan, int? Version = null);

/// <summary>The first accounts that are pinned, by their keys, and how many there are.</summary>
public sealed record PinnedAccounts(IReadOnlyList<PinnedAccount> First, int Count)
{
    public static readonly PinnedAccounts None = new([], 0);
}

/// <summary>That a version was withdrawn, or sent back as a draft: who, when and why.</summary>
public sealed record TermsEnd(string By, DateTimeOffset At, string Reason);

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
public sealed record TermsVersionFigures(
    TermsKind Kind, int Number, DateTimeOffset AsOf, TermsState State, int Revision, TermsDraft Draft, TermsSheet Before, string Replaces, IReadOnlyList<string> InUse, Impact? Impact,
    string Author, string EditedBy, DateTimeOffset EditedAt, string? SentBy, string? Approver, DateTimeOffset? ApprovedAt, TermsEnd? Ended, IReadOnlyList<string> NotBy, PinnedAccounts Pinned)
{
    /// <summary>Whether it can still be written.</summary>
    public bool IsOpen => State is TermsState.Draft or TermsState.Waiting;

    /// <summary>How its sheet looks.</summary>
    public SheetShape Shape() => SheetShape.Of(Kind);
}
