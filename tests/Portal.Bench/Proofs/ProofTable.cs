using System.Globalization;

namespace Portal.Bench.Proofs;

/// <summary>One promise, and how it is shown.</summary>
/// <param name="Number">Its row in docs/proof.md.</param>
/// <param name="Promise">In a sentence.</param>
/// <param name="Asked">How much is to be tried.</param>
/// <param name="Show">Tries it.</param>
internal sealed record ProofRow(int Number, string Promise, string Asked, Func<Task<Finding>> Show);

/// <summary>Every promise tried, one after the other, and what was seen of each in one table.</summary>
internal static class ProofTable
{
    private const double Minutes = 60;

    /// <summary>0 only if every row was tried and holds.</summary>
    /// <param name="arguments">Nothing, <c>short</c> or the minutes of faults on each database; then the rows, if not all.</param>
    public static async Task<int> Run(string[] arguments)
    {
        var size = arguments switch
        {
            ["short", ..] => ProofSize.Short,
            [var minutes, ..] => ProofSize.Long(double.Parse(minutes, CultureInfo.InvariantCulture)),
            [] => ProofSize.Long(Minutes),
        };
        var only = arguments.Skip(1).Select(row => int.Parse(row, CultureInfo.InvariantCulture)).ToHashSet();
        var findings = new List<(ProofRow Row, Finding Found)>();
        foreach (var row in ProofRows.All(size).Where(row => only.Count == 0 || only.Contains(row.Number)))
        {
            Console.WriteLine($"{DateTime.UtcNow:HH:mm:ss}  {row.Number}. {row.Promise} ({row.Asked}) ...");
            findings.Add((row, await Try(row)));
        }
        Print(findings);
        return findings.TrueForAll(f => f.Found.Verdict == Verdict.Holds) ? 0 : 1;
    }

    /// <summary>A proof that breaks down shows nothing, and the others are still worth their time.</summary>
    private static async Task<Finding> Try(ProofRow row)
    {
        try
        {
            return await row.Show();
        }
#pragma warning disable CA1031 // Whatever it was, it is told in the table, and the row has failed.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Console.WriteLine(failure);
            return new Finding("broke down", failure.Message.Split('\n')[0], Verdict.Failed);
        }
    }

    private static void Print(List<(ProofRow Row, Finding Found)> findings)
    {
        Console.WriteLine();
        Console.WriteLine("| # | promise | asked | done | seen | |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var (row, found) in findings)
        {
            Console.WriteLine($"| {row.Number} | {row.Promise} | {row.Asked} | {found.Done} | {found.Seen} | {Word(found.Verdict)} |");
        }
        Console.WriteLine();
        Console.WriteLine($"{findings.Count} promises: {Count(Verdict.Holds)} hold, {Count(Verdict.Failed)} failed, {Count(Verdict.NotRun)} were not run whole.");

        int Count(Verdict verdict) => findings.Count(f => f.Found.Verdict == verdict);
    }

    private static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Holds => "ok",
        Verdict.Failed => "FAILED",
        _ => "not run",
    };
}
