using Microsoft.AspNetCore.Components;
using Portal.Accounts;

namespace Portal.Plan;

/// <summary>The plan page's reads.</summary>
public static class PlanSetup
{
    public static void AddPlan(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<PlanReader>().AddSingleton<PlanComparer>();
        builder.Services.AddSingleton<PersistentComponentStateSerializer<PlanFigures>, FiguresState<PlanFigures>>();
    }
}
