namespace Ledger;

/// <summary>Which credits the subscriber would claim under other terms.</summary>
public enum ReplayedClaims
{
    /// <summary>Those that were claimed, when they were.</summary>
    AsTheyWere,

    /// <summary>Every one, as soon as it can be.</summary>
    EveryPeriod,
}

/// <summary>When the subscriber would have extra usage on under other terms.</summary>
public enum ReplayedExtraUsage
{
    /// <summary>When it was on.</summary>
    AsItWas,

    /// <summary>Always, as far as the plan allows it.</summary>
    On,

    /// <summary>Never.</summary>
    Off,
}

/// <summary>The terms to replay a history under, and how the subscriber would behave under them: what is not said here stays as it was.</summary>
/// <param name="Book">The price book; see <see cref="PriceBook.With(RateCard)"/> for one with a draft in force.</param>
public sealed record ReplayTerms(PriceBook Book)
{
    /// <summary>The plan from the replay's beginning on; the book has it. <c>null</c>: the plans as they were chosen.</summary>
    public string? Plan { get; init; }

    /// <summary>The cap of every period; <c>null</c>: the caps as they were set. The plan's largest limits it.</summary>
    public Money? Cap { get; init; }

    /// <summary>When extra usage is on. <see cref="ReplayedExtraUsage.On"/> needs a <see cref="Cap"/>.</summary>
    public ReplayedExtraUsage ExtraUsage { get; init; }

    /// <summary>Which credits are claimed.</summary>
    public ReplayedClaims Claims { get; init; }
}

/// <summary>What became of requests in a replay.</summary>
/// <param name="Carried">Requests that really ran and would run under the replayed terms: authorized ones that credit and extra carry, and events, which are told after the fact.</param>
/// <param name="Refused">Requests that really ran, and whose authorization would be refused. They are not charged.</param>
/// <param name="RefusedAgain">Requests that were refused, and would be again.</param>
/// <param name="NowAllowed">Requests that were refused, and would be allowed. Nobody knows what they would have used, so they are not charged.</param>
/// <param name="Included">Requests whose use is included: interactive ones, and those of a programme that includes them.</param>
/// <param name="Unpriced">Events that would wait for an admin, because the replayed terms do not know their model or surface.</param>
public sealed record ReplayedRequests(long Carried, long Refused, long RefusedAgain, long NowAllowed, long Included, long Unpriced);

/// <summary>What a period would have come to.</summary>
/// <param name="Period">The period.</param>
/// <param name="Plan">The plan at its end.</param>
/// <param name="Fee">The plan fee, with prorations.</param>
/// <param name="CreditGranted">Credit that was given in it.</param>
/// <param name="CreditUsed">Credit that was used.</param>
/// <param name="CreditExpired">Credit that was lost.</param>
/// <param name="ExtraUsed">Extra at API rates.</param>
/// <param name="Discount">What promotions take off.</param>
/// <param name="Uncollected">What nobody pays.</param>
/// <param name="Requests">What became of requests.</param>
/// <param name="IsFinal">Whether it has ended; the last one usually has not.</param>
public sealed record ReplayedPeriod(
    Period Period, string Plan, Money Fee, Money CreditGranted, Money CreditUsed, Money CreditExpired, Money ExtraUsed, Money Discount, Money Uncollected,
    ReplayedRequests Requests, bool IsFinal)
{
    /// <summary>What is owed for extra usage.</summary>
    public Money Owed => ExtraUsed - Discount;

    /// <summary>Fee and what is owed.</summary>
    public Money Total => Fee + Owed;
}
