using Portal.Data;
using Portal.Settings;
using Portal.SignIn;
using Portal.Terms;

namespace Portal.Accounts;

/// <summary>The door, the sweep and the feed.</summary>
public static class AccountsSetup
{
    public static void AddAccounts(this WebApplicationBuilder builder, PortalSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var services = builder.Services;
        services.AddTerms().AddStaff();
        services.AddSingleton<AccountFeed>().AddSingleton<Balances>().AddSingleton<AlertCounts>();
        services.AddSingleton<PastBalances>().AddSingleton<PlanPreviews>().AddSingleton<Paces>().AddSingleton<ReplaySteps>().AddSingleton<Replays>().AddSingleton<Following>().AddSingleton<HistoryLines>().AddSingleton<LedgerCheck>().AddSingleton<MonthArchive>().AddSingleton<AccountStatements>();
        services.AddSingleton<DoorMeasures>().AddSingleton<LedgerMeasures>();
        services.AddSingleton<AccountDoor>().AddHostedService(provider => provider.GetRequiredService<AccountDoor>());
        services.AddSingleton<EventRates>().AddHostedService(provider => provider.GetRequiredService<EventRates>());
        services.AddSingleton<LedgerRounds>().AddHostedService(provider => provider.GetRequiredService<LedgerRounds>());
        services.AddSingleton<Sweep>().AddHostedService(provider => provider.GetRequiredService<Sweep>());
        if (settings.Database.Provider == DatabaseSettings.Sqlite)
        {
            services.AddSingleton<BulkWriter, SqliteBulk>();
        }
        else
        {
            services.AddSingleton<BulkWriter, PostgresBulk>();
            services.AddSingleton<PostgresFeed>().AddHostedService(provider => provider.GetRequiredService<PostgresFeed>());
        }
    }
}
