namespace Ledger;

/// <summary>Why a request may not run, in the order in which reasons are looked for: the first that applies is the answer. See docs/rules.md, "Refusals".</summary>
public enum RefusalCode
{
    /// <summary>The account is closed.</summary>
    AccountClosed,

    /// <summary>The surface is in no row of the table that maps surfaces to pools.</summary>
    UnknownSurface,

    /// <summary>The rate card in force does not price the model.</summary>
    UnknownModel,

    /// <summary>The programme is not active and refuses programmatic use meanwhile.</summary>
    ProgrammeNotActive,

    /// <summary>It would fit after the credit is claimed.</summary>
    CreditNotClaimed,

    /// <summary>Credit does not cover it and the plan has no extra usage.</summary>
    ExtraUsageNotAllowed,

    /// <summary>Credit does not cover it and extra usage is off.</summary>
    ExtraUsageOff,

    /// <summary>It does not fit within the model's cap.</summary>
    ModelCapReached,

    /// <summary>It does not fit within today's cap.</summary>
    DailyCapReached,

    /// <summary>It does not fit within the period's cap.</summary>
    CapReached,
}

/// <summary>Which limit a <see cref="Limit"/> is.</summary>
public enum LimitName
{
    /// <summary>The live grants.</summary>
    Credit,

    /// <summary>The cap of the period.</summary>
    PeriodCap,

    /// <summary>The cap of the UTC day.</summary>
    DailyCap,

    /// <summary>The cap of the model.</summary>
    ModelCap,
}

/// <summary>One limit with its numbers at the moment of a decision.</summary>
/// <param name="Name">Which limit.</param>
/// <param name="Most">The limit itself.</param>
/// <param name="Used">What is used of it.</param>
/// <param name="Held">What open authorizations hold of it.</param>
/// <param name="ResetsAt">When it starts anew.</param>
public sealed record Limit(LimitName Name, Money Most, Money Used, Money Held, DateTimeOffset ResetsAt)
{
    /// <summary>What is left of it, at least zero.</summary>
    public Money Remaining => (Most - Used - Held).OrZero;
}

/// <summary>Why a request may not run, with every limit's numbers at that moment.</summary>
/// <param name="Code">The first reason that applies.</param>
/// <param name="Need">What the request would have held.</param>
/// <param name="Limits">The limits that exist.</param>
/// <param name="Subject">The surface, model or plan that the reason names, if it names one.</param>
/// <param name="Claimable">The credit that could be claimed.</param>
/// <param name="Until">When the reason ends by itself, if it is known.</param>
public sealed record Refusal(RefusalCode Code, Money Need, IReadOnlyList<Limit> Limits, string? Subject, Money Claimable, DateTimeOffset? Until)
{
    /// <summary>A sentence that names the limit and its numbers.</summary>
    public string Detail => Code switch
    {
        RefusalCode.AccountClosed => "The account is closed.",
        RefusalCode.UnknownSurface => $"The surface '{Subject}' is not known, so it is not certain who pays for it.",
        RefusalCode.UnknownModel => $"The model '{Subject}' has no price in the rate card in force.",
        RefusalCode.ProgrammeNotActive => "The credit programme is not active, and programmatic use is refused until it is."
            + (Until is { } until ? $" It becomes active on {Day(until)}." : ""),
        RefusalCode.CreditNotClaimed => $"This period's credit of {Claimable.ForPeople()} is not claimed yet; after the claim this request fits.",
        RefusalCode.ExtraUsageNotAllowed => $"{CreditLeft} The plan has no extra usage.{NeedsUpTo}",
        RefusalCode.ExtraUsageOff => $"{CreditLeft} Extra usage is off.{NeedsUpTo}",
        RefusalCode.ModelCapReached => $"{CreditLeft} {CapLeft(LimitName.ModelCap, $"the cap for {Subject}")}{NeedsUpTo}",
        RefusalCode.DailyCapReached => $"{CreditLeft} {CapLeft(LimitName.DailyCap, "today's cap")}{NeedsUpTo}",
        RefusalCode.CapReached => $"{CreditLeft} {CapLeft(LimitName.PeriodCap, "the cap")}{NeedsUpTo}",
        _ => throw new InvalidOperationException($"The refusal {Code} has no sentence."),
    };

    /// <summary>What its owner can do about it.</summary>
    public Remedy Remedy => Code switch
    {
        RefusalCode.AccountClosed => new("Ask the provider to open the account again.", "/"),
        RefusalCode.UnknownSurface or RefusalCode.UnknownModel => new("Ask the provider's administrators to add it.", "/"),
        RefusalCode.ProgrammeNotActive => new("Wait until the programme is active.", "/credit"),
        RefusalCode.CreditNotClaimed => new($"Claim the credit of {Claimable.ForPeople()}.", "/credit"),
        RefusalCode.ExtraUsageNotAllowed => new("Wait for the next period's credit, or choose a plan with more.", "/plan"),
        RefusalCode.ExtraUsageOff => new("Turn on extra usage with a cap, or wait for the next period's credit.", "/extra-usage"),
        RefusalCode.ModelCapReached => new("Raise or remove the model's cap, or use another model.", "/extra-usage"),
        RefusalCode.DailyCapReached => new("Raise the daily cap, or wait until the next UTC day.", "/extra-usage"),
        RefusalCode.CapReached => new("Raise the cap, or wait for the next period.", "/extra-usage"),
        _ => throw new InvalidOperationException($"The refusal {Code} has no remedy."),
    };

    private string CreditLeft
    {
        get
        {
            var credit = Limits.FirstOrDefault(l => l.Name == LimitName.Credit);
            return credit is null || (credit.Most.IsZero && Claimable.IsZero) ? "There is no credit."
                : credit.Most.IsZero ? $"This period's credit of {Claimable.ForPeople()} is not claimed, and would not be enough."
                : !credit.Remaining.IsZero ? $"Of the credit of {credit.Most.ForPeople()}, {credit.Remaining.ForPeople()} is left."
                : credit.Held.IsZero ? $"The credit of {credit.Most.ForPeople()} is used up."
                : $"The credit of {credit.Most.ForPeople()} is used up or held ({credit.Held.ForPeople()}).";
        }
    }

    private string CapLeft(LimitName name, string cap)
    {
        var limit = Limits.First(l => l.Name == name);
        var held = limit.Held.IsZero ? "" : $" and {limit.Held.ForPeople()} is held";
        return $"Of {cap} of {limit.Most.ForPeople()}, {limit.Used.ForPeople()} is used{held}; {limit.Remaining.ForPeople()} remains.";
    }

    /// <summary>What the request asked for. The balance asks about the smallest amount there is, which is no news.</summary>
    private string NeedsUpTo => Need <= Money.Smallest ? "" : $" This request needs up to {Need.ForPeople()}.";

    private static string Day(DateTimeOffset instant) => instant.ToString("yyyy-MM-dd HH:mm 'UTC'", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>The way out of a refusal.</summary>
/// <param name="Text">What to do.</param>
/// <param name="Path">The page that does it, from the site's root.</param>
public sealed record Remedy(string Text, string Path);
