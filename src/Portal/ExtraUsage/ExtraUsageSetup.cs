using Microsoft.AspNetCore.Components;
using Portal.Accounts;

namespace Portal.ExtraUsage;

/// <summary>The extra usage page's reads.</summary>
public static class ExtraUsageSetup
{
    public static void AddExtraUsage(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<ExtraUsageReader>();
        builder.Services.AddSingleton<PersistentComponentStateSerializer<ExtraUsageFigures>, FiguresState<ExtraUsageFigures>>();
    }
}
