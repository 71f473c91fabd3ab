namespace Portal.Accounts;

/// <summary>Lines of CSV (RFC 4180). A text that a spreadsheet would take for a formula begins with an apostrophe; amounts are exact decimal strings and stay as they are.</summary>
public static class Csv
{
    public const string MediaType = "text/csv";

    public const string ContentType = MediaType + "; charset=utf-8";

    public const string LineEnd = "\r\n";

    /// <summary>A text as a cell. Ids too: an account's key may begin with a hyphen.</summary>
    public static string Cell(string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return "";
        }
        var harmless = value[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' ? "'" + value : value;
        return harmless.AsSpan().ContainsAny("\",\r\n") ? $"\"{harmless.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : harmless;
    }
}
