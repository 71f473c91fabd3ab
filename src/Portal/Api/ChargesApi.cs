using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Api.Keys;
using Portal.Data;
using Portal.Terms;

namespace Portal.Api;

/// <summary>Who paid a part of a charge.</summary>
public enum SplitPool
{
    /// <summary>A grant.</summary>
    Credit,

    /// <summary>Extra usage.</summary>
    Extra,

    /// <summary>Nobody.</summary>
    Uncollected,
}

/// <summary>The event of a charge.</summary>
[Description("The usage event. One that an authorization was settled with has no source and id.")]
public sealed record ChargedEvent(string? Source, string? Id, DateTimeOffset Time, string Model, string Surface, string? App, string? Authorization, UsageBody Usage);

/// <summary>A modifier of a price line.</summary>
public sealed record MultiplierAnswer(string Name, [property: Description("The exact factor.")] string By);

/// <summary>One line of a price.</summary>
[Description("quantity x rate, times the multipliers, rounded once; or quantity x fee.")]
public sealed record PriceLineAnswer(
    string Class, long Quantity,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Money? RateUsdPerMillion,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Money? FeeUsd,
    IReadOnlyList<MultiplierAnswer> Multipliers, Money AmountUsd)
{
    internal static PriceLineAnswer Of(PriceLine line) => new(
        line.Class, line.Quantity, line.IsFee ? null : line.Rate, line.IsFee ? line.Rate : null,
        [.. line.Multipliers.Select(m => new MultiplierAnswer(m.Name, m.By.ToString()))], line.Amount);
}

/// <summary>A part of a charge.</summary>
public sealed record SplitAnswer(
    SplitPool Pool, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Grant, Money AmountUsd);

/// <summary>A charge that explains itself.</summary>
[Description("A charge, its event, and how it was priced: the lines sum to `list_usd`.")]
public sealed record ExplainedCharge : ChargeAnswer
{
    public ExplainedCharge() { }

    [SetsRequiredMembers]
    internal ExplainedCharge(ChargeAnswer charge) : base(charge) => (Event, Lines, Splits, Why) = (null!, null!, null!, null!);

    public required ChargedEvent Event { get; init; }

    public required IReadOnlyList<PriceLineAnswer> Lines { get; init; }

    public required IReadOnlyList<SplitAnswer> Splits { get; init; }

    [Description("Why these paid, in a sentence; and that it was reversed, if it was.")]
    public required string Why { get; init; }

    [Description("When and why the charge was reversed: what it took came back, as the entries of kind `reversal` say. Null if it was not.")]
    public required ReversalAnswer? Reversed { get; init; }
}

/// <summary>That a charge was reversed.</summary>
public sealed record ReversalAnswer(DateTimeOffset At, string Reason);

/// <summary>`GET /v1/charges/{id}`.</summary>
internal static class ChargesApi
{
    private static readonly Problem NoCharge = Problem.NotFound("No charge has this id.");

    public static async Task Get(HttpContext context, string id, PortalDb db, PriceBooks prices)
    {
        var cancel = context.RequestAborted;
        if (!PublicIds.TryParseCharge(id, out var account, out var number) || !Texts.IsAccountKey(account) || !Caller.Of(context).MaySee(account))
        {
            await NoCharge.Write(context);
            return;
        }
        if (await db.Set<Charge>().AsNoTracking().SingleOrDefaultAsync(c => c.Account == account && c.Number == number, cancel) is not { } charge)
        {
            await (await Openings.Archived(db, account, number, cancel) is { } archived ? Problem.NotFound(archived) : NoCharge).Write(context);
            return;
        }
        var card = (await prices.InForce(db, cancel)).RateCard(charge.RateCardVersion);
        var reversal = await db.Set<ReversedCharge>().AsNoTracking().SingleOrDefaultAsync(r => r.Account == account && r.Charge == number, cancel);
        await Answer.Write(context, Explain(charge, card, await Splits(db, charge, cancel), reversal), ApiJson.Default.ExplainedCharge);
    }

    /// <summary>From its entries: only they say which grants paid.</summary>
    private static async Task<List<SplitAnswer>> Splits(PortalDb db, Charge charge, CancellationToken cancel) =>
        [.. (await EntrySearch.PartsOf(db, charge, cancel)).Select(e => new SplitAnswer(
            e.Pool switch { EntryPool.Credit => SplitPool.Credit, EntryPool.Extra => SplitPool.Extra, _ => SplitPool.Uncollected },
            e.Grant is { } grant ? PublicIds.Grant(e.Account, grant) : null, e.Amount))];

    private static ExplainedCharge Explain(Charge charge, RateCard card, List<SplitAnswer> splits, ReversedCharge? reversal) => new(ChargeAnswer.Of(charge))
    {
        Event = new ChargedEvent(charge.Source, charge.EventId, charge.Time, charge.Model, charge.Surface, charge.App, charge.Authorization, UsageBody.Of(charge.Usage)),
        Lines = [.. Rating.Lines(card, charge.Model, charge.Usage).Select(PriceLineAnswer.Of)],
        Splits = splits,
        Why = ChargeExplanation.Why(charge) + (reversal is null ? "" : $" {ChargeExplanation.Reversed(reversal)}"),
        Reversed = reversal is null ? null : new ReversalAnswer(reversal.At, reversal.Reason),
    };
}
