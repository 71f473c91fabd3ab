namespace Portal.Bench.Pages;

/// <summary>How long an application takes from its start to its first page, and what it holds in memory then.</summary>
public static class Starts
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    /// <param name="Milliseconds">To the first answer, the median.</param>
    /// <param name="Bytes">Resident after it, the median.</param>
    public sealed record Figures(double Milliseconds, double Bytes);

    /// <summary>Starts the two in turn. The first start of each only warms the system's file cache.</summary>
    public static async Task<(Figures Ours, Figures Theirs)> Measure(PublishedApp ours, PublishedApp theirs, int rounds)
    {
        var (a, b) = (new List<(double Milliseconds, double Bytes)>(), new List<(double Milliseconds, double Bytes)>());
        for (var round = 0; round <= rounds; round++)
        {
            var (one, other) = (await Start(ours), await Start(theirs));
            if (round > 0)
            {
                a.Add(one);
                b.Add(other);
            }
        }
        return (Medians(a), Medians(b));
    }

    private static Figures Medians(List<(double Milliseconds, double Bytes)> starts) =>
        new(Reads.Median(starts.Select(s => s.Milliseconds)), Reads.Median(starts.Select(s => s.Bytes)));

    private static async Task<(double Milliseconds, double Bytes)> Start(PublishedApp app)
    {
        await using var running = await app.Start();
        await Task.Delay(Settling);
        return (running.StartTook.TotalMilliseconds, running.ResidentBytes);
    }
}
