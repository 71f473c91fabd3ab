using Microsoft.AspNetCore.Components;
using Portal.Accounts;

namespace Portal.Keys;

/// <summary>Subscribers' personal tokens.</summary>
public static class KeysSetup
{
    public static void AddPersonalTokens(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<PersonalTokens>();
        builder.Services.AddSingleton<PersistentComponentStateSerializer<KeysFigures>, FiguresState<KeysFigures>>();
    }
}
