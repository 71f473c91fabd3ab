namespace Portal.Settings;

public static class SettingsSetup
{
    /// <summary>
    /// A published copy has its settings and wwwroot beside it and may be started from any folder;
    /// `dotnet run` starts in the repository's top folder, where they stand in the source.
    /// </summary>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var published = Directory.Exists(Path.Combine(AppContext.BaseDirectory, "wwwroot"));
        return WebApplication.CreateBuilder(new WebApplicationOptions
        {
            // Settings are read once. To watch their files the framework would watch the whole folder, and be told of every write to a database in it.
            Args = ["--hostBuilder:reloadConfigOnChange=false", .. args],
            ContentRootPath = published ? AppContext.BaseDirectory : null,
        });
    }

    public static PortalSettings AddSettings(this WebApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection("Portal");
        SettingsShape.Check(section, typeof(PortalSettings));
        var settings = section.Get<PortalSettings>() ?? new PortalSettings();
        SettingsRules.Check(settings);
        FrameworkSettings.Check(builder.Configuration);

        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<Clock>();
        builder.Services.AddSingleton<StartBanner>();
        return settings;
    }
}
