using Microsoft.AspNetCore.Components;
using Portal.Accounts;

namespace Portal.History;

/// <summary>The reads of the history's pages.</summary>
public static class HistorySetup
{
    public static void AddHistory(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<HistoryReader>().AddSingleton<ChargeReader>().AddSingleton<MomentReader>();
        builder.Services.AddSingleton<PersistentComponentStateSerializer<HistoryFigures>, FiguresState<HistoryFigures>>();
        builder.Services.AddSingleton<PersistentComponentStateSerializer<ChargeFigures>, FiguresState<ChargeFigures>>();
        builder.Services.AddSingleton<PersistentComponentStateSerializer<MomentFigures>, FiguresState<MomentFigures>>();
    }
}
