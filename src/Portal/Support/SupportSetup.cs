using Microsoft.AspNetCore.Components;
using Portal.Accounts;

namespace Portal.Support;

/// <summary>What the pages of support read and do.</summary>
public static class SupportSetup
{
    public static void AddSupport(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddSingleton<Corrections>().AddSingleton<CorrectionReader>().AddSingleton<ApprovalsReader>().AddSingleton<DisputesReader>();
        services.AddSingleton<SupportAccountReader>().AddSingleton<Timeline>().AddSingleton<RefusalReader>().AddSingleton<CompareReader>();
        services.AddSingleton<CorrectionWork>().AddHostedService(provider => provider.GetRequiredService<CorrectionWork>());
        Hands<SupportAccountFigures>(services);
        Hands<RefusalFigures>(services);
        Hands<CompareFigures>(services);
        Hands<ApprovalsFigures>(services);
        Hands<CorrectionsFigures>(services);
        Hands<CorrectionFigures>(services);
        Hands<DisputesFigures>(services);
    }

    /// <summary>From the prerender to the circuit, amounts exactly.</summary>
    private static void Hands<TFigures>(IServiceCollection services) where TFigures : class =>
        services.AddSingleton<PersistentComponentStateSerializer<TFigures>, FiguresState<TFigures>>();
}
