using Microsoft.AspNetCore.Components;
using Portal.Accounts;

namespace Portal.SupportAccess;

/// <summary>What the subscriber sees of support's looks.</summary>
public static class SupportAccessSetup
{
    public static void AddSupportAccess(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<SupportAccessReader>();
        builder.Services.AddSingleton<PersistentComponentStateSerializer<SupportAccessFigures>, FiguresState<SupportAccessFigures>>();
    }
}
