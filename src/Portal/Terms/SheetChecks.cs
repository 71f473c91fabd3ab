using System.Globalization;
using System.Text.RegularExpressions;
using Ledger;

namespace Portal.Terms;

/// <summary>What is wrong with a cell, or looks as if it were.</summary>
/// <param name="Row">The row; -1: a fact; -2: the sheet as a whole.</param>
/// <param name="Column">The column, or the fact.</param>
/// <param name="Text">What is the matter.</param>
/// <param name="Confirm">What an admin ticks if it is meant so; <c>null</c>: it has to be mended.</param>
public sealed record CellIssue(int Row, int Column, string Text, string? Confirm);

/// <summary>
/// Looks at every cell of a sheet, beside the terms that it replaces. What no terms may say has to be mended; what is rarely meant (a price of zero, one that is three times as high
/// or low as before, a model or a tier that goes) has to be ticked, and a tick counts for the very value that it was given for.
/// </summary>
public static partial class SheetChecks
{
    public const int AFact = -1;
    public const int Whole = -2;

    private const int Times = 3;
    private const int LongestName = 64;

    /// <summary>Everything about a sheet that has to be mended or ticked.</summary>
    /// <param name="shape">What kind it is.</param>
    /// <param name="sheet">The sheet.</param>
    /// <param name="before">What it replaces.</param>
    /// <param name="inUse">The models that were asked for lately, of those that the sheet leaves out.</param>
    public static IReadOnlyList<CellIssue> Of(SheetShape shape, TermsSheet sheet, TermsSheet before, IReadOnlyCollection<string> inUse)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(sheet);
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(inUse);
        var old = before.Rows.GroupBy(shape.KeyOf).ToDictionary(g => g.Key, g => g.First());
        var issues = new List<CellIssue>();
        for (var r = 0; r < sheet.Rows.Count; r++)
        {
            var was = old.GetValueOrDefault(shape.KeyOf(sheet.Rows[r]));
            for (var c = 0; c < shape.Columns.Count; c++)
            {
                Add(r, c, Cell(shape, shape.Columns[c], sheet.Rows[r], c, was?[c]), shape.KeyOf(sheet.Rows[r]), shape.Columns[c].Name, sheet.Rows[r][c]);
            }
        }
        for (var f = 0; f < shape.Facts.Count; f++)
        {
            Add(AFact, f, Value(shape.Facts[f], sheet.Facts[f], before.Facts.ElementAtOrDefault(f)), "*", shape.Facts[f].Name, sheet.Facts[f]);
        }
        issues.AddRange(Doubles(shape, sheet));
        issues.AddRange(shape.Kind == TermsKind.Rates ? Tiers(sheet).Concat(MissingModels(shape, sheet, before, inUse)) : MissingPlans(sheet, before));
        return issues;

