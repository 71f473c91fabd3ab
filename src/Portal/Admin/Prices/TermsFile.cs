using System.Text.Json;
using Portal.Accounts;
using Portal.SignIn;
using Portal.Terms;

namespace Portal.Admin.Prices;

/// <summary>A version as a file: JSON as it is loaded from, or CSV for a spreadsheet.</summary>
internal static class TermsFile
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static async Task<IResult> Get(TermsKind kind, int number, HttpContext context)
    {
        var services = context.RequestServices;
        if (await services.GetRequiredService<Viewer>().Who(context.User, context.RequestAborted) is not { } acting || !acting.Is(Roles.Admin))
        {
            return Results.Forbid();
        }
        if (await services.GetRequiredService<PriceReader>().Version(kind, number, context.RequestAborted) is not { } version)
        {
            return Results.NotFound();
        }
        var name = $"{(kind == TermsKind.Rates ? "rate-card" : "plans")}-{number}";
        return context.Request.Query["as"] == "csv"
            ? Results.File(System.Text.Encoding.UTF8.GetBytes(SheetText.Csv(SheetShape.Of(kind), version.Sheet)), Csv.ContentType, $"{name}.csv")
            : Results.File(Json(version), "application/json", $"{name}.json");
    }

    /// <summary>A draft may hold what is no number yet; then it is a sheet only.</summary>
    private static byte[] Json(TermsVersion version)
    {
        try
        {
            return JsonSerializer.SerializeToUtf8Bytes(TermsSheets.Document(version.Kind, version.Sheet, version.Number, version.EffectiveFrom, version.KeepUntil), Indented);
        }
        catch (Exception wrong) when (wrong is FormatException or OverflowException)
        {
            // A threshold that is no number has no place in the file's format; the sheet itself says what was written.
            return JsonSerializer.SerializeToUtf8Bytes(version.Sheet, Indented);
        }
    }
}
