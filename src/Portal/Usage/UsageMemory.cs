using Microsoft.Extensions.Caching.Memory;

namespace Portal.UsagePages;

/// <summary>
/// What was added up lately. A charge never changes, so a sum stays true for ever and only lacks what came later; no instance of Portal has
/// to tell another.
/// </summary>
public sealed class UsageMemory : IDisposable
{
    /// <summary>So many sums, at most, of all accounts together: some tens of megabytes.</summary>
    private const int MostSums = 200_000;

    private static readonly TimeSpan KeptUnused = TimeSpan.FromMinutes(10);

    private readonly MemoryCache cubes = new(new MemoryCacheOptions { SizeLimit = MostSums });

    /// <summary>What is known of a range through a charge, or through an earlier one.</summary>
    public UsageCube? Find(string account, long first, int? period, long through) =>
        cubes.TryGetValue((account, first, period), out UsageCube? cube) && cube!.Through <= through ? cube : null;

    /// <summary>Remembers it, unless more of it is known already.</summary>
    public void Keep(UsageCube cube)
    {
        ArgumentNullException.ThrowIfNull(cube);
        var key = (cube.Account, cube.First, cube.Period);
        if (!cubes.TryGetValue(key, out UsageCube? known) || known!.Through < cube.Through)
        {
            cubes.Set(key, cube, new MemoryCacheEntryOptions { Size = cube.Sums.Count + 1, SlidingExpiration = KeptUnused });
        }
    }

    public void Dispose() => cubes.Dispose();
}
