namespace Portal.Accounts;

/// <summary>
/// Where an instant lies among an account's entries or charges. They are numbered from 1 without a gap in the order of their instants, so
/// halving finds it with some twenty reads by key, and no charge has to keep an index of times.
/// </summary>
public static class ByInstant
{
    /// <summary>The last number whose instant is before another; 0 if there is none.</summary>
    public static async Task<long> LastBefore(DateTimeOffset instant, long last, Func<long, Task<DateTimeOffset>> at)
    {
        ArgumentNullException.ThrowIfNull(at);
        var (low, high) = (0L, last);
        while (low < high)
        {
            var middle = high - (high - low) / 2;
            if (await at(middle) < instant)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }
        return low;
    }
}
