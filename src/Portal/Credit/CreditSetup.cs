using Microsoft.AspNetCore.Components;
using Portal.Accounts;

namespace Portal.Credit;

/// <summary>The credit page's reads.</summary>
public static class CreditSetup
{
    public static void AddCredit(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<CreditReader>();
        builder.Services.AddSingleton<PersistentComponentStateSerializer<CreditFigures>, FiguresState<CreditFigures>>();
    }
}
