using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;

namespace Portal.Terms;

/// <summary>
/// Tells open pages that terms have changed: when one of their dates comes, and when somebody approved or withdrew some, here or on another instance.
/// Nothing waits for it: whatever is decided reads the terms by itself.
/// </summary>
public sealed class TermsWatch(PriceBooks prices, AccountFeed feed, Clock clock, TimeProvider time, ILogger<TermsWatch> log) : BackgroundService
{
    /// <summary>How late a page may be.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private Ledger.PriceBook? _seen;
    private DateTimeOffset _until;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            // Not at once: a start has enough to do.
            await Task.Delay(Pause, time, stoppingToken);
            try
            {
                var isFirst = _seen is null;
                await Once(stoppingToken);
                if (isFirst)
                {
                    // Nobody saw what changed since the start.
                    feed.TellAll();
                }
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                log.Log(DatabaseOutage.LevelOf(failure), failure, "Whether terms changed could not be seen; it is looked again");
            }
        }
    }

    /// <summary>Looks once; whether pages were told.</summary>
    public async Task<bool> Once(CancellationToken cancel = default)
    {
        var (book, now) = (await prices.InForce(cancel), clock.Now);
        var changed = _seen is not null && (!ReferenceEquals(book, _seen) || book.NextChange(_until) <= now);
        (_seen, _until) = (book, now);
        if (changed)
        {
            feed.TellAll();
        }
        return changed;
    }
}
