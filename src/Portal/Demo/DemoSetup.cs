using Portal.Api.Keys;
using Portal.Settings;
using Portal.SignIn;

namespace Portal.Demo;

/// <summary>The demo provider. It exists in Development only.</summary>
public static class DemoSetup
{
    public static void AddDemo(this WebApplicationBuilder builder, PortalSettings settings)
    {
        if (!builder.Environment.IsDevelopment())
        {
            return;
        }
        builder.Services.AddSingleton<DemoFill>();
        if (settings.Demo.Traffic)
        {
            builder.Services.AddHostedService<DemoTraffic>();
        }
    }

    /// <summary>Fills an empty database, and adds to the start's banner how to get in.</summary>
    public static async Task StartDemo(this WebApplication app, PortalSettings settings)
    {
        if (!app.Environment.IsDevelopment())
        {
            return;
        }
        if (settings.Demo.Fill && await app.Services.GetRequiredService<DemoFill>().Run())
        {
            await DemoPrices.AddImpacts(app.Services);
        }
        var banner = app.Services.GetRequiredService<StartBanner>();
        var people = await People(app);
        if (people.Count > 0)
        {
            banner.Add($"Sign in with the password {DemoAccounts.Password} as");
        }
        foreach (var person in people)
        {
            banner.Add($"  {person.Email,-24}{person.State}");
        }
        if (people.Count > 0 || settings.Demo.GatewayKey != "")
        {
            banner.Add($"Gateway key: {await GatewayKey(app, settings.Demo.GatewayKey)}");
        }
    }

    private static async Task<IReadOnlyList<DemoAccount>> People(WebApplication app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<DemoSignIns>().Existing();
    }

    /// <summary>The configured key, or a new one: the database keeps a key's hash only, so the last start's cannot be printed again.</summary>
    private static async Task<string> GatewayKey(WebApplication app, string configured)
    {
        var keys = app.Services.GetRequiredService<GatewayKeys>();
        if (configured == "")
        {
            return (await keys.Create("Demo, made at a start", KeyScopes.All)).Secret;
        }
        try
        {
            await keys.CreateWithSecret("Demo, configured", KeyScopes.All, configured);
            return configured;
        }
        catch (ArgumentException wrong)
        {
            // Too long, or like a key of Portal's own making but for a wrong letter: the operator's to mend.
            throw new WrongSettingException($"Portal:Demo:GatewayKey cannot be a key: {wrong.Message}");
        }
    }
}
