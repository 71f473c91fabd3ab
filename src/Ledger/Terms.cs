namespace Ledger;

/// <summary>Which supply of tokens a surface draws on.</summary>
public enum Pool
{
    /// <summary>A person types, a person reads: included in the fee.</summary>
    Interactive,

    /// <summary>A program asks: paid by credit, then by extra usage.</summary>
    Programmatic,
}

/// <summary>A plan version: a tier's terms from a date on. See docs/rules.md, "Plans".</summary>
/// <param name="Plan">The plan's key.</param>
/// <param name="EffectiveFrom">The first instant at which a period may begin under these terms.</param>
/// <param name="Name">The plan's name, as people read it.</param>
/// <param name="MonthlyFee">Dollars a period.</param>
/// <param name="MonthlyCredit">The credit that can be claimed each period; nothing for a plan without credit.</param>
/// <param name="ExtraUsageAllowed">Whether subscribers may turn extra usage on.</param>
/// <param name="LargestCap">The largest cap that a subscriber may set.</param>
/// <param name="SelfService">Whether subscribers may choose the plan themselves.</param>
public sealed record PlanTerms(
    string Plan, DateTimeOffset EffectiveFrom, string Name, Money MonthlyFee, Money MonthlyCredit, bool ExtraUsageAllowed, Money LargestCap, bool SelfService)
{
    /// <summary>Whoever has the plan already keeps older terms for periods that begin before this instant; <c>null</c>: for none that begin under these.</summary>
    public DateTimeOffset? KeepUntil { get; init; }

    /// <summary>Whether an account has the same under both: a version says all plans, also those that it leaves as they are.</summary>
    internal bool IsLike(PlanTerms other) =>
        (MonthlyFee, MonthlyCredit, ExtraUsageAllowed, LargestCap) == (other.MonthlyFee, other.MonthlyCredit, other.ExtraUsageAllowed, other.LargestCap);

    internal bool CountsFor(DateTimeOffset start) => EffectiveFrom <= start && !(start < KeepUntil);
}

/// <summary>Other terms of an account's plan, and its first period that begins under them.</summary>
/// <param name="Terms">The terms.</param>
/// <param name="From">Where that period begins.</param>
public sealed record ComingTerms(PlanTerms Terms, DateTimeOffset From);

/// <summary>Where the credit programme stands.</summary>
public enum ProgrammeStatus
{
    /// <summary>It will begin.</summary>
    Announced,

    /// <summary>Credit can be claimed and pays.</summary>
    Active,

    /// <summary>It stopped for a while.</summary>
    Paused,

    /// <summary>It is over.</summary>
    Ended,
}

/// <summary>What becomes of programmatic use.</summary>
public enum ProgrammaticUse
{
    /// <summary>Credit and extra usage pay.</summary>
    Metered,

    /// <summary>Price zero.</summary>
    Included,

    /// <summary>Authorizations are refused; events are recorded as uncollected.</summary>
    Refused,
}

/// <summary>Whether a claim counts for one period or for all that follow.</summary>
public enum ClaimMode
{
    /// <summary>Each period is claimed anew, unless the subscriber asks for "every period".</summary>
    EachPeriod,

    /// <summary>The first claim ticks "claim for me every period".</summary>
    Once,
}

/// <summary>The programme's terms from a date on.</summary>
/// <param name="From">The first instant at which they count.</param>
/// <param name="Status">Where the programme stands.</param>
/// <param name="ProgrammaticUse">What becomes of programmatic use; an active programme always meters it.</param>
/// <param name="ClaimMode">What a claim counts for.</param>
public sealed record ProgrammePhase(DateTimeOffset From, ProgrammeStatus Status, ProgrammaticUse ProgrammaticUse, ClaimMode ClaimMode)
{
    /// <summary>Whether credit can be claimed and pays.</summary>
    public bool IsActive => Status == ProgrammeStatus.Active;
}

/// <summary>One row of the table that maps surfaces to pools.</summary>
/// <param name="From">The first instant at which it counts.</param>
/// <param name="Surface">The surface's key.</param>
/// <param name="Pool">The pool that it draws on from then.</param>
public sealed record SurfaceRule(DateTimeOffset From, string Surface, Pool Pool);

/// <summary>A percentage off extra usage, for models, plans and dates. See docs/rules.md, "Discounts".</summary>
/// <param name="Name">Its name, which charges carry; unique.</param>
/// <param name="From">The first instant at which it applies.</param>
/// <param name="To">The first instant at which it no longer does.</param>
/// <param name="PercentMillionths">The discount in millionths: 200,000 is 20 %. From 1 to 1,000,000.</param>
/// <param name="Models">The models that it applies to; empty for all.</param>
/// <param name="Plans">The plans that it applies to; empty for all.</param>
public sealed record Promotion(
    string Name, DateTimeOffset From, DateTimeOffset To, int PercentMillionths, IReadOnlyList<string> Models, IReadOnlyList<string> Plans)
{
    internal bool AppliesTo(string model, string plan, DateTimeOffset instant) =>
        From <= instant && instant < To
        && (Models.Count == 0 || Models.Contains(model, StringComparer.Ordinal))
        && (Plans.Count == 0 || Plans.Contains(plan, StringComparer.Ordinal));
}
