using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Portal.Accounts;
using Portal.SignIn;

namespace Portal.Admin.Audit;

/// <summary>The audit's pages, files and its daily verification.</summary>
public static class AuditSetup
{
    public static void AddAudit(this IServiceCollection services)
    {
        services.AddSingleton<AuditReader>().AddSingleton<AuditWatch>().AddHostedService(provider => provider.GetRequiredService<AuditWatch>());
        services.AddSingleton<PersistentComponentStateSerializer<AuditFigures>, FiguresState<AuditFigures>>();
        services.AddSingleton<PersistentComponentStateSerializer<AuditDetail>, FiguresState<AuditDetail>>();
    }

    public static void MapAudit(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var files = app.MapGroup(AuditQuery.Page).RequireAuthorization(new AuthorizeAttribute { Roles = Roles.Admin });
        files.MapGet("/export.csv", AuditExport.Csv);
        files.MapGet("/export.json", AuditExport.Json);
    }
}
