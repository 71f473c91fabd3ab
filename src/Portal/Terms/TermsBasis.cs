using System.Text.Json.Nodes;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Terms;

/// <summary>
/// What a version replaces: the terms that will be in force when it begins, as far as they are approved. One that is scheduled for later replaces it whole in its turn.
/// </summary>
/// <param name="Kind">Which terms.</param>
/// <param name="Card">The rate card; <c>null</c> if there is none.</param>
/// <param name="Plans">The plans.</param>
internal sealed record TermsBasis(TermsKind Kind, RateCard? Card, IReadOnlyList<PlanTerms> Plans)
{
    /// <summary>The same as a sheet.</summary>
    public TermsSheet Sheet { get; } = Kind == TermsKind.Rates ? TermsSheets.Of(Card) : TermsSheets.Of(Plans);

    /// <summary>What an approval is bound to, beside the revision.</summary>
    public string Hash => Sheet.Hash();

    /// <summary>What a version replaces that begins at an instant; one whose instant has passed would replace what is in force.</summary>
    public static async Task<TermsBasis> Of(PortalDb db, TermsKind kind, DateTimeOffset from, DateTimeOffset now, CancellationToken cancel = default)
    {
        var before = from > now ? from : now.AddMicroseconds(1);
        if (kind == TermsKind.Rates)
        {
            var last = await db.Set<RateCardDocument>().AsNoTracking().Where(c => c.EffectiveFrom < before).OrderByDescending(c => c.EffectiveFrom).ThenByDescending(c => c.Version).FirstOrDefaultAsync(cancel);
            return new TermsBasis(kind, last is null ? null : TermsFormat.RateCard(JsonNode.Parse(last.Json)!), []);
        }
        var plans = await db.Set<PlanTerms>().AsNoTracking().Where(p => p.EffectiveFrom < before).ToListAsync(cancel);
        return new TermsBasis(kind, null, [.. plans.GroupBy(p => p.Plan).Select(versions => versions.MaxBy(p => p.EffectiveFrom)!)]);
    }

    /// <summary>Everything about a version that has to be mended or ticked.</summary>
    public static async Task<IReadOnlyList<CellIssue>> Issues(PortalDb db, TermsBasis basis, TermsVersion version, DateTimeOffset now, CancellationToken cancel = default) =>
        SheetChecks.Of(SheetShape.Of(basis.Kind), version.Sheet, basis.Sheet, await InUse(db, basis, version.Sheet, now, cancel));

    /// <summary>Of the models that a sheet leaves out, those that were asked for lately.</summary>
    public static async Task<IReadOnlyCollection<string>> InUse(PortalDb db, TermsBasis basis, TermsSheet sheet, DateTimeOffset now, CancellationToken cancel = default)
    {
        var used = new List<string>();
        var since = now - TermsVersions.InUse;
        foreach (var model in basis.Card?.Models.Keys.Except(sheet.Rows.Select(row => row[0].Trim())) ?? [])
        {
            if (await db.Set<Charge>().AnyAsync(c => c.Model == model && c.RecordedAt >= since, cancel))
            {
                used.Add(model);
            }
        }
        return used;
    }
}

/// <summary>What the audit says of a version: what it is bound to, not its whole sheet; of a change of the sheet, the cells.</summary>
internal sealed record TermsSaid(TermsStage Stage, int Revision, DateTimeOffset EffectiveFrom, DateTimeOffset? KeepUntil, string Hash, string Reason, IReadOnlyList<string>? Ticked)
{
    public IReadOnlyList<SheetChange>? Changes { get; init; }

    public static TermsSaid Of(TermsVersion version) => new(
        version.Stage, version.Revision, version.EffectiveFrom, version.KeepUntil, version.Sheet.Hash(), version.Reason, version.Ticked.Count == 0 ? null : version.Ticked);
}
