using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Api;

/// <summary>Whether the database answers, is migrated, and is durable. Anyone may ask; only the log says why not, once a change and not once a probe.</summary>
internal sealed class Readiness(IDbContextFactory<PortalDb> databases, ILogger<Readiness> log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private string _said = "";

    public async Task<bool> IsReady(CancellationToken aborted)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        cancel.CancelAfter(Patience);
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancel.Token);
            var pending = (await db.Database.GetPendingMigrationsAsync(cancel.Token)).Select(m => $"The migration {m} is pending.");
            return Say(string.Join(' ', [.. pending, .. await Durability.Problems(db)]), null);
        }
        catch (OperationCanceledException) when (aborted.IsCancellationRequested)
        {
            // Whoever asked gave up; that says nothing about the database.
            return false;
        }
        catch (Exception away) when (away is OperationCanceledException || away.IsDatabaseAway())
        {
            return Say("The database does not answer.", away);
        }
    }

    private bool Say(string problems, Exception? away)
    {
        var isReady = problems.Length == 0;
        if (Interlocked.Exchange(ref _said, problems) == problems)
        {
            return isReady;
        }
        if (isReady)
        {
            log.LogInformation("Ready again");
        }
        else
        {
            log.LogWarning(away, "Not ready: {Problems}", problems);
        }
        return isReady;
    }
}
