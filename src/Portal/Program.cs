using Microsoft.AspNetCore.Connections;
using Portal;
using Portal.Accounts;
using Portal.Admin;
using Portal.Admin.Audit;
using Portal.Admin.Prices;
using Portal.Alerts;
using Portal.Api;
using Portal.Credit;
using Portal.Data;
using Portal.Demo;
using Portal.ExtraUsage;
using Portal.History;
using Portal.Keys;
using Portal.Mail;
using Portal.Overview;
using Portal.Plan;
using Portal.Security;
using Portal.Settings;
using Portal.SignIn;
using Portal.SignIn.Limits;
using Portal.SignIn.ViewAs;
using Portal.Statements;
using Portal.Support;
using Portal.SupportAccess;
using Portal.Ui;
using Portal.UsagePages;
using Portal.Watching;

try
{
    var builder = SettingsSetup.CreateBuilder(Commands.SettingsOf(args));
    var settings = builder.AddSettings();
    builder.AddData(settings);
    builder.AddSecurity(settings);
    builder.AddMail();
    builder.AddSignIn(settings);
    builder.AddAccounts(settings);
    builder.AddApi();
    builder.AddDemo(settings);
    builder.AddOverview();
    builder.AddUsage();
    builder.AddCredit();
    builder.AddExtraUsage();
    builder.AddHistory();
    builder.AddStatements();
    builder.AddPlan();
    builder.AddAlerts();
    builder.AddPersonalTokens();
    builder.AddAdmin();
    builder.AddSupportAccess();
    builder.AddFind();
    builder.AddSupport();
    builder.AddUi(settings);
    builder.AddWatching();

    var app = builder.Build();
    if (Commands.IsCommand(args))
    {
        return await Commands.Run(app, args);
    }

    Tls.Require(app, settings);
    // What a start takes is the database's model and the endpoints: the one is built while the other is.
    var database = Task.Run(Prepare);

    app.UseSecurity(settings);
    app.UseApi();
    app.UseErrorPages();
    app.UseApiErrors();
    app.UseAuthentication();
    app.UseViewAs();
    app.UseAuthorization();
    app.UseTryLimits();
    app.UseAntiforgery();
    app.MapApi();
    app.MapSignIn();
    app.MapMail();
    app.MapStatements();
    app.MapPrices();
    app.MapUnsubscribe();
    app.MapUsage();
    app.MapAudit();
    app.MapUi();
    app.BuildEndpoints();
    await database;
    StartBanner.Print(app);
    await app.RunAsync();
    return 0;

    async Task Prepare()
    {
        await app.MigrateDatabase();
        await app.RefuseDemoOutsideDevelopment();
        await app.StartDemo(settings);
    }
}
catch (WrongSettingException wrong)
{
    await Console.Error.WriteLineAsync(wrong.Message);
    return 1;
}
catch (IOException taken) when (taken.InnerException is AddressInUseException)
{
    await Console.Error.WriteLineAsync($"Urls names an address that another program uses: {taken.Message}");
    return 1;
}

/// <summary>The application's entry point, named so that tests can host it.</summary>
public partial class Program;
