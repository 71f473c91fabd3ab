using System.Globalization;
using System.Text.Json.Nodes;
using Ledger;

namespace Portal.Terms;

/// <summary>Sheets from terms and from files, and files from sheets: the formats of plans.json and rate-card.json.</summary>
public static class TermsSheets
{
    /// <summary>A rate card as a sheet.</summary>
    public static TermsSheet Of(RateCard? card) => card is null ? new([], ["1", "1", "0"]) : new(
        [.. card.Models.Values.OrderBy(m => m.Model, StringComparer.Ordinal).SelectMany(m => m.Tiers.Select(t => (IReadOnlyList<string>)
            [m.Model, m.Name, Text(t.AbovePromptTokens), $"{t.Input}", $"{t.CacheWrite5m}", $"{t.CacheWrite1h}", $"{t.CacheRead}", $"{t.Output}"]))],
        [$"{card.Batch}", $"{card.RegionUs}", $"{card.WebSearchFee}"]);

    /// <summary>Plans as a sheet, the cheapest first.</summary>
    public static TermsSheet Of(IEnumerable<PlanTerms> plans) => new(
        [.. plans.OrderBy(p => p.MonthlyFee).ThenBy(p => p.Plan, StringComparer.Ordinal).Select(p => (IReadOnlyList<string>)
            [p.Plan, p.Name, $"{p.MonthlyFee}", $"{p.MonthlyCredit}", Flag(p.ExtraUsageAllowed), $"{p.LargestCap}", Flag(p.SelfService)])],
        []);

    /// <summary>The file's content that a sheet stands for. Whether it is right is asked before.</summary>
    public static JsonObject Document(TermsKind kind, TermsSheet sheet, int number, DateTimeOffset from, DateTimeOffset? keepUntil)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        return kind == TermsKind.Rates
            ? new JsonObject { ["currency"] = "USD", ["unit"] = "per million tokens", ["versions"] = new JsonArray(Card(sheet, number, from)) }
            : new JsonObject
            {
                ["currency"] = "USD",
                ["effective_from"] = Clock.Written(from),
                ["keep_until"] = keepUntil is { } until ? Clock.Written(until) : null,
                ["plans"] = new JsonArray([.. sheet.Rows.Select(Plan)]),
            };
    }

    /// <summary>A version of rate-card.json.</summary>
    public static JsonObject Card(TermsSheet sheet, int number, DateTimeOffset from)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        return new JsonObject
        {
            ["version"] = number,
            ["effective_from"] = Clock.Written(from),
            ["models"] = new JsonArray([.. sheet.Rows.GroupBy(row => row[0].Trim()).Select(tiers => new JsonObject
            {
                ["model"] = tiers.Key,
                ["name"] = tiers.First()[1].Trim(),
                ["rates"] = new JsonArray([.. tiers.Select(Tier)]),
            })]),
            ["modifiers"] = new JsonObject { ["batch"] = Modifier(sheet.Facts[0]), ["region_us"] = Modifier(sheet.Facts[1]) },
            ["fees"] = new JsonObject { ["web_search"] = sheet.Facts[2].Trim() },
        };
    }

    /// <summary>A sheet from a file's content, as far as it goes: what is missing becomes an empty cell, and a file with several rate cards means the last.</summary>
    /// <exception cref="TermsFormatException">It is something else altogether.</exception>
    public static TermsSheet Read(TermsKind kind, JsonNode document)
    {
        ArgumentNullException.ThrowIfNull(document);
        try
        {
            return kind == TermsKind.Rates ? ReadCard(document["versions"]?.AsArray().LastOrDefault() ?? document) : ReadPlans(document);
        }
        catch (Exception wrong) when (wrong is InvalidOperationException or FormatException)
        {
            // JsonNode says by these that an array or a text stands where another thing should.
            throw new TermsFormatException($"This is not in the format of {(kind == TermsKind.Rates ? "rate-card.json" : "plans.json")}: {wrong.Message}", wrong);
        }
    }

    private static TermsSheet ReadCard(JsonNode card)
    {
        var models = card["models"]?.AsArray() ?? throw new FormatException("it has no models");
        return new(
            [.. models.SelectMany(m => (m!["rates"]?.AsArray() ?? []).Select(t => (IReadOnlyList<string>)
                [Cell(m["model"]), Cell(m["name"]), Cell(t!["above_prompt_tokens"]), Cell(t["input"]), Cell(t["cache_write_5m"]), Cell(t["cache_write_1h"]), Cell(t["cache_read"]), Cell(t["output"])]))],
            [Cell(card["modifiers"]?["batch"]?["all_token_classes"]), Cell(card["modifiers"]?["region_us"]?["all_token_classes"]), Cell(card["fees"]?["web_search"])]);
    }

    private static TermsSheet ReadPlans(JsonNode document)
    {
        var plans = document["plans"]?.AsArray() ?? throw new FormatException("it has no plans");
        return new(
            [.. plans.Select(p => (IReadOnlyList<string>)
                [Cell(p!["key"]), Cell(p["name"]), Cell(p["monthly_fee"]), Cell(p["monthly_credit"]), Cell(p["extra_usage_allowed"]), Cell(p["largest_cap"]), Cell(p["self_service"])])],
            []);
    }

    private static JsonObject Tier(IReadOnlyList<string> row) => new()
    {
        ["above_prompt_tokens"] = long.Parse(row[2].Trim(), CultureInfo.InvariantCulture),
        ["input"] = row[3].Trim(),
        ["cache_write_5m"] = row[4].Trim(),
        ["cache_write_1h"] = row[5].Trim(),
        ["cache_read"] = row[6].Trim(),
        ["output"] = row[7].Trim(),
    };

    private static JsonObject Plan(IReadOnlyList<string> row) => new()
    {
        ["key"] = row[0].Trim(),
        ["name"] = row[1].Trim(),
        ["monthly_fee"] = row[2].Trim(),
        ["monthly_credit"] = row[3].Trim(),
        ["extra_usage_allowed"] = row[4].Trim() == SheetShape.Yes,
        ["largest_cap"] = row[5].Trim(),
        ["self_service"] = row[6].Trim() == SheetShape.Yes,
    };

    private static JsonObject Modifier(string factor) => new() { ["all_token_classes"] = factor.Trim() };

    private static string Cell(JsonNode? node) => node?.GetValueKind() switch
    {
        null or System.Text.Json.JsonValueKind.Null => "",
        System.Text.Json.JsonValueKind.True => SheetShape.Yes,
        System.Text.Json.JsonValueKind.False => SheetShape.No,
        System.Text.Json.JsonValueKind.String => node.GetValue<string>(),
        System.Text.Json.JsonValueKind.Number => node.ToJsonString(),
        _ => throw new FormatException("a value is no text and no number"),
    };

    private static string Flag(bool value) => value ? SheetShape.Yes : SheetShape.No;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
