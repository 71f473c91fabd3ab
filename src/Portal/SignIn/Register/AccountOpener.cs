using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;

namespace Portal.SignIn.Register;

/// <summary>Opens the accounts that new people are owed: at once after a registration, and once a minute what was left over.</summary>
public sealed class AccountOpener(IDbContextFactory<PortalDb> databases, AccountDoor door, TimeProvider time, ILogger<AccountOpener> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await Once(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                log.Log(DatabaseOutage.LevelOf(failure), failure, "Accounts of new people could not be opened; tried again in a minute");
            }
        }
    }

    /// <summary>Opens what is owed. Doing it twice opens once: the account's key is decided already.</summary>
    public async Task Once(CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        foreach (var owed in await db.Set<Registration>().AsNoTracking().ToListAsync(cancel))
        {
            var answer = await door.Submit(new PutAccount(owed.Account, owed.UserId, owed.Plan, null, Ledger.AccountStatus.Open, SignInAudit.Self(owed.UserId)));
            if (answer is PutAnswer.Done or PutAnswer.OwnerGone)
            {
                await db.Set<Registration>().Where(r => r.UserId == owed.UserId).ExecuteDeleteAsync(cancel);
            }
            else
            {
                log.LogError("The account {Account} of a new person cannot be opened on the plan {Plan}: {Answer}", owed.Account, owed.Plan, answer.GetType().Name);
            }
        }
    }
}
