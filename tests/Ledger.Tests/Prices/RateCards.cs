namespace Ledger.Tests.Prices;

public class Rate_cards
{
    private static readonly PriceBook Book = TestTerms.RealBook();

    [Theory]
    [InlineData("2026-01-01", 1)]
    [InlineData("2026-10-06T23:59:59.999999Z", 1)]
    [InlineData("2026-10-07", 2)]
    [InlineData("2027-01-01", 2)]
    public void A_card_is_in_force_from_its_first_instant(string instant, int version) =>
        Assert.Equal(version, Book.RateCardAt(TestTerms.At(instant))!.Version);

    [Fact]
    public void Before_the_first_there_is_none_and_the_next_is_known()
    {
        Assert.Null(Book.RateCardAt(TestTerms.At("2025-12-31T23:59:59.999999Z")));
        Assert.Equal(2, Book.NextRateCard(TestTerms.At("2026-10-01"))!.Version);
        Assert.Null(Book.NextRateCard(TestTerms.At("2026-10-07")));
    }

    [Theory]
    [InlineData(100_000, 0)]
    [InlineData(100_001, 100_000)]
    public void A_tier_prices_prompts_longer_than_its_threshold(long prompt, long tier) =>
        Assert.Equal(tier, Book.RateCard(2).Models["claude-haiku-5-5"].TierFor(prompt).AbovePromptTokens);

    [Fact]
    public void A_higher_tier_that_is_cheaper_in_any_class_is_refused()
    {
        foreach (var cheaper in Enumerable.Range(0, 5))
        {
            var rates = Enumerable.Range(0, 5).Select(i => Money.FromDollars(i == cheaper ? 1 : 3)).ToArray();
            Assert.Contains("cheaper", Refused(Tier(0, 2), new RateTier(100, rates[0], rates[1], rates[2], rates[3], rates[4])), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Tiers_begin_above_zero_and_rise()
    {
        Assert.Contains("first tier", Refused(Tier(1, 2)), StringComparison.Ordinal);
        Assert.Contains("first tier", Refused(), StringComparison.Ordinal);
        Assert.Contains("rising", Refused(Tier(0, 2), Tier(100, 2), Tier(100, 2)), StringComparison.Ordinal);
        Assert.Contains("rising", Refused(Tier(0, 2), Tier(0, 2)), StringComparison.Ordinal);
    }

    [Fact]
    public void Rates_fees_and_factors_have_an_upper_end()
    {
        Assert.Contains("out of range", Refused(Tier(0, 10_001)), StringComparison.Ordinal);
        Assert.Contains("out of range", Refused(Tier(0, -1)), StringComparison.Ordinal);
        ModelRates[] models = [new("m", "M", [Tier(0, 10_000)])];
        Assert.Throws<ArgumentException>(() => new RateCard(1, default, models, Factor.Parse("10.000001"), Factor.One, Money.Zero));
        Assert.Throws<ArgumentException>(() => new RateCard(1, default, models, Factor.One, Factor.Parse("1.0000001"), Money.Zero));
        Assert.Throws<ArgumentException>(() => new RateCard(1, default, models, Factor.Parse("-1"), Factor.One, Money.Zero));
        Assert.Throws<ArgumentException>(() => new RateCard(1, default, models, Factor.One, Factor.One, Money.Parse("1.01")));
        Assert.Throws<ArgumentException>(() => new RateCard(1, default, [.. models, .. models], Factor.One, Factor.One, Money.Zero));
    }

    [Theory]
    [InlineData("0.5", 1, 2)]
    [InlineData("1.1", 11, 10)]
    [InlineData("1", 1, 1)]
    [InlineData("0", 0, 1)]
    public void A_factor_is_an_exact_fraction(string text, long numerator, long denominator)
    {
        Assert.Equal(new Factor(numerator, denominator), Factor.Parse(text));
        Assert.Equal(text, Factor.Parse(text).ToString());
    }

    [Fact]
    public void An_active_programme_meters_and_no_other_does()
    {
        Assert.Throws<ArgumentException>(() => TestTerms.Book([TestTerms.Active with { ProgrammaticUse = ProgrammaticUse.Included }]));
        Assert.Throws<ArgumentException>(() => TestTerms.Book([TestTerms.Active with { Status = ProgrammeStatus.Paused }]));
    }

    [Fact]
    public void Without_a_programme_programmatic_use_is_refused() =>
        Assert.Equal(ProgrammaticUse.Refused, TestTerms.Book([]).ProgrammeAt(TestTerms.At("2026-11-01")).ProgrammaticUse);

    [Fact]
    public void The_best_promotion_is_the_largest_that_applies_from_its_first_instant_to_its_end()
    {
        var book = TestTerms.Book(promotions:
        [
            new Promotion("small", TestTerms.At("2026-11-01"), TestTerms.At("2026-12-01"), 100_000, [], []),
            new Promotion("large", TestTerms.At("2026-11-10"), TestTerms.At("2026-11-20"), 200_000, ["m"], ["pro"]),
        ]);
        string? Best(string at, string model = "m", string plan = "pro") => book.BestPromotion(model, plan, TestTerms.At(at))?.Name;
        Assert.Null(Best("2026-10-31T23:59:59.999999Z"));
        Assert.Equal("small", Best("2026-11-01"));
        Assert.Equal("large", Best("2026-11-10"));
        Assert.Equal("small", Best("2026-11-10", model: "n"));
        Assert.Equal("small", Best("2026-11-10", plan: "max-5x"));
        Assert.Equal("small", Best("2026-11-20"));
        Assert.Null(Best("2026-12-01"));
    }

    private static RateTier Tier(long above, long dollars)
    {
        var rate = Money.FromDollars(dollars);
        return new RateTier(above, rate, rate, rate, rate, rate);
    }

    private static string Refused(params RateTier[] tiers) =>
        Assert.Throws<ArgumentException>(() => new RateCard(1, default, [new ModelRates("m", "M", tiers)], Factor.One, Factor.One, Money.Zero)).Message;
}
