using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Api;

/// <summary>`/health/live`: the process answers. `/health/ready`: its database answers, is migrated, and is durable. No detail: anyone may ask.</summary>
internal static class HealthApi
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static string Live() => "live";

    public static async Task Ready(HttpContext context, IDbContextFactory<PortalDb> databases, ILogger<PortalDb> log)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        cancel.CancelAfter(Patience);
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancel.Token);
            if (!(await db.Database.GetPendingMigrationsAsync(cancel.Token)).Any() && (await Durability.Problems(db)).Count == 0)
            {
                await context.Response.WriteAsync("ready");
                return;
            }
        }
        catch (Exception away) when (away is OperationCanceledException || away.IsDatabaseAway())
        {
            log.LogWarning(away, "Not ready: the database does not answer");
        }
        await Problem.Busy("Portal is not ready.").Write(context);
    }
}
