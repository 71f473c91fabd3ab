using System.Globalization;

namespace Portal.Bench;

/// <summary>What each side of a comparison came to, round by round, and the rows of medians that follow.</summary>
internal sealed class Sides
{
    private readonly Dictionary<string, List<LoadResult>> _results = [];

    /// <summary>Whether what comes now counts: the first round only warms all sides up.</summary>
    public bool Counts { get; set; }

    public int Failures => _results.Values.SelectMany(r => r).Sum(r => r.Failures);

    public void Add(string side, double perSecond) => Add(side, new LoadResult(perSecond, default, default, 0));

    public void Add(string side, LoadResult result)
    {
        if (!Counts)
        {
            return;
        }
        if (!_results.TryGetValue(side, out var results))
        {
            _results.Add(side, results = []);
        }
        results.Add(result);
    }

    public double PerSecond(string side) => Median(side, r => r.PerSecond);

    public double P50(string side) => Median(side, r => r.P50.TotalMilliseconds);

    public double P99(string side) => Median(side, r => r.P99.TotalMilliseconds);

    public static void Head(string title)
    {
        Console.WriteLine();
        Console.WriteLine(title);
        Console.WriteLine();
        Console.WriteLine("| what | a second | against | a second | ratio | at least | aim |");
        Console.WriteLine("|---|---:|---|---:|---:|---:|---:|");
    }

    public void Row(string what, string against, string least, string aim) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"| {what} | {PerSecond(what):N0} | {against} | {PerSecond(against):N0} | {PerSecond(what) / PerSecond(against):F2} | {least} | {aim} |"));

    private double Median(string side, Func<LoadResult, double> figure) => _results[side].Select(figure).Order().ElementAt(_results[side].Count / 2);
}
