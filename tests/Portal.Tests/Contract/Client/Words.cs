using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portal.Tests.Contract.Client;

/// <summary>What a request uses. Absent is 0, or the default.</summary>
public sealed record Use
{
    public long? InputTokens { get; init; }

    [JsonPropertyName("cache_write_5m_tokens")]
    public long? CacheWrite5mTokens { get; init; }

    [JsonPropertyName("cache_write_1h_tokens")]
    public long? CacheWrite1hTokens { get; init; }

    public long? CacheReadTokens { get; init; }

    public long? OutputTokens { get; init; }

    public long? WebSearches { get; init; }

    public bool? Batch { get; init; }

    public string? Region { get; init; }

    /// <summary>Output of Sonnet 5.5, which costs ten dollars a million.</summary>
    public static Use Dollars(decimal dollars) => new() { OutputTokens = (long)(dollars * 100_000) };
}

/// <summary>An event, before it is wrapped in one of the three modes.</summary>
public sealed record UsageTold(string Source, string Id, string Subject, Use Use)
{
    public string Model { get; init; } = "claude-sonnet-5-5";

    public string Surface { get; init; } = "headless";

    public string? App { get; init; }

    public string? Authorization { get; init; }

    public DateTimeOffset? Time { get; init; }
}

public sealed record AuthorizationAsked(string Id, string Account, Use Max)
{
    public string Model { get; init; } = "claude-sonnet-5-5";

    public string Surface { get; init; } = "headless";

    public string? App { get; init; }

    public int? TtlSeconds { get; init; }
}

public sealed record AccountWanted(string OwnerEmail, string Plan, string Status = "open")
{
    public DateTimeOffset? Anchor { get; init; }
}

public enum RejectedFor { UnknownAccount, TooOld, InFuture, WrongAuthorization, Invalid }

public enum LimitKind { Credit, PeriodCap, DailyCap, ModelCap }

public sealed record Limit(LimitKind Name, decimal LimitUsd, decimal UsedUsd, decimal HeldUsd, decimal RemainingUsd, DateTimeOffset ResetsAt);

public sealed record Remedy(string Text, string Url);

public sealed record Problem(string Type, string Title, int Status, string Code, string Detail, string TraceId)
{
    /// <summary>With 400.</summary>
    public Dictionary<string, string[]>? Errors { get; init; }

    /// <summary>With `rejected`.</summary>
    public RejectedFor? Reason { get; init; }

    /// <summary>With 402.</summary>
    public List<Limit>? Limits { get; init; }

    public Remedy? Remedy { get; init; }
}

public enum PoolKind { Programmatic, Interactive }

public record Charge(
    string Id, string Account, PoolKind Pool, decimal ListUsd, decimal CreditUsd, decimal ExtraUsd, decimal UncollectedUsd, string? Promotion, bool Included,
    int RateCardVersion, bool Late, DateTimeOffset RecordedAt);

public enum Fate { Recorded, Duplicate, Conflict, Parked, Rejected }

public sealed record EventResult(string? Source, string? Id, Fate Status)
{
    public RejectedFor? Reason { get; init; }

    public string? Detail { get; init; }

    public Charge? Charge { get; init; }
}

public sealed record EventResults(List<EventResult> Results);

public enum AuthorizationState { Held, Settled, Released, Expired }

public sealed record Authorization(
    string Id, string Account, AuthorizationState Status, decimal HeldUsd, decimal CreditUsd, decimal ExtraUsd, DateTimeOffset ExpiresAt, Charge? Charge);

public enum AccountState { Closed, ProgrammeNotActive, NoCredit, Stopped, Unclaimed, Spilling, Active }

public sealed record PeriodSpan(DateTimeOffset Start, DateTimeOffset End);

public sealed record CreditFigures(decimal ClaimableUsd, decimal GrantedUsd, decimal UsedUsd, decimal HeldUsd, decimal RemainingUsd, DateTimeOffset? ExpiresAt);

public sealed record ExtraFigures(
    bool On, decimal UsedUsd, decimal HeldUsd, decimal? CapUsd, decimal RemainingUsd, decimal DiscountUsd, decimal OwedUsd, decimal UncollectedUsd);

public sealed record Next(bool Allowed, string? Code, string? Detail, string? Url);

public sealed record Outlook(decimal PerDayUsd, DateTimeOffset? RunsOutAt, decimal LostUsd, decimal? ExtraUsd, DateTimeOffset? CapReachedAt);

public sealed record PaceShown(int DaysOfData, decimal? FinishPerDayUsd, Outlook? Likely, Outlook? Slow, Outlook? Fast);

public sealed record BalanceShown(
    string Account, DateTimeOffset AsOf, string Plan, AccountState State, PeriodSpan Period, CreditFigures Credit, ExtraFigures ExtraUsage, Next Next)
{
    /// <summary>An addition to the contract, which clients written before it ignore.</summary>
    public PaceShown? Pace { get; init; }
}

public enum EntryKind { Grant, Charge, Reallocation, Expiry, Adjustment, Reversal }

public enum EntryPool { Credit, Extra }

public sealed record EntryLine(
    string Id, long Seq, DateTimeOffset At, EntryKind Kind, decimal AmountUsd, EntryPool? Pool, string? Grant, string? Charge, string? Model, string? Surface, string? App,
    string Actor, string? Reason, decimal CreditAfterUsd, decimal ExtraAfterUsd, string? Reverses);

public sealed record EntriesPage(List<EntryLine> Entries, string? NextCursor);

public sealed record Multiplier(string Name, string By);

public sealed record PriceLine(string Class, long Quantity, List<Multiplier> Multipliers, decimal AmountUsd)
{
    /// <summary>Of tokens.</summary>
    public decimal? RateUsdPerMillion { get; init; }

    /// <summary>Of what costs a fee each.</summary>
    public decimal? FeeUsd { get; init; }
}

public enum PaidBy { Credit, Extra, Uncollected }

public sealed record Split(PaidBy Pool, decimal AmountUsd)
{
    public string? Grant { get; init; }
}

public sealed record ExplainedCharge(
    string Id, string Account, PoolKind Pool, decimal ListUsd, decimal CreditUsd, decimal ExtraUsd, decimal UncollectedUsd, string? Promotion, bool Included,
    int RateCardVersion, bool Late, DateTimeOffset RecordedAt, JsonElement Event, List<PriceLine> Lines, List<Split> Splits, string Why)
    : Charge(Id, Account, Pool, ListUsd, CreditUsd, ExtraUsd, UncollectedUsd, Promotion, Included, RateCardVersion, Late, RecordedAt)
{
    /// <summary>The contract ends with `why`; what else is said of a charge a client ignores.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? More { get; init; }
}

public sealed record StatementLine(string Text, decimal AmountUsd);

public sealed record StatementCredit(decimal GrantedUsd, decimal UsedUsd, decimal ExpiredUsd);

public sealed record Discount(string Promotion, decimal AmountUsd);

public sealed record Statement(
    PeriodSpan Period, decimal PlanFeeUsd, List<StatementLine> Lines, StatementCredit Credit, decimal ExtraUsedUsd, List<Discount> Discounts, decimal ExtraOwedUsd,
    decimal UncollectedUsd, decimal TotalDueUsd, bool Final);

public sealed record Statements([property: JsonPropertyName("statements")] List<Statement> All);

public sealed record NextVersion(int Version, DateTimeOffset EffectiveFrom);

public sealed record Rates(int Version, DateTimeOffset EffectiveFrom, List<JsonElement> Models, JsonElement Modifiers, JsonElement Fees, NextVersion? Next);
