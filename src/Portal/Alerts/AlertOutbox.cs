using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.Mail;
using Portal.Terms;

namespace Portal.Alerts;

/// <summary>
/// Sends the mails of alerts. Each is claimed before it is sent, by setting ahead when it may be tried next, so that of two instances one sends it; should
/// that one die, it is tried again then, with the same Message-ID. So a mail goes out at least once, and a mailbox can know one that comes twice.
/// </summary>
public sealed class AlertOutbox(
    IDbContextFactory<PortalDb> databases, MailTransport transport, AlertMail mails, PriceBooks prices, AccountFeed feed, Clock clock, TimeProvider time, MailMeasures measures, ILogger<AlertOutbox> log) : BackgroundService
{
    private const int AtOnce = 50;
    private const int LongestProblem = 300;

    /// <summary>How long whoever claimed a mail has for it. Longer than <see cref="LongestTry"/>, or somebody else would send it meanwhile.</summary>
    internal static readonly TimeSpan Lease = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LongestTry = TimeSpan.FromMinutes(2);

    /// <summary>How long after each failed try the next one is. After the last one nobody tries again: by then the alert is of no use any more.</summary>
    internal static readonly TimeSpan[] BackOff =
    [
        TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1), TimeSpan.FromHours(3), TimeSpan.FromHours(6), TimeSpan.FromHours(12), TimeSpan.FromHours(24),
    ];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            // Not a timer that ticks by itself: a clock that jumps ahead by weeks would make up for each tick.
            await Task.Delay(Pause, time, stoppingToken);
            try
            {
                await Once(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                log.Log(DatabaseOutage.LevelOf(failure), failure, "The outbox of alerts could not go on; it does with its next turn. No alert is lost");
            }
        }
    }

    /// <summary>Tries whatever is due; returns how many mails were sent.</summary>
    public async Task<int> Once(CancellationToken cancel = default)
    {
        var sent = 0;
        while (await Due(cancel) is { Count: > 0 } due)
        {
            foreach (var delivery in due)
            {
                if (await Claim(delivery, cancel))
                {
                    sent += await Deliver(delivery, cancel) ? 1 : 0;
                    feed.Changed([delivery.Account]);
                }
            }
        }
        return sent;
    }

    private async Task<List<AlertDelivery>> Due(CancellationToken cancel)
    {
        var now = clock.Now;
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<AlertDelivery>().AsNoTracking().Where(d => d.State == DeliveryState.Pending && d.NextAttemptAt <= now).OrderBy(d => d.NextAttemptAt).Take(AtOnce).ToListAsync(cancel);
    }

    private async Task<bool> Claim(AlertDelivery delivery, CancellationToken cancel)
    {
        var until = clock.Now + Lease;
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await Row(db, delivery).Where(d => d.NextAttemptAt == delivery.NextAttemptAt)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.NextAttemptAt, until).SetProperty(d => d.Attempts, d => d.Attempts + 1), cancel) == 1;
    }

    private async Task<bool> Deliver(AlertDelivery delivery, CancellationToken cancel)
    {
        if (await Write(delivery, cancel) is not { } mail)
        {
            await Mark(delivery, DeliveryState.NotWanted, null, clock.Now);
            return false;
        }
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(LongestTry);
        try
        {
            await transport.Send(mail, patience.Token);
            measures.Tried(taken: true);
        }
        catch (Exception failed) when (failed is MailNotTakenException || (failed is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            measures.Tried(taken: false);
            var again = delivery.Attempts < BackOff.Length;
            log.LogWarning(failed, "The mail of alert {Alert} of {Account} was not taken, try {Try}; {Next}", delivery.Alert, delivery.Account, delivery.Attempts + 1, again ? "it is tried again" : "it is not tried again");
            var now = clock.Now;
            await Mark(delivery, again ? DeliveryState.Pending : DeliveryState.Failed, null, again ? now + BackOff[delivery.Attempts] : now, Short(failed.Message));
            return false;
        }
        var sentAt = clock.Now;
        await Mark(delivery, DeliveryState.Sent, sentAt, sentAt);
        return true;
    }

    /// <summary>The mail to whoever owns the account now; <c>null</c> if nobody is to get it any more.</summary>
    private async Task<MailMessage?> Write(AlertDelivery delivery, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var alert = await db.Set<Alert>().AsNoTracking().SingleOrDefaultAsync(a => a.Account == delivery.Account && a.Number == delivery.Alert, cancel);
        var account = await db.Set<Account>().AsNoTracking().Where(a => a.Key == delivery.Account).Select(a => new { a.Owner, a.AlertChoices }).SingleAsync(cancel);
        var to = await db.Users.Where(u => u.Id == account.Owner && u.EmailConfirmed).Select(u => u.Email).SingleOrDefaultAsync(cancel);
        return alert is null || to is null || !account.AlertChoices.Mails(alert.Kind) ? null
            : mails.Write(to, delivery.Account, AlertLine.From(alert, delivery, await prices.InForce(db, cancel), account.Owner));
    }

    /// <summary>Also while Portal shuts down: what was sent is to be remembered as sent.</summary>
    private async Task Mark(AlertDelivery delivery, DeliveryState state, DateTimeOffset? sentAt, DateTimeOffset next, string? problem = null)
    {
        await using var db = await databases.CreateDbContextAsync(CancellationToken.None);
        await Row(db, delivery).ExecuteUpdateAsync(
            set => set.SetProperty(d => d.State, state).SetProperty(d => d.SentAt, sentAt).SetProperty(d => d.NextAttemptAt, next).SetProperty(d => d.Problem, problem), CancellationToken.None);
    }

    private static string Short(string why) => why.Length <= LongestProblem ? why : why[..LongestProblem];

    private static IQueryable<AlertDelivery> Row(PortalDb db, AlertDelivery delivery) =>
        db.Set<AlertDelivery>().Where(d => d.Account == delivery.Account && d.Alert == delivery.Alert && d.State == DeliveryState.Pending);
}
