using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Terms;

namespace Portal.Api;

/// <summary>The rate card version that comes next.</summary>
public sealed record NextRates(int Version, DateTimeOffset EffectiveFrom);

/// <summary>What models cost, in the format of rate-card.json.</summary>
[Description("A rate card version: US dollars per million tokens, as exact decimal strings.")]
public sealed record RatesAnswer(
    int Version, DateTimeOffset EffectiveFrom,
    [property: Description("Per model its key, name and rates: tiers by prompt length, each with the rate per token class.")] JsonElement Models,
    [property: Description("Factors on all token classes: `batch`, `region_us`.")] JsonElement Modifiers,
    [property: Description("Fees each: `web_search`.")] JsonElement Fees,
    [property: Description("The version that is scheduled after it, if any.")] NextRates? Next);

/// <summary>`GET /v1/rates`: public.</summary>
internal static class RatesApi
{
    public static async Task Get(HttpContext context, string? at, PortalDb db, PriceBooks prices, Clock clock)
    {
        var cancel = context.RequestAborted;
        var checks = new Checks();
        var instant = checks.Instant("at", at) ?? clock.Now;
        if (checks.Failed)
        {
            await Problem.Invalid(checks).Write(context);
            return;
        }
        var book = await prices.InForce(db, cancel);
        if (book.RateCardAt(instant) is not { } card)
        {
            await Problem.NotFound("No rate card was in force then.").Write(context);
            return;
        }
        var stored = await db.Set<RateCardDocument>().AsNoTracking().SingleAsync(r => r.Version == card.Version, cancel);
        await Answer.Write(context, Of(card, stored, book.NextRateCard(instant)), ApiJson.Default.RatesAnswer);
    }

    private static RatesAnswer Of(RateCard card, RateCardDocument stored, RateCard? next)
    {
        var document = JsonNode.Parse(stored.Json)!;
        return new(card.Version, card.EffectiveFrom, Exact(document["models"]), Exact(document["modifiers"]), Exact(document["fees"]),
            next is null ? null : new NextRates(next.Version, next.EffectiveFrom));
    }

    /// <summary>With amounts as the contract writes them: a card may say "12.50" where everything else says "12.5".</summary>
    private static JsonElement Exact(JsonNode? part)
    {
        Write(part);
        return JsonSerializer.SerializeToElement(part, ApiJson.Default.JsonNode);

        static void Write(JsonNode? node)
        {
            if (node is JsonArray list)
            {
                foreach (var item in list)
                {
                    Write(item);
                }
            }
            else if (node is JsonObject fields)
            {
                foreach (var (name, value) in fields.ToList())
                {
                    Write(value);
                    if (name is not ("model" or "name" or "note") && value?.GetValueKind() == JsonValueKind.String && Money.TryParse(value.GetValue<string>(), out var amount))
                    {
                        fields[name] = amount.ToString();
                    }
                }
            }
        }
    }
}
