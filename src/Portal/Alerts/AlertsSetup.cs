using Microsoft.AspNetCore.Components;
using Portal.Accounts;

namespace Portal.Alerts;

/// <summary>The alerts page's reads, the mails of alerts, and the links in them.</summary>
public static class AlertsSetup
{
    public static void AddAlerts(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<AlertsReader>().AddSingleton<PersistentComponentStateSerializer<AlertFigures>, FiguresState<AlertFigures>>();
        builder.Services.AddSingleton<UnsubscribeLinks>().AddSingleton<AlertMail>();
        builder.Services.AddSingleton<AlertOutbox>().AddHostedService(provider => provider.GetRequiredService<AlertOutbox>());
    }
}
