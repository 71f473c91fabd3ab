namespace Portal.Api.Keys;

/// <summary>
/// How often a key may be used: so many requests a second on average, and at most so many at once. Each instance of Portal counts its own.
/// Whoever is refused may come again after a second: a rate is at least one request a second.
/// </summary>
/// <param name="perSecond">Requests a second; at least one.</param>
/// <param name="burst">Requests at once, for a key that rested.</param>
internal sealed class KeyRate(int perSecond, int burst)
{
    private readonly long _step = Math.Max(1, TimeSpan.TicksPerSecond / perSecond);
    private readonly Lock _lock = new();

    /// <summary>When all that was taken is given back: a request moves it a step on, and it may be a whole burst ahead.</summary>
    private long _rested;

    public bool Is(int otherPerSecond, int otherBurst) => (perSecond, burst) == (otherPerSecond, otherBurst);

    public bool TryTake(DateTimeOffset at)
    {
        var now = at.UtcTicks;
        lock (_lock)
        {
            // Further ahead than a burst only when the clock was set back: then it begins anew.
            var from = _rested < now || _rested > now + burst * _step ? now : _rested;
            if (from + _step > now + burst * _step)
            {
                return false;
            }
            _rested = from + _step;
            return true;
        }
    }
}
