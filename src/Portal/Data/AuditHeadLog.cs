using Microsoft.EntityFrameworkCore;

namespace Portal.Data;

/// <summary>
/// Writes the head of the audit chain to the log, every hour and when Portal stops. Whoever can write into the database can cut the chain's
/// end and set the head back; the log lies elsewhere, and `verify-audit --head` compares.
/// </summary>
public sealed class AuditHeadLog(IDbContextFactory<PortalDb> databases, TimeProvider time, ILogger<AuditHeadLog> log) : BackgroundService
{
    private int _hasStopped;

    /// <summary>Registered before whatever writes records, it stops after all that. A host may ask twice.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (Interlocked.Exchange(ref _hasStopped, 1) == 0)
        {
            await Write(cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await Write(stoppingToken);
        }
    }

    private async Task Write(CancellationToken cancel)
    {
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancel);
            var head = await db.Set<AuditHead>().AsNoTracking().SingleAsync(cancel);
            log.LogInformation("The audit chain's head is {Head}", head);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The database does not answer, or the head is gone; either way the gap shows in the log.
            log.Log(DatabaseOutage.LevelOf(failure), failure, "The audit chain's head could not be read");
        }
    }
}
