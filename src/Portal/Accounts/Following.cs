using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Accounts;

/// <summary>
/// Lets open pages follow an account. All that follow one here look again together (<see cref="Turn"/>): soon after a change that comes alone, a
/// few times a second under steady traffic, and always once more after the last change, so that what stands there in the end is what is true.
/// </summary>
public sealed class Following(AccountFeed feed, IDbContextFactory<PortalDb> databases, TimeProvider time)
{
    /// <summary>The longest time from one look to the next, under steady traffic.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    /// <summary>The pause after a change that comes alone; each next one is twice as long.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(40);

    private readonly Dictionary<string, Rhythm> _rhythms = new(StringComparer.Ordinal);

    /// <summary>Follows until disposed. <paramref name="look"/> throws nothing; <paramref name="seen"/> is the instant that the page shows already.</summary>
    public IDisposable Follow(string account, DateTimeOffset seen, Func<Turn, Task> look)
    {
        var follower = new Follower(this, account, look);
        lock (_rhythms)
        {
            if (!_rhythms.TryGetValue(account, out var rhythm))
            {
                _rhythms.Add(account, rhythm = new Rhythm(feed, account, time));
            }
            rhythm.Followers = [.. rhythm.Followers, follower];
        }
        _ = CatchUp(account, seen, follower);
        return follower;
    }

    /// <summary>The same for whoever shares nothing that it reads.</summary>
    public IDisposable Follow(string account, DateTimeOffset seen, Func<Task> look) => Follow(account, seen, _ => look());

    private void Leave(string account, Follower follower)
    {
        lock (_rhythms)
        {
            var rhythm = _rhythms[account];
            rhythm.Followers = Array.FindAll(rhythm.Followers, f => f != follower);
            if (rhythm.Followers.Length == 0)
            {
                _rhythms.Remove(account);
                rhythm.Dispose();
            }
        }
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
                follower.Ask(new Turn());
            }
        }
        catch (System.Data.Common.DbException)
        {
            // The page's own look meets the same database, and says on the page that the figures stand still.
            follower.Ask(new Turn());
        }
    }

    /// <summary>When the followers of an account take their turns.</summary>
    private sealed class Rhythm : IDisposable
    {
        private const int Idle = 0, Resting = 1, AskedAgain = 2;
        private readonly TimeProvider _time;
        private readonly CancellationTokenSource _over = new();
        private readonly IDisposable _subscription;
        private int _state;

        public Rhythm(AccountFeed feed, string account, TimeProvider time)
        {
            _time = time;
            _subscription = feed.Subscribe(account, Changed);
        }

        /// <summary>Replaced as a whole, so that a turn needs no lock.</summary>
        public Follower[] Followers { get; set; } = [];

        public void Dispose()
        {
            _subscription.Dispose();
            _over.Cancel();
        }

        private void Changed()
        {
            if (Interlocked.CompareExchange(ref _state, Resting, Idle) == Idle)
            {
                _ = Task.Run(Beat);
            }
            else
            {
                Interlocked.CompareExchange(ref _state, AskedAgain, Resting);
            }
        }

        private async Task Beat()
        {
            var pause = FirstPause;
            do
            {
                Interlocked.Exchange(ref _state, Resting);
                var turn = new Turn();
                foreach (var follower in Followers)
                {
                    follower.Ask(turn);
                }
                try
                {
                    await Task.Delay(pause, _time, _over.Token);
                }
                catch (OperationCanceledException)
                {
                    // The last page was left.
                    return;
                }
                pause = pause * 2 < Pause ? pause * 2 : Pause;
            }
            while (Interlocked.CompareExchange(ref _state, Idle, Resting) != Resting);
        }
    }

    /// <summary>One page. It never looks twice at once: a turn that comes while it looks waits, and of several the last is taken.</summary>
    private sealed class Follower(Following following, string account, Func<Turn, Task> look) : IDisposable
    {
        private readonly Lock _lock = new();
        private Turn? _next;
        private bool _isLooking;
        private bool _hasLeft;

        public void Ask(Turn turn)
        {
            lock (_lock)
            {
                _next = turn;
                if (_isLooking || _hasLeft)
                {
                    return;
                }
                _isLooking = true;
            }
            _ = Look();
        }

        public void Dispose()
        {
            lock (_lock)
            {
                if (_hasLeft)
                {
                    return;
                }
                _hasLeft = true;
            }
            following.Leave(account, this);
        }

        private async Task Look()
        {
            while (Next() is { } turn)
            {
                await look(turn);
            }
        }

        private Turn? Next()
        {
            lock (_lock)
            {
                var next = _hasLeft ? null : _next;
                (_next, _isLooking) = (null, next is not null);
                return next;
            }
        }
    }
}

/// <summary>One look of all the pages that follow an account. It began after the change that they look for, so what several of them need is read once.</summary>
public sealed class Turn
{
    private readonly ConcurrentDictionary<object, Lazy<Task>> _reads = new();

    /// <summary>What was read in this turn under this name; whoever comes first reads it.</summary>
    /// <param name="name">Says of what and for whom: equal names, equal results.</param>
    /// <param name="read">Reads it; not on the circuit of whoever came first, which others would wait for.</param>
    public Task<T> Once<T>(object name, Func<Task<T>> read) => (Task<T>)_reads.GetOrAdd(name, _ => new Lazy<Task>(() => Task.Run(read))).Value;
}
