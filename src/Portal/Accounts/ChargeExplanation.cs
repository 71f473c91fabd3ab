using System.Globalization;
using Ledger;

namespace Portal.Accounts;

/// <summary>Why a charge was split as it was, in a sentence: the same for its page and for the API.</summary>
public static class ChargeExplanation
{
    /// <summary>The sentence.</summary>
    public static string Why(Charge charge)
    {
        ArgumentNullException.ThrowIfNull(charge);
        return Why(charge.Reason, charge.Credit, charge.Extra, charge.Uncollected);
    }

    /// <summary>That it was reversed, when and why.</summary>
    public static string Reversed(ReversedCharge reversal)
    {
        ArgumentNullException.ThrowIfNull(reversal);
        return $"It was reversed on {reversal.At.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)}, and what it took came back: {reversal.Reason}";
    }

    private static string Why(ChargeReason reason, Money credit, Money extra, Money uncollected)
    {
        var free = $"{uncollected.ForPeople()} is uncollected: nobody owes it, and no later credit pays it.";
        return reason switch
        {
            ChargeReason.CreditCovered => "Credit always pays first, and it covered all of this.",
            ChargeReason.Spilled when credit.IsZero => "Credit always pays first, but none was free. Extra usage was on and had room below its caps, so it carries all of this.",
            ChargeReason.Spilled => $"Credit always pays first and covered {credit.ForPeople()}. Extra usage was on and had room below its caps, so it carries the other {extra.ForPeople()}.",
            ChargeReason.NothingLeft => $"Not enough credit was free, and extra usage was off or not part of the plan. {free}",
            ChargeReason.CapReached => $"Not enough credit was free, and a cap stopped extra usage. {free}",
            ChargeReason.TurnedOnLater => $"Not enough credit was free, and extra usage was turned on only after this request ran. {free}",
            ChargeReason.Interactive => "The request came from an interactive surface, which the plan's fee includes. The price is what it would have cost at API rates.",
            ChargeReason.ProgrammeIncludes => "The credit programme was not active, and programmatic use was included meanwhile. The price is what it would have cost at API rates.",
            ChargeReason.ProgrammeRefuses => $"The credit programme was not active, and programmatic use was refused meanwhile. {free}",
            ChargeReason.AccountClosed => $"The account was closed. {free}",
            _ => throw new InvalidOperationException($"The reason {reason} has no sentence."),
        };
    }
}
