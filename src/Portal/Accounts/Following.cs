using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Accounts;

/// <summary>
/// Lets an open page follow an account: it looks again after a change, a few times a second at most, and always once more
/// after the last change, so that what stands there in the end is what is true.
/// </summary>
public sealed class Following(AccountFeed feed, IDbContextFactory<PortalDb> databases, TimeProvider time)
{
    /// <summary>The shortest time from one look to the next.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    /// <summary>Follows until disposed. <paramref name="look"/> throws nothing; <paramref name="seen"/> is the instant that the page shows already.</summary>
    public IDisposable Follow(string account, DateTimeOffset seen, Func<Task> look)
    {
        var follower = new Follower(look, time);
        follower.Subscription = feed.Subscribe(account, follower.Changed);
        _ = CatchUp(account, seen, follower);
        return follower;
    }

    /// <summary>Between the first paint and this subscription something may have happened that nobody told: two rows say whether.</summary>
    private async Task CatchUp(string account, DateTimeOffset seen, Follower follower)
    {
        try
        {
            await using var db = await databases.CreateDbContextAsync();
            if (await db.Set<Ledger.Account>().AnyAsync(a => a.Key == account && a.LastAt > seen)
                || await db.Set<RefusalRecord>().AnyAsync(r => r.Account == account && r.At > seen))
            {
                follower.Changed();
            }
        }
        catch (System.Data.Common.DbException)
        {
            // The page's own look meets the same database, and says on the page that the figures stand still.
            follower.Changed();
        }
    }

    private sealed class Follower(Func<Task> look, TimeProvider time) : IDisposable
    {
        private const int Idle = 0, Looking = 1, AskedAgain = 2;
        private readonly CancellationTokenSource _left = new();
        private int _state;

        public IDisposable? Subscription { get; set; }

        public void Changed()
        {
            if (Interlocked.CompareExchange(ref _state, Looking, Idle) == Idle)
            {
                _ = Task.Run(Look);
            }
            else
            {
                Interlocked.CompareExchange(ref _state, AskedAgain, Looking);
            }
        }

        public void Dispose()
        {
            Subscription?.Dispose();
            _left.Cancel();
        }

        private async Task Look()
        {
            do
            {
                Interlocked.Exchange(ref _state, Looking);
                await look();
                try
                {
                    await Task.Delay(Pause, time, _left.Token);
                }
                catch (OperationCanceledException)
                {
                    // The page was left.
                    return;
                }
            }
            while (Interlocked.CompareExchange(ref _state, Idle, Looking) != Looking);
        }
    }
}
