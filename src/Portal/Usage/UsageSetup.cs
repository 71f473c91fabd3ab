using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Portal.SignIn;

namespace Portal.UsagePages;

/// <summary>The usage page's reads and its exports.</summary>
public static class UsageSetup
{
    public static void AddUsage(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<UsageMemory>().AddSingleton<UsageReader>();
        builder.Services.AddSingleton<PersistentComponentStateSerializer<UsageFigures>, UsageState>();
    }

    public static void MapUsage(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var exports = app.MapGroup("/usage").RequireAuthorization(new AuthorizeAttribute { Roles = Roles.Subscriber });
        exports.MapGet("/export.csv", UsageExport.Csv);
        exports.MapGet("/export.json", UsageExport.Json);
    }
}
