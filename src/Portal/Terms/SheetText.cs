using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Accounts;

namespace Portal.Terms;

/// <summary>
/// Sheets as text: what is copied from a spreadsheet (tabs), CSV, or a file of terms (JSON). A first line that names columns puts them in order, and columns that it does not name stay empty;
/// without one the columns come in their own order.
/// </summary>
public static class SheetText
{
    /// <summary>More than this is no price list.</summary>
    public const int MostRows = 500;

    public const int MostCharacters = 400_000;

    /// <summary>What was pasted or imported. Facts that it does not say stay as they were.</summary>
    /// <exception cref="TermsFormatException">It cannot be read as a sheet: why.</exception>
    public static TermsSheet Read(SheetShape shape, string text, TermsSheet before)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(before);
        var trimmed = (text ?? "").Trim('\uFEFF', ' ', '\r', '\n');
        if (trimmed.Length is 0 or > MostCharacters)
        {
            throw new TermsFormatException(trimmed.Length == 0 ? "There is nothing in it." : "It is too long for a list of prices.");
        }
        var sheet = trimmed[0] == '{' ? Json(shape, trimmed) : Table(shape, trimmed, before);
        return sheet.Rows.Count <= MostRows ? sheet : throw new TermsFormatException($"It has {sheet.Rows.Count} rows; {MostRows} are the most.");
    }

    /// <summary>CSV with a first line that names the columns; facts stand in rows of their own, named in the first cell.</summary>
    public static string Csv(SheetShape shape, TermsSheet sheet)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(sheet);
        var lines = new List<IEnumerable<string>> { shape.Columns.Select(c => c.Name) };
        lines.AddRange(sheet.Rows);
        lines.AddRange(shape.Facts.Zip(sheet.Facts, (fact, value) => new[] { Mark + fact.Name, value }));
        return string.Concat(lines.Select(cells => string.Join(',', cells.Select(Accounts.Csv.Cell)) + Accounts.Csv.LineEnd));
    }

    /// <summary>Begins the name of a fact, which no model and no plan has.</summary>
    private const string Mark = "*";

    private static TermsSheet Json(SheetShape shape, string text)
    {
        try
        {
            return TermsSheets.Read(shape.Kind, JsonNode.Parse(text)!);
        }
        catch (JsonException wrong)
        {
            throw new TermsFormatException($"It begins like JSON and is none: {wrong.Message}", wrong);
        }
    }

    private static TermsSheet Table(SheetShape shape, string text, TermsSheet before)
    {
        var lines = Lines(text, text.Split('\n')[0].Contains('\t', StringComparison.Ordinal) ? '\t' : ',').Where(cells => cells.Exists(c => c.Trim().Length > 0)).ToList();
        var order = Order(shape, lines[0]);
        string[] facts = [.. before.Facts];
        var rows = new List<IReadOnlyList<string>>();
        foreach (var cells in lines.Skip(order is null ? 0 : 1))
        {
            if (cells[0].Trim().StartsWith(Mark, StringComparison.Ordinal))
            {
                var fact = shape.Facts.ToList().FindIndex(f => f.Name == cells[0].Trim()[Mark.Length..]);
                if (fact < 0 || cells.Count < 2)
                {
                    throw new TermsFormatException($"'{cells[0].Trim()}' is none of {string.Join(", ", shape.Facts.Select(f => Mark + f.Name))}.");
                }
                facts[fact] = Plain(cells[1], shape.Facts[fact]);
                continue;
            }
            if (order is null && cells.Count != shape.Columns.Count)
            {
                throw new TermsFormatException($"The row of '{cells[0].Trim()}' has {cells.Count} cells; it should have {shape.Columns.Count}: {string.Join(", ", shape.Columns.Select(c => c.Label))}.");
            }
            rows.Add([.. shape.Columns.Select((column, i) => Plain(cells.ElementAtOrDefault(order?[i] ?? i) ?? "", column))]);
        }
        return new TermsSheet(rows, facts);
    }

    /// <summary>Where each column stands, if the first line names columns; <c>null</c> if it is a row like the others.</summary>
    private static int[]? Order(SheetShape shape, List<string> first)
    {
        var found = shape.Columns.Select(column => first.FindIndex(cell => Same(cell, column.Name) || Same(cell, column.Label))).ToArray();
        return found.Count(at => at >= 0) >= 2 ? [.. found.Select(at => at < 0 ? int.MaxValue : at)] : null;
    }

    private static bool Same(string cell, string name) => string.Equals(Letters(cell), Letters(name), StringComparison.OrdinalIgnoreCase);

    private static string Letters(string text) => string.Concat(text.Where(char.IsLetterOrDigit));

    /// <summary>Spreadsheets write "$1,000.00" and "TRUE" for what we write "1000" and "yes", and put an apostrophe before what might be a formula.</summary>
    private static string Plain(string cell, SheetColumn column)
    {
        var text = cell.Trim().TrimStart('\'');
        return column.Kind switch
        {
            CellKind.Amount or CellKind.Count or CellKind.Factor => text.Replace("$", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal).Trim(),
            CellKind.Flag when text.ToUpperInvariant() is "TRUE" or "YES" or "Y" or "1" or "X" => SheetShape.Yes,
            CellKind.Flag when text.ToUpperInvariant() is "FALSE" or "NO" or "N" or "0" or "" => SheetShape.No,
            _ => text,
        };
    }

    /// <summary>Cells may be quoted, and then hold separators, line ends and doubled quotes.</summary>
    private static IEnumerable<List<string>> Lines(string text, char separator)
    {
        var (cells, cell, quoted) = (new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            if (quoted)
            {
                if (letter == '"' && i + 1 < text.Length && text[i + 1] == '"')
                {
                    cell.Append('"');
                    i++;
                }
                else if (letter == '"')
                {
                    quoted = false;
                }
                else
                {
                    cell.Append(letter);
                }
            }
            else if (letter == '"' && cell.Length == 0)
            {
                quoted = true;
            }
            else if (letter == separator || letter == '\n')
            {
                cells.Add(cell.ToString());
                cell.Clear();
                if (letter == '\n')
                {
                    yield return cells;
                    cells = [];
                }
            }
            else if (letter != '\r')
            {
                cell.Append(letter);
            }
        }
        cells.Add(cell.ToString());
        yield return cells;
    }
}
