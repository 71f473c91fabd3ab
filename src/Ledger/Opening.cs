namespace Ledger;

/// <summary>
/// What an account had come to at an instant, by its entries and charges alone: a <see cref="Fold"/> goes on from it without them. Written once, after all of
/// them were folded and compared, and never changed.
/// </summary>
/// <param name="Account">The account's key.</param>
/// <param name="Until">All that counts before this instant is in it.</param>
/// <param name="Seq">The last entry before.</param>
/// <param name="Charge">The last charge before.</param>
/// <param name="State">What they came to.</param>
/// <remarks>Source: docs/scale.md, "Old months".</remarks>
public sealed record Opening(string Account, DateTimeOffset Until, long Seq, long Charge, OpeningState State);

/// <summary>What entries came to.</summary>
/// <param name="At">The instant of the last of them.</param>
/// <param name="Credit">The credit left after it.</param>
/// <param name="Grants">Every grant that there was.</param>
/// <param name="Periods">Every period that had an entry.</param>
/// <param name="Parts">The parts of charges that were being reversed, or were yet to be.</param>
/// <param name="Reversed">The charges that were reversed.</param>
public sealed record OpeningState(
    DateTimeOffset At, Money Credit, IReadOnlyList<OpeningGrant> Grants, IReadOnlyList<OpeningPeriod> Periods, IReadOnlyList<OpeningPart> Parts, IReadOnlyList<long> Reversed);

/// <summary>What a grant had come to.</summary>
public sealed record OpeningGrant(int Number, Money Amount, Money Used, Money Expired);

/// <summary>What a period had come to; the promotion "" stands for none.</summary>
public sealed record OpeningPeriod(
    int Index, Money Extra, CreditFigures Credit, Money Uncollected, IReadOnlyDictionary<string, Money> ByPromotion, IReadOnlyDictionary<string, Money> Refunded,
    IReadOnlyDictionary<int, Money> TakenOver, IReadOnlyDictionary<int, Money> CameBack);

/// <summary>An entry that a charge was written with, and how much of it was taken back.</summary>
public sealed record OpeningPart(long Charge, long Seq, int Period, EntryPool Pool, int? Grant, Money Amount, Money Reversed);
