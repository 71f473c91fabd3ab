using System.Globalization;
using Ledger;
using Portal.Accounts;
using Portal.Terms;
using Portal.Ui;

namespace Portal.Admin.Programme;

/// <summary>Changes of terms in words.</summary>
public static class TermsWords
{
    /// <summary>"20 %".</summary>
    public static string Percent(int millionths) => $"{(millionths / 10_000m).ToString("0.####", CultureInfo.InvariantCulture)} %";

    public static string Status(ProgrammeStatus status) => status.ToString().ToLowerInvariant();

    public static string Use(ProgrammaticUse use) => use switch
    {
        ProgrammaticUse.Metered => "paid by credit, then by extra usage",
        ProgrammaticUse.Included => "included at price zero",
        _ => "refused",
    };

    public static string Claims(ClaimMode mode) => mode == ClaimMode.Once ? "the first claim claims every period" : "each period is claimed anew";

    public static string Pool(Pool pool) => pool == Ledger.Pool.Interactive ? "interactive: included in the fee" : "programmatic: paid by credit, then by extra usage";

    /// <summary>What a change does.</summary>
    public static string Of(TermsChange change, TermsFigures figures)
    {
        ArgumentNullException.ThrowIfNull(figures);
        return change switch
        {
            NewPromotion p => $"{Percent(p.PercentMillionths)} off extra usage: “{p.Name}”, for {Names(p.Models, figures.Models, "every model")}, on {Names(p.Plans, figures.Plans, "every plan")}",
            PromotionEnd e => $"End “{e.Name}” early",
            NewPhase p => $"The programme is {Status(p.Status)}; programmatic use is {Use(p.ProgrammaticUse)}; {Claims(p.ClaimMode)}",
            NewSurfaceRule s => $"{SurfaceNames.Of(s.Surface)} ({s.Surface}) becomes {Pool(s.Pool)}",
            _ => throw new InvalidOperationException("There are four kinds of changes."),
        };
    }

    /// <summary>The page of a change.</summary>
    public static string Path(TermsChange change) => change switch
    {
        NewPhase => "/admin/programme",
        NewSurfaceRule => "/admin/surfaces",
        _ => "/admin/promotions",
    };

    /// <summary>What it would have met.</summary>
    public static string Met(TermsChange change, TermsPreview preview)
    {
        ArgumentNullException.ThrowIfNull(preview);
        var use = $"{Count(preview.Requests, "charge")} of {Count(preview.Accounts, "account")}, {Amounts.Brief(preview.List)} at API rates";
        return change switch
        {
            NewPromotion => $"In the last 30 days it would have met {Amounts.Brief(preview.Extra)} of extra usage of {Count(preview.Accounts, "account")}, and taken about {Amounts.Brief(preview.Discount)} off, less where another promotion already did.",
            PromotionEnd => $"In the last 30 days it took about {Amounts.Brief(preview.Discount)} off {Amounts.Brief(preview.Extra)} of extra usage of {Count(preview.Accounts, "account")}. That is what they pay more.",
            NewPhase { ProgrammaticUse: ProgrammaticUse.Metered } => $"Programmatic use of the last 30 days came to {use}. It is paid by credit, then by extra usage.",
            NewPhase { ProgrammaticUse: ProgrammaticUse.Included } => $"Programmatic use of the last 30 days came to {use}; {Amounts.Brief(preview.Extra)} of it was extra usage. It would be at price zero.",
            NewPhase => $"Programmatic use of the last 30 days came to {use}. Requests like these would be refused, and events uncollected.",
            NewSurfaceRule => $"This surface had {use} in the last 30 days; {Count(preview.Parked, "event")} {(preview.Parked == 1 ? "waits" : "wait")} for it.",
            _ => throw new InvalidOperationException("There are four kinds of changes."),
        };
    }

    public static string Count(long count, string what) => $"{count.ToString("#,0", CultureInfo.InvariantCulture)} {what}{(count == 1 ? "" : "s")}";

    public static string Names(IReadOnlyList<string> keys, IReadOnlyList<Named> known, string all)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return keys.Count == 0 ? all : string.Join(", ", keys.Select(key => known.FirstOrDefault(n => n.Key == key)?.Name ?? key));
    }
}
