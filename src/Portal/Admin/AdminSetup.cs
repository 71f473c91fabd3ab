using Microsoft.AspNetCore.Components;
using Portal.Accounts;
using Portal.Admin.Audit;
using Portal.Admin.Gateways;
using Portal.Admin.Health;
using Portal.Admin.Operations;
using Portal.Admin.People;
using Portal.Admin.Prices;
using Portal.Admin.Programme;

namespace Portal.Admin;

/// <summary>What the administrators' pages read and do.</summary>
public static class AdminSetup
{
    public static void AddAdmin(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddPrices();
        builder.Services.AddPeople();
        builder.Services.AddAudit();
        var services = builder.Services;
        services.AddSingleton<OperationsReader>().AddSingleton<ParkedReplay>();
        services.AddSingleton<GatewayDesk>().AddSingleton<HealthReader>().AddSingleton<MailRetry>();
        services.AddFigures<TermsFigures>();
        services.AddFigures<OperationsFigures>();
        services.AddFigures<GatewayFigures>();
        services.AddFigures<HealthFigures>();
    }

    /// <summary>What a page shows, as it travels from the prerender to the circuit.</summary>
    private static void AddFigures<TFigures>(this IServiceCollection services) where TFigures : class =>
        services.AddSingleton<PersistentComponentStateSerializer<TFigures>, FiguresState<TFigures>>();
}
