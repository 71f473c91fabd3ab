namespace Ledger;

/// <summary>What was changed in an account's settings.</summary>
public enum AccountChangeKind
{
    /// <summary>The account was opened.</summary>
    Opened,

    /// <summary>The account was closed.</summary>
    Closed,

    /// <summary>The account was opened again.</summary>
    Reopened,

    /// <summary>Extra usage was turned on, with consent.</summary>
    ExtraUsageOn,

    /// <summary>Extra usage was turned off.</summary>
    ExtraUsageOff,

    /// <summary>The cap of the period was changed.</summary>
    Cap,

    /// <summary>The daily cap was set or removed.</summary>
    DailyCap,

    /// <summary>A model's cap was set or removed.</summary>
    ModelCap,

    /// <summary>"Claim for me every period" was ticked or cleared.</summary>
    ClaimEveryPeriod,

    /// <summary>The plan changed.</summary>
    Plan,

    /// <summary>A plan was chosen for the next period, or the present one is to stay.</summary>
    NextPlan,

    /// <summary>The plan was cancelled: the account closes when the period ends.</summary>
    Cancelled,

    /// <summary>Other terms of the account's plan count from now on.</summary>
    Terms,

    /// <summary>The account keeps certain terms of its plan whatever comes, or no longer does.</summary>
    Pinned,
}

/// <summary>A cap on the extra usage of one model.</summary>
/// <param name="Model">The model's key.</param>
/// <param name="Cap">Positive.</param>
public sealed record ModelCap(string Model, Money Cap);

/// <summary>What an account's owner and provider have set.</summary>
/// <param name="Status">Whether the account is open.</param>
/// <param name="Plan">The plan of the current period.</param>
/// <param name="NextPlan">The plan from the next period on, if another was chosen.</param>
/// <param name="IsCancelled">Whether the account closes when the period ends.</param>
/// <param name="ClaimsEveryPeriod">Whether the credit is claimed by itself.</param>
/// <param name="ExtraUsageOn">Whether extra usage is on.</param>
/// <param name="ExtraUsageOnSince">When it was last turned on.</param>
/// <param name="Cap">The subscriber's cap for a period.</param>
/// <param name="DailyCap">The subscriber's cap for a UTC day; <c>null</c> for none.</param>
/// <param name="ModelCaps">The subscriber's caps for models in a period.</param>
public sealed record AccountSettings(
    AccountStatus Status, string Plan, string? NextPlan, bool IsCancelled, bool ClaimsEveryPeriod,
    bool ExtraUsageOn, DateTimeOffset? ExtraUsageOnSince, Money? Cap, Money? DailyCap, IReadOnlyList<ModelCap> ModelCaps)
{
    /// <summary>From when the terms of the plan are that the account is on; <c>null</c> in records from before that was written.</summary>
    public DateTimeOffset? TermsFrom { get; init; }

    /// <summary>From when the terms are that the account is pinned to; <c>null</c> if it is not.</summary>
    public DateTimeOffset? PinnedTo { get; init; }
}

/// <summary>One change of an account's settings, with the settings after it: who changed what, when. Append-only.</summary>
public sealed class AccountChange
{
    private AccountChange() { }

    internal AccountChange(string account, int number, DateTimeOffset at, AccountChangeKind kind, string actor, AccountSettings after) =>
        (Account, Number, At, Kind, Actor, After) = (account, number, at, kind, actor, after);

    /// <summary>The account's key.</summary>
    public string Account { get; private set; } = "";

    /// <summary>Which change of the account, counted from 1.</summary>
    public int Number { get; private set; }

    /// <summary>When it took effect.</summary>
    public DateTimeOffset At { get; private set; }

    /// <summary>What was changed.</summary>
    public AccountChangeKind Kind { get; private set; }

    /// <summary>Who changed it.</summary>
    public string Actor { get; private set; } = "";

    /// <summary>All settings after it.</summary>
    public AccountSettings After { get; private set; } = null!;

    /// <summary>The model, for a model's cap.</summary>
    public string? Model { get; internal init; }

    /// <summary>For extra usage turned on: the text that the owner agreed to.</summary>
    public string? Consent { get; internal init; }

    /// <summary>For extra usage turned on: the rate card version in force.</summary>
    public int? RateCardVersion { get; internal init; }
}
