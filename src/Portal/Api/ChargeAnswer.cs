using System.ComponentModel;
using Ledger;
using Portal.Accounts;

namespace Portal.Api;

/// <summary>A charge, all at API rates.</summary>
[Description("What one usage event costs, all at API rates: list = credit + extra + uncollected, and it never changes. For included use list is what it would have cost, and the parts are \"0\".")]
public record ChargeAnswer
{
    public required string Id { get; init; }

    public required string Account { get; init; }

    public required Pool Pool { get; init; }

    [Description("The price at API rates.")]
    public required Money ListUsd { get; init; }

    [Description("What credit paid.")]
    public required Money CreditUsd { get; init; }

    [Description("What extra usage carries.")]
    public required Money ExtraUsd { get; init; }

    [Description("What nobody pays and nobody owes.")]
    public required Money UncollectedUsd { get; init; }

    [Description("The promotion that takes a part off the extra.")]
    public string? Promotion { get; init; }

    [Description("Whether the use is included: it costs nothing.")]
    public required bool Included { get; init; }

    public required int RateCardVersion { get; init; }

    [Description("Whether the event is older than the period that counts it.")]
    public required bool Late { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    internal static ChargeAnswer Of(Charge charge) => new()
    {
        Id = PublicIds.Charge(charge.Account, charge.Number),
        Account = charge.Account,
        Pool = charge.Pool,
        ListUsd = charge.List,
        CreditUsd = charge.Credit,
        ExtraUsd = charge.Extra,
        UncollectedUsd = charge.Uncollected,
        Promotion = charge.Promotion,
        Included = charge.IsIncluded,
        RateCardVersion = charge.RateCardVersion,
        Late = charge.IsLate,
        RecordedAt = charge.RecordedAt,
    };
}
