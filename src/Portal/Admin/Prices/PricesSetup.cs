using Microsoft.AspNetCore.Components;
using Portal.Accounts;
using Portal.Admin.Programme;
using Portal.SignIn;
using Portal.Terms;

namespace Portal.Admin.Prices;

/// <summary>The administrators' pages about plans and rate cards.</summary>
public static class PricesSetup
{
    public static void AddPrices(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddSingleton<PriceReader>().AddSingleton<TermsReader>();
        services.AddSingleton<PersistentComponentStateSerializer<TermsListFigures>, FiguresState<TermsListFigures>>();
        services.AddSingleton<PersistentComponentStateSerializer<TermsVersionFigures>, FiguresState<TermsVersionFigures>>();
        services.AddSingleton<PersistentComponentStateSerializer<ApprovalsFigures>, FiguresState<ApprovalsFigures>>();
    }

    public static void MapPrices(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapGet("/admin/rates/{version:int}/file", (int version, HttpContext context) => TermsFile.Get(TermsKind.Rates, version, context)).RequireAuthorization(policy => policy.RequireRole(Roles.Admin));
        app.MapGet("/admin/plans/{version:int}/file", (int version, HttpContext context) => TermsFile.Get(TermsKind.Plans, version, context)).RequireAuthorization(policy => policy.RequireRole(Roles.Admin));
    }
}
