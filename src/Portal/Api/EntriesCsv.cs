using System.Globalization;
using System.Text;
using Portal.Accounts;
using Portal.Data;

namespace Portal.Api;

/// <summary>
/// Entries as CSV (RFC 4180), the same columns as in JSON, streamed: a page of rows at a time, so that no reader, however slow, keeps
/// a query open.
/// </summary>
internal static class EntriesCsv
{
    private const int Rows = 1_000;

    private static readonly string[] Columns =
    [
        "id", "seq", "at", "kind", "amount_usd", "pool", "grant", "charge", "model", "surface", "app", "actor", "reason", "credit_after_usd", "extra_after_usd", "reverses",
    ];

    /// <summary>Whether the reader would rather have CSV than JSON. No preference means JSON.</summary>
    public static bool IsWanted(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return Wish(Csv.MediaType) is > 0 and var csv && csv >= Wish(Body.Json);

        double Wish(string type) => accepted.Where(a => a.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)).Select(a => a.Quality ?? 1).DefaultIfEmpty(0).Max();
    }

    public static async Task Write(HttpContext context, PortalDb db, string account, EntryQuery query)
    {
        context.Response.ContentType = Csv.ContentType;
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{account}-entries.csv\"";
        var text = new StringBuilder().AppendJoin(',', Columns).Append(Csv.LineEnd);
        for (EntryRange? rest = await query.Range(db, account, context.RequestAborted); rest is { } range;)
        {
            (var page, rest) = await query.Page(db, account, range, Rows, context.RequestAborted);
            foreach (var entry in page)
            {
                Row(text, EntryAnswer.Of(entry));
            }
            await context.Response.WriteAsync(text.ToString(), context.RequestAborted);
            text.Clear();
        }
    }

    private static void Row(StringBuilder text, EntryAnswer e) => text.AppendJoin(',',
        Csv.Cell(e.Id), e.Seq.ToString(CultureInfo.InvariantCulture), Clock.Written(e.At), System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(e.Kind.ToString()),
        e.AmountUsd, e.Pool, Csv.Cell(e.Grant), Csv.Cell(e.Charge), Csv.Cell(e.Model), Csv.Cell(e.Surface), Csv.Cell(e.App), Csv.Cell(e.Actor), Csv.Cell(e.Reason),
        e.CreditAfterUsd, e.ExtraAfterUsd, Csv.Cell(e.Reverses)).Append(Csv.LineEnd);
}
