using System.Diagnostics;
using Ledger.Simulator;
using Portal.Bench.Proofs;

namespace Portal.Bench;

/// <summary>The simulator's long form: any number of seeds, each of which can be replayed alone.</summary>
internal static class Simulations
{
    private const int MostFailures = 10;

    public static Finding Run(int first, int seeds, int commands)
    {
        var clock = Stopwatch.StartNew();
        var seen = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var (decided, faults, entries, failed) = (0L, 0L, 0L, 0);
        var ran = 0;
        for (; ran < seeds && failed < MostFailures; ran++)
        {
            var result = Simulation.Run(first + ran, commands);
            (decided, faults, entries) = (decided + result.Commands, faults + result.Faults, entries + result.Entries);
            foreach (var (what, times) in result.Seen)
            {
                seen[what] = seen.GetValueOrDefault(what) + times;
            }
            if (result.Failure is not null)
            {
                failed++;
                Console.WriteLine($"{result.Failure}\n\nReplay it: replay {result.Seed} {commands}\n");
            }
            if (seeds >= 1_000 && (ran + 1) % (seeds / 20) == 0)
            {
                Console.WriteLine($"{ran + 1:N0} seeds, {failed} failed, {clock.Elapsed:hh\\:mm\\:ss}");
            }
        }
        foreach (var (what, times) in seen)
        {
            Console.WriteLine($"{times,14:N0}  {what}");
        }
        Console.WriteLine($"{ran:N0} seeds of {commands:N0} commands: {decided:N0} commands, {faults:N0} faults, {entries:N0} entries, {failed} failed, in {clock.Elapsed:hh\\:mm\\:ss}");
        return Finding.Of($"{ran:N0} seeds x {commands:N0} commands", $"{decided:N0} commands, {faults:N0} faults, {entries:N0} entries, {failed} failed, {clock.Elapsed:hh\\:mm\\:ss}", failed == 0);
    }
}
