using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Settings;

namespace Portal.Accounts;

/// <summary>
/// Wakes accounts that sleep over something that is due: a hold's end, a grant's expiry, a period's turn, the programme's start. And makes the months
/// of the ledger's tables ahead of time (see <see cref="Months"/>).
/// </summary>
public sealed class Sweep(
    IDbContextFactory<PortalDb> databases, AccountDoor door, Terms.PriceBooks prices, Clock clock, PortalSettings settings, TimeProvider time, LedgerMeasures measures, ILogger<Sweep> log) : BackgroundService
{
    private const int AtOnce = 500;

    /// <summary>Months have a quarter of a year to be made in.</summary>
    private static readonly TimeSpan LookAtMonths = TimeSpan.FromHours(1);

    private DateTimeOffset _monthsAt = DateTimeOffset.MinValue;

    /// <summary>When this instance last swept to the end, and how many accounts it woke; <c>null</c> before it did.</summary>
    public (DateTimeOffset At, int Woken)? Last { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(settings.Door.SweepSeconds), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await Once(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                log.Log(DatabaseOutage.LevelOf(failure), failure, "The sweep could not finish; it goes on with its next turn. No money moved but by the accounts' own rules");
            }
        }
    }

    /// <summary>Wakes what is due now; returns how many accounts were.</summary>
    public async Task<int> Once(CancellationToken cancel = default)
    {
        var woken = 0;
        while (await Due(cancel) is { Count: > 0 } keys)
        {
            var changed = await Task.WhenAll(keys.Select(Wake));
            woken += keys.Count;
            if (keys.Count < AtOnce || !changed.Any(c => c))
            {
                break;
            }
        }
        Last = (clock.Now, woken);
        if ((clock.Now - _monthsAt).Duration() >= LookAtMonths)
        {
            await MakeMonths(cancel);
        }
        return woken;
    }

    /// <summary>One account that cannot be read, or breaks a law of the ledger, must not keep the others asleep.</summary>
    private async Task<bool> Wake(string key)
    {
        try
        {
            return await door.Submit(new Wake(key));
        }
        catch (Exception failure) when (failure is not DoorBusyException && !failure.IsDatabaseAway())
        {
            log.LogError(failure, "The account {Account} could not be woken. Nothing of it was changed; the next turn tries again", key);
            return false;
        }
    }

    private async Task MakeMonths(CancellationToken cancel)
    {
        var now = clock.Now;
        await using var db = await databases.CreateDbContextAsync(cancel);
        try
        {
            await Months.Make(db, now, cancel: cancel);
            _monthsAt = now;
        }
        catch (System.Data.Common.DbException failure)
        {
            log.LogWarning(failure, "The months ahead could not be made; they will be on a later run. Until then what belongs to none lies in the partition for the rest");
        }
        var outside = await Months.RowsOutsideAny(db, cancel);
        measures.SawOutsideMonths(outside);
        if (outside > 0)
        {
            log.LogWarning("{Rows} charges and entries lie outside any month. Nothing of them is lost; the next start, or 'Portal.dll migrate', moves them into theirs", outside);
        }
    }

    private async Task<List<string>> Due(CancellationToken cancel)
    {
        var now = clock.Now;
        await using var db = await databases.CreateDbContextAsync(cancel);
        var book = await prices.InForce(db, cancel);
        var due = await db.Set<Account>().Where(a => a.NextDue <= now).OrderBy(a => a.NextDue).Select(a => a.Key).Take(AtOnce).ToListAsync(cancel);
        var holding = await db.Set<Authorization>().Where(a => a.Status == AuthorizationStatus.Held && a.ExpiresAt <= now)
            .OrderBy(a => a.ExpiresAt).Select(a => a.Account).Take(AtOnce).ToListAsync(cancel);
        // The programme's dates may have been changed after an account last looked at them.
        var active = book.ProgrammeAt(now) is { IsActive: true } phase ? phase.From : (DateTimeOffset?)null;
        var claiming = active is null ? [] : await db.Set<Account>()
            .Where(a => a.ClaimsEveryPeriod && a.LastAt < active && a.Status == AccountStatus.Open
                && a.Periods.Any(p => !p.HasEnded && p.MonthlyGrant == null && p.PlanCredit != Money.Zero)).OrderBy(a => a.LastAt).Select(a => a.Key).Take(AtOnce).ToListAsync(cancel);
        // Terms of plans may have been approved since, and their owners are told ahead.
        var telling = book.PlansChangedAt is not { } changed ? [] : await db.Set<Account>()
            .Where(a => a.LastAt < changed && a.Status == AccountStatus.Open).OrderBy(a => a.LastAt).Select(a => a.Key).Take(AtOnce).ToListAsync(cancel);
        return [.. due.Concat(holding).Concat(claiming).Concat(telling).Distinct()];
    }
}
