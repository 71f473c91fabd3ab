namespace Ledger;

/// <summary>An exact factor of a price, such as 11/10 for "1.1".</summary>
/// <param name="Numerator">At least 0.</param>
/// <param name="Denominator">Above 0.</param>
public readonly record struct Factor(long Numerator, long Denominator)
{
    /// <summary>No change of the price.</summary>
    public static Factor One => new(1, 1);

    /// <summary>The factor that a decimal string states: "1.1" is 11/10. Up to nine decimals.</summary>
    public static Factor Parse(string text)
    {
        var exact = Money.Parse(text).Nanos;
        var divisor = Gcd(exact, Money.NanosPerDollar);
        return new Factor(exact / divisor, Money.NanosPerDollar / divisor);
    }

    /// <summary>Whether a rate card may state it: from 0 to 10, with at most six decimals.</summary>
    internal bool IsInRange =>
        Denominator is > 0 and <= 1_000_000 && Numerator >= 0 && (Int128)Numerator <= (Int128)10 * Denominator;

    /// <summary>The factor as a decimal string.</summary>
    public override string ToString() => new Money(checked(Numerator * (Money.NanosPerDollar / Denominator))).ToString();

    private static long Gcd(long a, long b) => b == 0 ? Math.Max(a, 1) : Gcd(b, a % b);
}

/// <summary>Rates of one model from a prompt length on, in nano-dollars per million tokens.</summary>
/// <param name="AbovePromptTokens">The tier prices prompts longer than this.</param>
/// <param name="Input">Uncached prompt tokens.</param>
/// <param name="CacheWrite5m">Writes to the five-minute cache.</param>
/// <param name="CacheWrite1h">Writes to the one-hour cache.</param>
/// <param name="CacheRead">Reads from the cache.</param>
/// <param name="Output">Tokens that the model wrote.</param>
public sealed record RateTier(long AbovePromptTokens, Money Input, Money CacheWrite5m, Money CacheWrite1h, Money CacheRead, Money Output)
{
    internal IEnumerable<Money> Rates => [Input, CacheWrite5m, CacheWrite1h, CacheRead, Output];
}

/// <summary>What one model costs.</summary>
/// <param name="Model">The model's key, as events name it.</param>
/// <param name="Name">The model's name, as people read it.</param>
/// <param name="Tiers">Tiers in rising order of prompt length; the first is above 0.</param>
public sealed record ModelRates(string Model, string Name, IReadOnlyList<RateTier> Tiers)
{
    /// <summary>The tier with the highest threshold that the prompt exceeds; it prices the whole request, output too.</summary>
    public RateTier TierFor(long promptTokens)
    {
        var tier = Tiers[0];
        for (var i = 1; i < Tiers.Count && promptTokens > Tiers[i].AbovePromptTokens; i++)
        {
            tier = Tiers[i];
        }
        return tier;
    }
}

/// <summary>A rate card version: what each model costs from a date on.</summary>
/// <remarks>
/// A higher tier is never cheaper than a lower one, in any class, so that a hold for the most a request can use covers what it really uses;
/// a card that says otherwise is refused here. Rates, fees and factors have an upper end, so that the price of the largest usage is
/// within the range of <see cref="Money"/>. Source: docs/rules.md, "Money".
/// </remarks>
public sealed class RateCard
{
    /// <summary>The largest rate that a card may state, for a million tokens.</summary>
    public static Money LargestRate => Money.FromDollars(10_000);

    /// <summary>The largest fee that a card may state.</summary>
    public static Money LargestFee => Money.FromDollars(1);

    /// <summary>Makes a version, or says why it cannot be one.</summary>
    /// <exception cref="ArgumentException">A tier is cheaper than a lower one, a rate, fee or factor is out of range, or a model stands twice.</exception>
    public RateCard(int version, DateTimeOffset effectiveFrom, IReadOnlyList<ModelRates> models, Factor batch, Factor regionUs, Money webSearchFee)
    {
        ArgumentNullException.ThrowIfNull(models);
        foreach (var model in models)
        {
            if (WhyRefused(model) is { } why)
            {
                throw new ArgumentException($"Rate card version {version}, model '{model.Model}': {why}", nameof(models));
            }
        }
        if (webSearchFee < Money.Zero || webSearchFee > LargestFee)
        {
            throw new ArgumentException($"Rate card version {version}: the web search fee is out of range.", nameof(webSearchFee));
        }
        if (!batch.IsInRange || !regionUs.IsInRange)
        {
            throw new ArgumentException($"Rate card version {version}: a factor must be from 0 to 10, with at most six decimals.", nameof(batch));
        }
        Version = version;
        EffectiveFrom = effectiveFrom;
        Models = models.ToDictionary(m => m.Model, StringComparer.Ordinal);
        Batch = batch;
        RegionUs = regionUs;
        WebSearchFee = webSearchFee;
    }

    /// <summary>The version's number, which every charge names.</summary>
    public int Version { get; }

    /// <summary>The first instant at which it prices events.</summary>
    public DateTimeOffset EffectiveFrom { get; }

    /// <summary>The models that it prices, by key.</summary>
    public IReadOnlyDictionary<string, ModelRates> Models { get; }

    /// <summary>The factor on all token classes of batch requests.</summary>
    public Factor Batch { get; }

    /// <summary>The factor on all token classes of requests that ran in the United States.</summary>
    public Factor RegionUs { get; }

    /// <summary>The fee of one successful web search; modifiers do not apply to it.</summary>
    public Money WebSearchFee { get; }

    /// <summary>The same card from another date on.</summary>
    public RateCard From(DateTimeOffset instant) => new(Version, instant, [.. Models.Values], Batch, RegionUs, WebSearchFee);

    private static string? WhyRefused(ModelRates model)
    {
        if (model.Tiers.Count == 0 || model.Tiers[0].AbovePromptTokens != 0)
        {
            return "the first tier must begin above 0 prompt tokens.";
        }
        foreach (var (lower, higher) in model.Tiers.Zip(model.Tiers.Skip(1)))
        {
            if (higher.AbovePromptTokens <= lower.AbovePromptTokens)
            {
                return "the tiers must be in rising order.";
            }
            if (lower.Rates.Zip(higher.Rates).Any(pair => pair.Second < pair.First))
            {
                return $"the tier above {higher.AbovePromptTokens} tokens is cheaper than the one below it, so a hold could not cover the real use.";
            }
        }
        return model.Tiers.SelectMany(t => t.Rates).Any(rate => rate < Money.Zero || rate > LargestRate) ? "a rate is out of range." : null;
    }
}
