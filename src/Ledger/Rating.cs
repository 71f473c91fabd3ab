namespace Ledger;

/// <summary>A modifier that a price line was multiplied by.</summary>
/// <param name="Name">Its name in the rate card: "batch" or "region_us".</param>
/// <param name="By">The exact factor.</param>
public sealed record Multiplier(string Name, Factor By);

/// <summary>One line of a price: quantity x rate, times the multipliers, rounded once.</summary>
/// <param name="Class">The token class, or "web_search".</param>
/// <param name="Quantity">Tokens or searches, above 0.</param>
/// <param name="Rate">Dollars per million tokens; for a fee, dollars each.</param>
/// <param name="IsFee">Whether <paramref name="Rate"/> is a fee each.</param>
/// <param name="Multipliers">The modifiers applied; none for fees.</param>
/// <param name="Amount">What the line comes to.</param>
public sealed record PriceLine(string Class, long Quantity, Money Rate, bool IsFee, IReadOnlyList<Multiplier> Multipliers, Money Amount);

/// <summary>
/// What usage costs at API rates. The rule, in order: the prompt's length selects one tier for the whole request;
/// each line is quantity x rate in 128 bits, multiplied by the modifiers as exact fractions, rounded once, half to even;
/// the price is the sum of the lines.
/// </summary>
/// <remarks>Source: docs/rules.md, "Money".</remarks>
public static class Rating
{
    private const long TokensPerRate = 1_000_000;

    /// <summary>The price of usage of a model.</summary>
    /// <exception cref="KeyNotFoundException">The card does not price the model; ask first: an unknown model is never priced at zero.</exception>
    public static Money Price(RateCard card, string model, Usage usage)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(usage);
        var tier = card.Models[model].TierFor(usage.PromptTokens);
        return Tokens(usage.InputTokens, tier.Input) + Tokens(usage.CacheWrite5mTokens, tier.CacheWrite5m)
            + Tokens(usage.CacheWrite1hTokens, tier.CacheWrite1h) + Tokens(usage.CacheReadTokens, tier.CacheRead)
            + Tokens(usage.OutputTokens, tier.Output) + new Money(checked(usage.WebSearches * card.WebSearchFee.Nanos));

        Money Tokens(long quantity, Money rate) => quantity == 0 ? Money.Zero : LineAmount(card, usage, quantity, rate);
    }

    /// <summary>The price of usage, line by line; lines without quantity are left out. The amounts sum to <see cref="Price"/>.</summary>
    public static IReadOnlyList<PriceLine> Lines(RateCard card, string model, Usage usage)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(usage);
        var tier = card.Models[model].TierFor(usage.PromptTokens);
        var multipliers = new List<Multiplier>(2);
        if (usage.Batch)
        {
            multipliers.Add(new Multiplier("batch", card.Batch));
        }
        if (usage.Region == Region.Us)
        {
            multipliers.Add(new Multiplier("region_us", card.RegionUs));
        }
        PriceLine Tokens(string tokenClass, long quantity, Money rate) =>
            new(tokenClass, quantity, rate, false, multipliers, LineAmount(card, usage, quantity, rate));

        PriceLine[] all =
        [
            Tokens("input", usage.InputTokens, tier.Input),
            Tokens("cache_write_5m", usage.CacheWrite5mTokens, tier.CacheWrite5m),
            Tokens("cache_write_1h", usage.CacheWrite1hTokens, tier.CacheWrite1h),
            Tokens("cache_read", usage.CacheReadTokens, tier.CacheRead),
            Tokens("output", usage.OutputTokens, tier.Output),
            new("web_search", usage.WebSearches, card.WebSearchFee, true, [], new Money(checked(usage.WebSearches * card.WebSearchFee.Nanos))),
        ];
        return [.. all.Where(line => line.Quantity > 0)];
    }

    private static Money LineAmount(RateCard card, Usage usage, long quantity, Money rate)
    {
        Int128 numerator = (Int128)quantity * rate.Nanos;
        Int128 denominator = TokensPerRate;
        if (usage.Batch)
        {
            numerator *= card.Batch.Numerator;
            denominator *= card.Batch.Denominator;
        }
        if (usage.Region == Region.Us)
        {
            numerator *= card.RegionUs.Numerator;
            denominator *= card.RegionUs.Denominator;
        }
        return new Money(Rounding.HalfToEven(numerator, denominator));
    }
}
