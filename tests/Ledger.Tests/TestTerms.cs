using System.Globalization;
using System.Text.Json.Nodes;

namespace Ledger.Tests;

/// <summary>
/// The terms that tests run under: the demo provider's plans, programme and surfaces, and for tables a rate card made for arithmetic, on which
/// any amount of dollars is some usage (an input token costs one nano-dollar, an output token half a cent), so that a second version may cost twice as much.
/// </summary>
internal static class TestTerms
{
    public static readonly ProgrammePhase Active = new(At("2026-06-15"), ProgrammeStatus.Active, ProgrammaticUse.Metered, ClaimMode.EachPeriod);

    private static readonly Money OneNano = Money.Parse("0.001");
    private static readonly Money HalfACent = Money.FromDollars(5_000);

    public static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    /// <summary>The demo provider's plans, surfaces and programme with a card for arithmetic; whatever is given stands instead.</summary>
    public static PriceBook Book(
        IEnumerable<ProgrammePhase>? programme = null, IEnumerable<Promotion>? promotions = null, IEnumerable<RateCard>? cards = null,
        IEnumerable<PlanTerms>? plans = null, IEnumerable<SurfaceRule>? surfaces = null) =>
        new(cards ?? [Card()], plans ?? Plans(), programme ?? [Active], surfaces ?? Surfaces(), promotions ?? []);

    /// <summary>A card for arithmetic. A higher version may cost a multiple.</summary>
    public static RateCard Card(int version = 1, string from = "2026-01-01", int times = 1, params string[] models) =>
        new(version, At(from), [.. (models.Length == 0 ? ["m", "n"] : models).Select(m => new ModelRates(m, m.ToUpperInvariant(), [Tier(times)]))],
            Factor.Parse("0.5"), Factor.Parse("1.1"), Money.Parse("0.01"));

    /// <summary>The usage that costs exactly this much on <see cref="Card"/>.</summary>
    public static Usage Worth(Money amount) => new() { InputTokens = amount.Nanos % 5_000_000, OutputTokens = amount.Nanos / 5_000_000 };

    public static IReadOnlyList<PlanTerms> Plans()
    {
        var document = Read("plans");
        return [.. document["plans"]!.AsArray().Select(p => new PlanTerms(
            Text(p!["key"]), At(Text(document["effective_from"])), Text(p["name"]), Amount(p["monthly_fee"]), Amount(p["monthly_credit"]),
            p["extra_usage_allowed"]!.GetValue<bool>(), Amount(p["largest_cap"]), p["self_service"]!.GetValue<bool>()))];
    }

    public static IReadOnlyList<SurfaceRule> Surfaces() => [.. Read("programme")["surfaces"]!.AsArray().Select(s =>
        new SurfaceRule(At(Text(s!["from"])), Text(s["surface"]), Enum.Parse<Pool>(Text(s["pool"]), ignoreCase: true)))];

    /// <summary>The demo provider's rate cards.</summary>
    public static IReadOnlyList<RateCard> RealCards() => [.. Read("rate-card")["versions"]!.AsArray().Select(v => new RateCard(
        v!["version"]!.GetValue<int>(), At(Text(v["effective_from"])),
        [.. v["models"]!.AsArray().Select(m => new ModelRates(Text(m!["model"]), Text(m["name"]), [.. m["rates"]!.AsArray().Select(r => new RateTier(
            r!["above_prompt_tokens"]!.GetValue<long>(), Amount(r["input"]), Amount(r["cache_write_5m"]), Amount(r["cache_write_1h"]), Amount(r["cache_read"]), Amount(r["output"])))]))],
        Factor.Parse(Text(v["modifiers"]!["batch"]!["all_token_classes"])), Factor.Parse(Text(v["modifiers"]!["region_us"]!["all_token_classes"])),
        Amount(v["fees"]!["web_search"])))];

    public static PriceBook RealBook() => Book(cards: RealCards());

    private static RateTier Tier(int times)
    {
        var (nano, halfACent) = (new Money(OneNano.Nanos * times), new Money(HalfACent.Nanos * times));
        return new RateTier(0, nano, nano, nano, nano, halfACent);
    }

    private static JsonNode Read(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Terms", name + ".json")))!;

    private static string Text(JsonNode? node) => node!.GetValue<string>();

    private static Money Amount(JsonNode? node) => Money.Parse(Text(node));
}
