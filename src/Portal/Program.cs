using Portal.Accounts;
using Portal.Data;
using Portal.Settings;
using Portal.Ui;

try
{
    var builder = SettingsSetup.CreateBuilder(args);
    var settings = builder.AddSettings();
    builder.AddData(settings);
    builder.Services.AddAuthentication().AddCookie();
    builder.Services.AddAuthorization();
    builder.AddAccounts(settings);
    builder.AddUi(settings);

    var app = builder.Build();
    await app.MigrateDatabase();
    app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
    app.UseAuthentication();
    app.UseAuthorization();
    app.UseAntiforgery();
    app.MapUi();
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
