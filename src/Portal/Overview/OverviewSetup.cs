using Microsoft.AspNetCore.Components;
using Portal.Accounts;

namespace Portal.Overview;

/// <summary>The overview's reads.</summary>
public static class OverviewSetup
{
    public static void AddOverview(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<OverviewReader>();
        builder.Services.AddSingleton<PersistentComponentStateSerializer<OverviewFigures>, FiguresState<OverviewFigures>>();
    }
}
