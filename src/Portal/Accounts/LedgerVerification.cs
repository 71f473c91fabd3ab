using System.Diagnostics;
using System.Globalization;

namespace Portal.Accounts;

/// <summary>`Portal.dll verify-ledger`: folds every account and says what does not add up. It changes nothing and may run beside a Portal that serves.</summary>
public static class LedgerVerification
{
    private const int MostTold = 100;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <summary>0 if every account adds up, 1 if one does not. What is broken goes to <paramref name="found"/>, progress to <paramref name="progress"/>.</summary>
    public static async Task<int> Run(LedgerCheck check, TextWriter found, TextWriter progress)
    {
        ArgumentNullException.ThrowIfNull(check);
        ArgumentNullException.ThrowIfNull(found);
        ArgumentNullException.ThrowIfNull(progress);
        var (accounts, entries, charges, broken) = (0L, 0L, 0L, 0L);
        var last = Stopwatch.GetTimestamp();
        await foreach (var account in check.Accounts())
        {
            (accounts, entries, charges) = (accounts + 1, entries + account.Entries, charges + account.Charges);
            foreach (var law in account.Broken)
            {
                await Tell(law.Says, ++broken);
            }
            if (Stopwatch.GetElapsedTime(last) > Every)
            {
                last = Stopwatch.GetTimestamp();
                await progress.WriteLineAsync($"{Folded()} so far ...");
            }
        }
        await found.WriteLineAsync(broken == 0
            ? $"{Folded()}: every nano-dollar is where the ledger says."
            : $"{Folded()}: {Number(broken)} laws do not hold. Nothing was changed. Keep the database as it is, and find out who wrote to it beside Portal.");
        return broken == 0 ? 0 : 1;

        string Folded() => $"{Number(accounts)} accounts, {Number(entries)} entries and {Number(charges)} charges folded";

        Task Tell(string law, long number) =>
            number <= MostTold ? found.WriteLineAsync(law) : number == MostTold + 1 ? found.WriteLineAsync("... and more.") : Task.CompletedTask;
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
