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
        if (settings.Demo.Fill)
        {
            await app.Services.GetRequiredService<DemoFill>().Run();
        }
        await AddSignIns(app);
    }

    private static async Task AddSignIns(WebApplication app)
    {
        var banner = app.Services.GetRequiredService<StartBanner>();
        await using var scope = app.Services.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<DemoSignIns>().Existing() is not { Count: > 0 } people)
        {
            return;
        }
        banner.Add($"Sign in with the password {DemoAccounts.Password} as");
        foreach (var person in people)
        {
            banner.Add($"  {person.Email,-24}{person.State}");
        }
    }
}
