using Portal.Data;
using Portal.Settings;

try
{
    var builder = SettingsSetup.CreateBuilder(args);
    var settings = builder.AddSettings();
    builder.AddData(settings);

    var app = builder.Build();
    await app.MigrateDatabase();
    app.MapGet("/", () => "Portal");
    await app.RunAsync();
    return 0;
}
catch (WrongSettingException wrong)
{
    await Console.Error.WriteLineAsync(wrong.Message);
    return 1;
}

/// <summary>The application's entry point, named so that tests can host it.</summary>
public partial class Program;
