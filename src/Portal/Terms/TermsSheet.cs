using System.Security.Cryptography;
using System.Text.Json;
using Portal.Data;

namespace Portal.Terms;

/// <summary>Which terms: what models cost, or what plans are.</summary>
public enum TermsKind
{
    /// <summary>A rate card.</summary>
    Rates,

    /// <summary>The plans.</summary>
    Plans,
}

/// <summary>What a cell holds.</summary>
public enum CellKind
{
    /// <summary>A name.</summary>
    Text,

    /// <summary>A whole number of tokens.</summary>
    Count,

    /// <summary>Dollars.</summary>
    Amount,

    /// <summary>A factor of a price.</summary>
    Factor,

    /// <summary>"yes" or "no".</summary>
    Flag,
}

/// <summary>A column of a sheet, or a fact that stands once for all of it.</summary>
/// <param name="Name">What files call it.</param>
/// <param name="Label">What people call it.</param>
/// <param name="Kind">What its cells hold.</param>
public sealed record SheetColumn(string Name, string Label, CellKind Kind);

/// <summary>How the sheets of a kind look: columns, the first of which name the row, and facts.</summary>
public sealed record SheetShape(TermsKind Kind, IReadOnlyList<SheetColumn> Columns, IReadOnlyList<int> KeyColumns, IReadOnlyList<SheetColumn> Facts)
{
    public const string Yes = "yes";
    public const string No = "no";

    /// <summary>Rates: a row for each tier of each model.</summary>
    public static SheetShape Rates { get; } = new(
        TermsKind.Rates,
        [
            new("model", "Model", CellKind.Text), new("name", "Name", CellKind.Text), new("above_prompt_tokens", "Above prompt tokens", CellKind.Count),
            new("input", "Input", CellKind.Amount), new("cache_write_5m", "Cache write 5 min", CellKind.Amount), new("cache_write_1h", "Cache write 1 h", CellKind.Amount),
            new("cache_read", "Cache read", CellKind.Amount), new("output", "Output", CellKind.Amount),
        ],
        [0, 2],
        [new("batch", "Factor of batch requests", CellKind.Factor), new("region_us", "Factor of requests in the US", CellKind.Factor), new("web_search", "Fee of a web search", CellKind.Amount)]);

    /// <summary>Plans: a row for each.</summary>
    public static SheetShape Plans { get; } = new(
        TermsKind.Plans,
        [
            new("key", "Key", CellKind.Text), new("name", "Name", CellKind.Text), new("monthly_fee", "Fee a month", CellKind.Amount), new("monthly_credit", "Credit a month", CellKind.Amount),
            new("extra_usage_allowed", "Extra usage", CellKind.Flag), new("largest_cap", "Largest cap", CellKind.Amount), new("self_service", "Subscribers choose it", CellKind.Flag),
        ],
        [0],
        []);

    public static SheetShape Of(TermsKind kind) => kind == TermsKind.Rates ? Rates : Plans;

    /// <summary>What tells a row from the others.</summary>
    public string KeyOf(IReadOnlyList<string> row) => string.Join('|', KeyColumns.Select(column => row[column].Trim()));

    /// <summary>A row as people call it.</summary>
    public string NameOf(IReadOnlyList<string> row)
    {
        ArgumentNullException.ThrowIfNull(row);
        var name = row[1].Trim() is { Length: > 0 } given ? given : row[0].Trim();
        return Kind == TermsKind.Rates && row[2].Trim() is not ("0" or "") ? $"{name}, above {row[2].Trim()}" : name;
    }

    /// <summary>A row with nothing in it.</summary>
    public string[] EmptyRow() => [.. Columns.Select(c => c.Kind == CellKind.Flag ? No : c.Kind == CellKind.Count ? "0" : "")];
}

/// <summary>Terms as they are edited: texts in cells, right or wrong. What they come to is said by <see cref="SheetChecks"/>; only what is right becomes terms.</summary>
/// <param name="Rows">The rows, each with a text for every column.</param>
/// <param name="Facts">A text for every fact.</param>
public sealed record TermsSheet(IReadOnlyList<IReadOnlyList<string>> Rows, IReadOnlyList<string> Facts)
{
    /// <summary>What an approval binds to: the same for the same terms, however they are written.</summary>
    public string Hash() => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this, LedgerJson.Options)))[..16];

    /// <summary>The same with amounts as they are exactly, and the rows in one order.</summary>
    public TermsSheet Normal(SheetShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return new(
            [.. Rows.Select(row => (IReadOnlyList<string>)[.. row.Zip(shape.Columns, Exact)]).OrderBy(row => row[0], StringComparer.Ordinal).ThenBy(row => long.TryParse(row[shape.KeyColumns[^1]], out var above) ? above : 0)],
            [.. Facts.Zip(shape.Facts, Exact)]);
    }

    private static string Exact(string cell, SheetColumn column) =>
        column.Kind is CellKind.Amount or CellKind.Factor && Ledger.Money.TryParse(cell.Trim(), out var amount) ? amount.ToString() : cell.Trim();
}
