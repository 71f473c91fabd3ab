using Microsoft.AspNetCore.Components;
using Portal.Accounts;
using Portal.SignIn;

namespace Portal.Statements;

/// <summary>The statements' pages and their file.</summary>
public static class StatementsSetup
{
    public static void AddStatements(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<StatementReader>();
        builder.Services.AddSingleton<PersistentComponentStateSerializer<StatementsFigures>, FiguresState<StatementsFigures>>();
        builder.Services.AddSingleton<PersistentComponentStateSerializer<StatementFigures>, FiguresState<StatementFigures>>();
    }

    public static void MapStatements(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapGet("/statements/{period}/file", StatementFile.Get).RequireAuthorization(policy => policy.RequireRole(Roles.Subscriber));
    }
}
