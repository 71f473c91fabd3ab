using Ledger;
using Portal.Accounts;

namespace Portal.ExtraUsage;

/// <summary>A model that the rate card in force prices.</summary>
public sealed record PricedModel(string Model, string Name);

/// <summary>A model's cap, and what of it is used and held.</summary>
public sealed record CappedModel(string Model, string Name, Money Cap, Money Used, Money Held);

/// <summary>A promotion in force.</summary>
public sealed record PromotionInForce(string Name, string Percent, DateTimeOffset To, IReadOnlyList<string> Models);

/// <summary>One change: what, by whom, when; and what was agreed to.</summary>
public sealed record ChangeLine(int Number, DateTimeOffset At, string What, string By, string? Consent);

/// <summary>What the extra usage page shows.</summary>
/// <param name="Account">The account's key.</param>
/// <param name="AsOf">The instant that it is true for.</param>
/// <param name="Balance">How much is used, held and left.</param>
/// <param name="Plan">The plan's name.</param>
/// <param name="Programme">Where the programme stands.</param>
/// <param name="IsAllowed">Whether the plan has extra usage.</param>
/// <param name="LargestCap">The plan's largest cap.</param>
/// <param name="Cap">The subscriber's cap, kept while extra usage is off.</param>
/// <param name="OnSince">When it was last turned on.</param>
/// <param name="StillHeld">Extra that open authorizations hold, in any period.</param>
/// <param name="RateCardVersion">The rate card in force.</param>
/// <param name="DailyCap">The cap of a UTC day.</param>
/// <param name="DayUsed">Extra used today.</param>
/// <param name="DayHeld">Extra held today.</param>
/// <param name="DayEndsAt">When the UTC day ends.</param>
/// <param name="ModelCaps">The models with a cap.</param>
/// <param name="Models">The models that a cap can be set for.</param>
/// <param name="Promotions">The promotions in force for the plan.</param>
/// <param name="Changes">Who changed what when, the newest first.</param>
public sealed record ExtraUsageFigures(
    string Account, DateTimeOffset AsOf, Balance Balance, string Plan, ProgrammeState Programme, bool IsAllowed, Money LargestCap, Money? Cap, DateTimeOffset? OnSince, Money StillHeld,
    int? RateCardVersion, Money? DailyCap, Money DayUsed, Money DayHeld, DateTimeOffset DayEndsAt,
    IReadOnlyList<CappedModel> ModelCaps, IReadOnlyList<PricedModel> Models, IReadOnlyList<PromotionInForce> Promotions, IReadOnlyList<ChangeLine> Changes)
    : AccountFigures(Account, AsOf)
{
    /// <summary>Extra usage of this period.</summary>
    public ExtraUsageBalance Extra => Balance.ExtraUsage;

    /// <summary>Whether the account is closed.</summary>
    public bool IsClosed => Balance.State == BalanceState.Closed;

    /// <summary>The cap that the dialog proposes: the one from before, or $25.00 if the plan allows that much.</summary>
    public Money ProposedCap => Money.Min(Cap ?? Money.FromDollars(25), LargestCap);
}
