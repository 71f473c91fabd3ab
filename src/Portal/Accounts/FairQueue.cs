namespace Portal.Accounts;

/// <summary>
/// A bounded queue that is fair to lines: a batch takes one item of each waiting line in turn, so that an account with thousands of
/// requests does not keep another one's single request waiting. Within a line, first come is first served.
/// </summary>
/// <param name="capacity">How many items may wait in all.</param>
/// <param name="lineCapacity">How many items of one line may wait.</param>
public sealed class FairQueue<T>(int capacity, int lineCapacity) : IDisposable
{
    private readonly Dictionary<string, Queue<T>> _lines = [];
    private readonly Queue<string> _turns = new();
    private readonly SemaphoreSlim _waiting = new(0);
    private readonly Lock _lock = new();
    private int _count;
    private bool _closed;
    private bool _disposed;

    /// <summary>How many items wait.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Puts an item at the end of its line; <c>false</c> if the queue or the line is full, or closed.</summary>
    public bool TryAdd(string line, T item)
    {
        lock (_lock)
        {
            return Add(line, item);
        }
    }

    /// <summary>Puts items at the ends of their lines, so that they are found together; returns those that the queue or their line had no place for.</summary>
    public IReadOnlyList<T> AddAll(IReadOnlyList<T> items, Func<T, string> lineOf)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(lineOf);
        var refused = new List<T>();
        lock (_lock)
        {
            foreach (var item in items)
            {
                if (!Add(lineOf(item), item))
                {
                    refused.Add(item);
                }
            }
        }
        return refused;
    }

    private bool Add(string line, T item)
    {
        if (_closed || _count >= capacity)
        {
            return false;
        }
        if (!_lines.TryGetValue(line, out var items))
        {
            _lines.Add(line, items = new Queue<T>());
            _turns.Enqueue(line);
        }
        if (items.Count >= lineCapacity)
        {
            return false;
        }
        items.Enqueue(item);
        if (_count++ == 0)
        {
            _waiting.Release();
        }
        return true;
    }

    /// <summary>Waits for items and takes up to <paramref name="most"/> of them, a turn a line; nothing once the queue is closed and empty.</summary>
    public async Task<IReadOnlyList<T>> Take(int most)
    {
        while (true)
        {
            await _waiting.WaitAsync();
            lock (_lock)
            {
                if (_count > 0 || _closed)
                {
                    return TakeNow(most);
                }
            }
        }
    }

    /// <summary>Lets nothing more in; what waits is still taken.</summary>
    public void Close()
    {
        lock (_lock)
        {
            if (!_disposed)
            {
                _closed = true;
                _waiting.Release();
            }
        }
    }

    /// <summary>A host that is told to stop twice may close the queue after this; that is no failure.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            (_closed, _disposed) = (true, true);
            _waiting.Dispose();
        }
    }

    private List<T> TakeNow(int most)
    {
        var taken = new List<T>(Math.Min(most, _count));
        while (taken.Count < most && _turns.TryDequeue(out var line))
        {
            var items = _lines[line];
            taken.Add(items.Dequeue());
            if (items.Count == 0)
            {
                _lines.Remove(line);
            }
            else
            {
                _turns.Enqueue(line);
            }
        }
        _count -= taken.Count;
        if (_count > 0 || _closed)
        {
            _waiting.Release();
        }
        return taken;
    }
}
