using Ledger;
using Portal.Terms;

namespace Portal.Admin.Programme;

/// <summary>Something that has a key and a name.</summary>
public sealed record Named(string Key, string Name);

/// <summary>A proposal, as the viewer sees it.</summary>
/// <param name="Proposal">The proposal.</param>
/// <param name="Author">Who proposed it, by their address.</param>
/// <param name="DecidedBy">Who approved it.</param>
/// <param name="IsMine">Whether the viewer proposed it, and so cannot approve it.</param>
public sealed record ProposalLine(TermsProposal Proposal, string Author, string? DecidedBy, bool IsMine);

/// <summary>What the pages of the programme, of surfaces and of promotions show.</summary>
/// <param name="AsOf">When it was read.</param>
/// <param name="Now">The programme's terms in force.</param>
/// <param name="Programme">Its terms, the latest first.</param>
/// <param name="Surfaces">The rows of the table of surfaces, by surface and then the latest first.</param>
/// <param name="Promotions">Every promotion, the latest first.</param>
/// <param name="Proposals">What waits for approval or for its date.</param>
/// <param name="Models">The models that have a price.</param>
/// <param name="Plans">The plans.</param>
/// <param name="UnknownSurfaces">Surfaces that events wait for.</param>
public sealed record TermsFigures(
    DateTimeOffset AsOf, ProgrammePhase Now, IReadOnlyList<ProgrammePhase> Programme, IReadOnlyList<SurfaceRule> Surfaces, IReadOnlyList<Promotion> Promotions,
    IReadOnlyList<ProposalLine> Proposals, IReadOnlyList<Named> Models, IReadOnlyList<Named> Plans, IReadOnlyList<string> UnknownSurfaces);
