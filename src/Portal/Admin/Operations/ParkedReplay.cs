using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;

namespace Portal.Admin.Operations;

/// <summary>Replays parked events in bulk: every one is a command of its own, so that stopping in the middle, or doing it twice, charges none twice.</summary>
public sealed class ParkedReplay(IDbContextFactory<PortalDb> databases, AccountDoor door)
{
    private const int AtOnce = 200;

    /// <summary>Replays the events that wait with this model and surface.</summary>
    /// <param name="model">Their model.</param>
    /// <param name="surface">Their surface.</param>
    /// <param name="by">Who replays them.</param>
    /// <param name="told">Hears how far it is.</param>
    /// <param name="cancel">Stops between commands; what was charged stays charged.</param>
    /// <exception cref="NotAllowedException">The actor is no administrator.</exception>
    public async Task<ReplayedEvents> Replay(string model, string surface, Actor by, Action<ReplayedEvents>? told = null, CancellationToken cancel = default)
    {
        var sum = ReplayedEvents.None;
        for (var last = ""; !cancel.IsCancellationRequested && await After(last, model, surface, cancel) is { Count: > 0 } keys; last = keys[^1])
        {
            try
            {
                foreach (var answer in await Task.WhenAll(keys.Select(key => door.Submit(new ReplayParked(key, by)))))
                {
                    sum = sum.With(answer);
                }
            }
            catch (DoorBusyException)
            {
                // Whatever was charged meanwhile no longer waits; who goes on finds the others.
                return sum with { WasBusy = true };
            }
            told?.Invoke(sum);
        }
        return sum;
    }

    /// <summary>In the database's own order, so that none is met twice and none left out.</summary>
    private async Task<List<string>> After(string last, string model, string surface, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await OperationsReader.Waiting(db).Where(p => p.Model == model && p.Surface == surface && p.Key.CompareTo(last) > 0)
            .OrderBy(p => p.Key).Select(p => p.Key).Take(AtOnce).ToListAsync(cancel);
    }
}
