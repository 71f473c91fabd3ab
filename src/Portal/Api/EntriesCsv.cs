using System.Globalization;
using System.Text;
using Ledger;
using Microsoft.EntityFrameworkCore;

namespace Portal.Api;

/// <summary>
/// Entries as CSV (RFC 4180), the same columns as in JSON, streamed: a page of rows at a time, so that no reader, however slow, keeps
/// a query open. A text that a spreadsheet would take for a formula begins with an apostrophe.
/// </summary>
internal static class EntriesCsv
{
    public const string MediaType = "text/csv";

    private const int Rows = 1_000;

    private static readonly string[] Columns =
    [
        "id", "seq", "at", "kind", "amount_usd", "pool", "grant", "charge", "model", "surface", "app", "actor", "reason", "credit_after_usd", "extra_after_usd", "reverses",
    ];

    public static bool IsWanted(HttpRequest request) =>
        request.GetTypedHeaders().Accept.Any(accepted => accepted.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase) && accepted.Quality is not 0);

    public static async Task Write(HttpContext context, string account, IQueryable<Entry> entries)
    {
        context.Response.ContentType = "text/csv; charset=utf-8";
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{account}-entries.csv\"";
        var text = new StringBuilder().AppendJoin(',', Columns).Append("\r\n");
        var before = long.MaxValue;
        while (true)
        {
            var page = await entries.Where(e => e.Seq < before).Take(Rows).ToListAsync(context.RequestAborted);
            foreach (var entry in page)
            {
                Row(text, EntryAnswer.Of(entry));
            }
            await context.Response.WriteAsync(text.ToString(), context.RequestAborted);
            if (page.Count < Rows)
            {
                return;
            }
            before = page[^1].Seq;
            text.Clear();
        }
    }

    private static void Row(StringBuilder text, EntryAnswer e) => text.AppendJoin(',',
        e.Id, e.Seq.ToString(CultureInfo.InvariantCulture), Instants.Format(e.At), System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(e.Kind.ToString()),
        e.AmountUsd, e.Pool, e.Grant, e.Charge, Cell(e.Model), Cell(e.Surface), Cell(e.App), Cell(e.Actor), Cell(e.Reason),
        e.CreditAfterUsd, e.ExtraAfterUsd, e.Reverses).Append("\r\n");

    private static string Cell(string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return "";
        }
        var harmless = value[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + value : value;
        return harmless.AsSpan().ContainsAny("\",\r\n") ? $"\"{harmless.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : harmless;
    }
}