        void Add(int row, int column, (string Text, bool MayBeMeant)? found, string key, string name, string value)
        {
            if (found is var (text, mayBeMeant))
            {
                issues.Add(new CellIssue(row, column, text, mayBeMeant ? $"{key}/{name}={value.Trim()}" : null));
            }
        }
    }

    /// <summary>Those that are neither mended nor ticked.</summary>
    public static IEnumerable<CellIssue> Open(IEnumerable<CellIssue> issues, IReadOnlyCollection<string> ticked) => issues.Where(i => i.Confirm is null || !ticked.Contains(i.Confirm));

    private static (string Text, bool MayBeMeant)? Cell(SheetShape shape, SheetColumn column, IReadOnlyList<string> row, int index, string? was) => column.Kind switch
    {
        CellKind.Text when index == 0 => Key().IsMatch(row[0].Trim()) ? null : ("A key has 1 to 64 letters, digits, dots, colons, hyphens and underscores.", false),
        CellKind.Text => row[index].Trim().Length is > 0 and <= LongestName && !row[index].Any(char.IsControl) ? null : ("A name has 1 to 64 characters.", false),
        CellKind.Count => long.TryParse(row[index].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out _) ? null : ("A whole number of tokens.", false),
        CellKind.Flag => row[index].Trim() is SheetShape.Yes or SheetShape.No ? null : ("yes or no.", false),
        // A plan without extra usage has no cap.
        CellKind.Amount when shape.Kind == TermsKind.Plans && column.Name == "largest_cap" && row[4].Trim() == SheetShape.No =>
            Money.TryParse(row[index].Trim(), out var cap) && cap.IsZero ? null : ("A plan without extra usage has a largest cap of 0.", false),
        _ => Value(column, row[index], was),
    };

    private static (string Text, bool MayBeMeant)? Value(SheetColumn column, string cell, string? was)
    {
        var what = column.Kind == CellKind.Factor ? "factor" : "price";
        if (cell.Trim().Length == 0)
        {
            return ($"The {what} is missing.", false);
        }
        if (!Money.TryParse(cell.Trim(), out var value))
        {
            return ("Enter an amount such as 12.50.", false);
        }
        if (value < Money.Zero)
        {
            return ($"A {what} is not negative.", false);
        }
        if (column.Kind == CellKind.Factor && (value > Money.FromDollars(10) || value.Nanos % 1_000 != 0))
        {
            return ("A factor is from 0 to 10, with at most six decimals.", false);
        }
        if (value > Most(column))
        {
            return ($"More than {Most(column).ForPeople()} is not possible.", false);
        }
        var old = was is not null && Money.TryParse(was.Trim(), out var parsed) ? parsed : (Money?)null;
        return value == old ? null
            : value.IsZero ? ($"Zero: {(column.Kind == CellKind.Factor ? "such requests would be free" : "nothing would be due for it")}.", true)
            : old is { IsPositive: true } before && (Int128)value.Nanos >= (Int128)before.Nanos * Times ? ($"At least {Times} times what it was ({before}).", true)
            : old is { IsPositive: true } higher && (Int128)value.Nanos * Times <= higher.Nanos ? ($"At most a third of what it was ({higher}).", true)
            : null;
    }

    private static Money Most(SheetColumn column) => column.Name switch
    {
        "web_search" => RateCard.LargestFee,
        "monthly_fee" or "monthly_credit" or "largest_cap" => Money.FromDollars(1_000_000),
        _ => RateCard.LargestRate,
    };

    private static IEnumerable<CellIssue> Doubles(SheetShape shape, TermsSheet sheet)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var r = 0; r < sheet.Rows.Count; r++)
        {
            if (!seen.Add(shape.KeyOf(sheet.Rows[r])))
            {
                yield return new CellIssue(r, shape.KeyColumns[^1], "There is another row like this.", null);
            }
        }
    }

    /// <summary>The first tier begins above 0, each higher one later, and none is cheaper than the one below it: a hold for the most must cover the real use.</summary>
    private static IEnumerable<CellIssue> Tiers(TermsSheet sheet)
    {
        foreach (var model in sheet.Rows.Select((row, r) => (Row: row, Index: r)).GroupBy(t => t.Row[0].Trim()))
        {
            var tiers = model.OrderBy(t => Count(t.Row[2])).ToList();
            if (Count(tiers[0].Row[2]) > 0)
            {
                yield return new CellIssue(tiers[0].Index, 2, "The first tier of a model begins above 0 prompt tokens.", null);
            }
            foreach (var (lower, higher) in tiers.Zip(tiers.Skip(1)))
            {
                if (higher.Row[1].Trim() != lower.Row[1].Trim())
                {
                    yield return new CellIssue(higher.Index, 1, "All tiers of a model have one name.", null);
                }
                for (var c = 3; c < lower.Row.Count; c++)
                {
                    if (Money.TryParse(lower.Row[c].Trim(), out var below) && Money.TryParse(higher.Row[c].Trim(), out var above) && above < below)
                    {
                        yield return new CellIssue(higher.Index, c, $"Cheaper than the tier below it ({below}).", null);
                    }
                }
            }
        }
    }

    private static IEnumerable<CellIssue> MissingModels(SheetShape shape, TermsSheet sheet, TermsSheet before, IReadOnlyCollection<string> inUse)
    {
        if (sheet.Rows.Count == 0)
        {
            yield return new CellIssue(Whole, 0, "No model has a price.", null);
        }
        var models = sheet.Rows.Select(row => row[0].Trim()).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in before.Rows.Where(row => !models.Contains(row[0])).DistinctBy(row => row[0]))
        {
            yield return inUse.Contains(gone[0])
                ? new CellIssue(Whole, 0, $"{gone[1]} ({gone[0]}) is in use and has no price: requests for it would be refused.", null)
                : new CellIssue(Whole, 0, $"{gone[1]} ({gone[0]}) goes: requests for it would be refused.", $"{gone[0]}/gone");
        }
        var keys = sheet.Rows.Select(shape.KeyOf).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in before.Rows.Where(row => models.Contains(row[0]) && !keys.Contains(shape.KeyOf(row))))
        {
            yield return new CellIssue(Whole, 0, $"The tier of {shape.NameOf(gone)} goes.", $"{shape.KeyOf(gone)}/gone");
        }
    }

    private static IEnumerable<CellIssue> MissingPlans(TermsSheet sheet, TermsSheet before)
    {
        var plans = sheet.Rows.Select(row => row[0].Trim()).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in before.Rows.Where(row => !plans.Contains(row[0])))
        {
            yield return new CellIssue(Whole, 0, $"{gone[1]} ({gone[0]}) is missing: plans are never removed. Say that subscribers do not choose it instead.", null);
        }
    }

    private static long Count(string cell) => long.TryParse(cell.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0;

    [GeneratedRegex("^[A-Za-z0-9._:-]{1,64}$")]
    private static partial Regex Key();
}
