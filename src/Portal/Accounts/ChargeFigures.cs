using Ledger;

namespace Portal.Accounts;

/// <summary>A part of a charge: which grant or pool paid how much.</summary>
public sealed record ChargePart(EntryPool Pool, GrantKind? Grant, int? GrantNumber, DateTimeOffset? ExpiresAt, Money Amount, string? Promotion);

/// <summary>That a charge was reversed.</summary>
public sealed record ChargeReversal(DateTimeOffset At, string Reason);

/// <summary>How the subscriber's objection to a charge stands.</summary>
public sealed record ChargeDispute(DisputeState State, string Text, DateTimeOffset OpenedAt, DateTimeOffset ChangedAt, string? Answer);

/// <summary>A charge that explains itself.</summary>
public sealed record ChargeFigures(
    string Account, DateTimeOffset AsOf, string Id, string Model, string ModelKey, string Surface, string? App, DateTimeOffset Time, DateTimeOffset RecordedAt,
    string? Authorization, string? Event, IReadOnlyList<PriceLine> Lines, Money List, Money Credit, Money Extra, Money Uncollected, bool IsIncluded, bool IsLate,
    int RateCardVersion, DateTimeOffset RateCardFrom, long TierAbove, bool HasTiers, long PromptTokens, string? Promotion, string? PromotionPercent,
    IReadOnlyList<ChargePart> Parts, string Why, ChargeReversal? Reversal, ChargeDispute? Dispute) : AccountFigures(Account, AsOf);
