using CsCheck;

namespace Ledger.Tests.Laws;

/// <summary>Prices are exact: more use never costs less, the lines are the whole, and the largest counts at the largest rates are still a price.</summary>
public class Prices_are_exact
{
    private static readonly string[] Factors = ["0.5", "1.1", "1", "0", "10", "9.999999", "0.333333"];
    private static readonly Gen<long> Count = Gen.OneOf(Gen.Long[0, 5], Gen.Long[0, 300_000], Gen.Long[0, Usage.Most]);
    private static readonly Gen<long> Rate = Gen.OneOf(Gen.Long[0, 1_000], Gen.Long[0, 50_000_000_000], Gen.Long[0, RateCard.LargestRate.Nanos]);
    private static readonly Gen<Factor> Factor = Gen.Int[0, 6].Select(i => Ledger.Factor.Parse(Factors[i]));

    private static readonly Gen<Usage> Use = Gen.Select(Gen.Select(Count, Count, Count), Gen.Select(Count, Count, Count), Gen.Bool, Gen.Bool).Select((prompt, rest, batch, us) => new Usage
    {
        InputTokens = prompt.Item1,
        CacheWrite5mTokens = prompt.Item2,
        CacheWrite1hTokens = prompt.Item3,
        CacheReadTokens = rest.Item1,
        OutputTokens = rest.Item2,
        WebSearches = rest.Item3,
        Batch = batch,
        Region = us ? Region.Us : Region.Global,
    });

    private static readonly Gen<RateCard> Card = Gen.Select(Gen.Select(Rate, Rate).Array[5], Gen.Long[1, 400_000], Gen.Select(Factor, Factor, Gen.Long[0, RateCard.LargestFee.Nanos])).Select((rates, threshold, others) =>
    {
        RateTier Tier(long above, Func<(long, long), long> which) =>
            new(above, new(which(rates[0])), new(which(rates[1])), new(which(rates[2])), new(which(rates[3])), new(which(rates[4])));
        ModelRates model = new("m", "M", [Tier(0, r => Math.Min(r.Item1, r.Item2)), Tier(threshold, r => Math.Max(r.Item1, r.Item2))]);
        return new RateCard(1, default, [model], others.Item1, others.Item2, new Money(others.Item3));
    });

    [Fact]
    public void More_of_any_class_never_costs_less() => Gen.Select(Card, Use, Use).Sample((card, usage, more) =>
    {
        var larger = usage with
        {
            InputTokens = Math.Max(usage.InputTokens, more.InputTokens),
            CacheWrite5mTokens = Math.Max(usage.CacheWrite5mTokens, more.CacheWrite5mTokens),
            CacheWrite1hTokens = Math.Max(usage.CacheWrite1hTokens, more.CacheWrite1hTokens),
            CacheReadTokens = Math.Max(usage.CacheReadTokens, more.CacheReadTokens),
            OutputTokens = Math.Max(usage.OutputTokens, more.OutputTokens),
            WebSearches = Math.Max(usage.WebSearches, more.WebSearches),
        };
        return Rating.Price(card, "m", usage) <= Rating.Price(card, "m", larger);
    }, iter: Law.Times(2_000, 1_000_000));

    [Fact]
    public void The_lines_sum_to_the_price_and_fees_take_no_modifiers() => Gen.Select(Card, Use).Sample((card, usage) =>
    {
        var lines = Rating.Lines(card, "m", usage);
        return Money.Sum(lines, l => l.Amount) == Rating.Price(card, "m", usage)
            && lines.All(l => l.IsFee ? l.Multipliers.Count == 0 && l.Amount.Nanos == l.Quantity * l.Rate.Nanos : l.Multipliers.Count == (usage.Batch ? 1 : 0) + (usage.Region == Region.Us ? 1 : 0));
    }, iter: Law.Times(2_000, 1_000_000));

    [Fact]
    public void The_largest_use_at_the_largest_rates_has_a_price()
    {
        var rate = RateCard.LargestRate;
        var card = new RateCard(1, default, [new("m", "M", [new(0, rate, rate, rate, rate, rate)])], Ledger.Factor.Parse("10"), Ledger.Factor.Parse("9.999999"), RateCard.LargestFee);
        var most = new Usage
        {
            InputTokens = Usage.Most,
            CacheWrite5mTokens = Usage.Most,
            CacheWrite1hTokens = Usage.Most,
            CacheReadTokens = Usage.Most,
            OutputTokens = Usage.Most,
            WebSearches = Usage.Most,
            Batch = true,
            Region = Region.Us,
        };
        Assert.Equal("5999999500", Rating.Price(card, "m", most).ToString());
    }
}
