using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.Ui;

namespace Portal.Support;

/// <summary>
/// Carries out the corrections that may be, through the door, some charges at a time. What was done stands in each charge's row, written with its reversal; so
/// it goes on after a crash where it stopped, and two instances at the same correction share it.
/// </summary>
public sealed class CorrectionWork(IDbContextFactory<PortalDb> databases, AccountDoor door, Clock clock, ILogger<CorrectionWork> log) : BackgroundService
{
    private const int AtOnce = 100;

    /// <summary>Also without being told: another instance may have stopped in the middle.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _news = new(0);

    /// <summary>There is something to carry out.</summary>
    public void Begin() => _news.Release();

    public override void Dispose()
    {
        _news.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await _news.WaitAsync(Pause, stoppingToken);
                await Once(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                // Portal shuts down; what is left is carried out after the next start.
                return;
            }
            catch (Exception failure)
            {
                // Also a bug: it must not stop Portal, and the next turn goes on with the others.
                log.Log(DatabaseOutage.LevelOf(failure), failure, "Corrections could not go on; they will on the next run. What was reversed stays so, and nothing is reversed twice");
            }
        }
    }

    /// <summary>Carries out whatever may be now.</summary>
    public async Task Once(CancellationToken cancel = default)
    {
        List<Guid> approved;
        await using (var db = await databases.CreateDbContextAsync(cancel))
        {
            approved = await db.Set<Correction>().Where(c => c.State == CorrectionState.Approved).OrderBy(c => c.RequestedAt).Select(c => c.Id).ToListAsync(cancel);
        }
        foreach (var id in approved)
        {
            await CarryOut(id, cancel);
        }
    }

    private async Task CarryOut(Guid id, CancellationToken cancel)
    {
        while (await Pending(id, cancel) is { Count: > 0 } pending)
        {
            await Task.WhenAll(pending.Select(Correct));
            cancel.ThrowIfCancellationRequested();
        }
        await Finish(id, cancel);
    }

    private async Task<List<CorrectionItem>> Pending(Guid id, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<CorrectionItem>().AsNoTracking().Where(i => i.Correction == id && i.Result == CorrectionResult.Pending).OrderBy(i => i.Account).ThenBy(i => i.Charge).Take(AtOnce).ToListAsync(cancel);
    }

    private async Task Correct(CorrectionItem item)
    {
        try
        {
            await door.Submit(new CorrectCharge(item.Correction, item.Account, item.Charge));
        }
        catch (Exception failure) when (failure is not (DoorBusyException or NotAllowedException))
        {
            // A bug, or a ledger that does not add up. The other charges go on; this one says that it was not reversed.
            var reference = Reference.New();
            log.LogError(failure, "Charge {Charge} of {Account} could not be reversed. Reference {Reference}", item.Charge, item.Account, reference);
            await Fail(item, $"Portal could not reverse it; nothing was changed (ref {reference}).");
        }
    }

    private async Task Fail(CorrectionItem item, string why)
    {
        DateTimeOffset? now = clock.Now;
        await using var db = await databases.CreateDbContextAsync();
        await db.Set<CorrectionItem>().Where(i => i.Correction == item.Correction && i.Account == item.Account && i.Charge == item.Charge && i.Result == CorrectionResult.Pending)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.Result, CorrectionResult.Failed).SetProperty(i => i.Why, why).SetProperty(i => i.At, now));
    }

    private async Task Finish(Guid id, CancellationToken cancel)
    {
        DateTimeOffset? now = clock.Now;
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await db.Set<Correction>().Where(c => c.Id == id && c.State == CorrectionState.Approved)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.State, CorrectionState.Done).SetProperty(c => c.FinishedAt, now), cancel) == 0)
        {
            // Another instance said so first.
            return;
        }
        var results = await db.Set<CorrectionItem>().Where(i => i.Correction == id).GroupBy(i => i.Result).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(cancel);
        db.Add(new AuditRecord
        {
            At = now.Value,
            Actor = Ledger.Actors.Portal,
            Subject = $"correction:{id}",
            Action = "FinishCorrection",
            After = JsonSerializer.Serialize(results.ToDictionary(r => r.Key.ToString(), r => r.Count)),
            Outcome = "Done",
        });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }
}
