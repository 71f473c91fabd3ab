using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger;

namespace Portal.Terms;

/// <summary>Terms that a file could not be read as: what is wrong, and where.</summary>
public sealed class TermsFormatException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The JSON formats of terms: plans.json, rate-card.json and programme.json. Amounts are exact decimal strings of dollars.</summary>
public static class TermsFormat
{
    public static IReadOnlyList<PlanTerms> Plans(JsonNode document)
    {
        var from = Instant(document["effective_from"]);
        DateTimeOffset? keepUntil = document["keep_until"] is { } until ? Instant(until) : null;
        return [.. Items(document, "plans").Select(p => new PlanTerms(
            Text(p["key"]), p["effective_from"] is { } own ? Instant(own) : from, Text(p["name"]), Amount(p["monthly_fee"]), Amount(p["monthly_credit"]),
            p["extra_usage_allowed"]!.GetValue<bool>(), Amount(p["largest_cap"]), p["self_service"]!.GetValue<bool>()) { KeepUntil = keepUntil })];
    }

    public static IReadOnlyList<RateCardDocument> RateCards(JsonNode document) =>
        [.. Items(document, "versions").Select(v => new RateCardDocument
        {
            Version = v["version"]!.GetValue<int>(),
            EffectiveFrom = Instant(v["effective_from"]),
            Json = v.ToJsonString(),
        })];

    public static RateCard RateCard(JsonNode version) => new(
        version["version"]!.GetValue<int>(),
        Instant(version["effective_from"]),
        [.. Items(version, "models").Select(m => new ModelRates(Text(m["model"]), Text(m["name"]), [.. Items(m, "rates").Select(Tier)]))],
        Factor.Parse(Text(version["modifiers"]!["batch"]!["all_token_classes"])),
        Factor.Parse(Text(version["modifiers"]!["region_us"]!["all_token_classes"])),
        Amount(version["fees"]!["web_search"]));

    public static IReadOnlyList<ProgrammePhase> Programme(JsonNode document) =>
        [.. Items(document, "programme").Select(p => Checked(new ProgrammePhase(
            Instant(p["from"]), Choice<ProgrammeStatus>(p["status"]), Choice<ProgrammaticUse>(p["programmatic_use"]),
            p["claim_mode"] is { } mode ? Choice<ClaimMode>(mode) : ClaimMode.EachPeriod)))];

    public static IReadOnlyList<SurfaceRule> Surfaces(JsonNode document) =>
        [.. Items(document, "surfaces").Select(s => new SurfaceRule(Instant(s["from"]), Text(s["surface"]), Choice<Pool>(s["pool"])))];

    public static IReadOnlyList<Promotion> Promotions(JsonNode document) =>
        [.. Items(document, "promotions").Select(p => new Promotion(
            Text(p["name"]), Instant(p["from"]), Instant(p["to"]), Percent(Text(p["percent"])), Texts(p["models"]), Texts(p["plans"])))];

    /// <summary>Reads a document, and says which file it is when it does not hold what it should.</summary>
    public static T Read<T>(string name, Stream stream, Func<JsonNode, T> read)
    {
        try
        {
            return read(JsonNode.Parse(stream) ?? throw new FormatException("it is empty"));
        }
        catch (Exception wrong) when (wrong is FormatException or JsonException or InvalidOperationException or NullReferenceException or ArgumentException)
        {
            // JsonNode answers a missing field with null and a wrong type with one of these; all mean the same to who wrote the file.
            throw new TermsFormatException($"{name} is not in the format of terms: {wrong.Message}", wrong);
        }
    }

    private static ProgrammePhase Checked(ProgrammePhase phase) => phase.IsActive == (phase.ProgrammaticUse == ProgrammaticUse.Metered)
        ? phase
        : throw new FormatException($"the programme from {phase.From:O} is {phase.Status} with {phase.ProgrammaticUse} use; an active programme is metered, any other includes or refuses");

    private static RateTier Tier(JsonNode rates) => new(
        rates["above_prompt_tokens"]!.GetValue<long>(), Amount(rates["input"]), Amount(rates["cache_write_5m"]), Amount(rates["cache_write_1h"]),
        Amount(rates["cache_read"]), Amount(rates["output"]));

    private static IEnumerable<JsonNode> Items(JsonNode node, string name) => (node[name]?.AsArray() ?? []).Select(item => item!);

    private static IReadOnlyList<string> Texts(JsonNode? node) => [.. (node?.AsArray() ?? []).Select(Text)];

    private static string Text(JsonNode? node) => node!.GetValue<string>();

    private static Money Amount(JsonNode? node) => Money.Parse(Text(node));

    private static int Percent(string text) => (int)(Money.Parse(text).Nanos / (Money.NanosPerDollar / 10_000));

    private static DateTimeOffset Instant(JsonNode? node) =>
        Period.ToMicrosecond(DateTimeOffset.Parse(Text(node), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));

    private static T Choice<T>(JsonNode? node) where T : struct, Enum =>
        Enum.TryParse<T>(Text(node).Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var value) ? value
            : throw new FormatException($"'{Text(node)}' is none of {string.Join(", ", Enum.GetNames<T>())}");
}
