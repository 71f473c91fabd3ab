using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Testing;

namespace Portal.Bench.Proofs;

/// <summary>A database filled through the door, and every account of it folded from its entries and compared with what is stored.</summary>
internal static class LedgerRuns
{
    public static async Task<Finding> Run(int entries)
    {
        await using var database = new SqliteDatabase();
        await database.Create();
        await BenchDatabase.Fill(database.ConnectionString, entries);
        await using var host = PortalHost.Start(database);
        var clock = Stopwatch.StartNew();
        var (accounts, folded, broken) = (0, 0L, new List<string>());
        await foreach (var account in host.Services.GetRequiredService<LedgerCheck>().Accounts())
        {
            (accounts, folded) = (accounts + 1, folded + account.Entries);
            broken.AddRange(account.Broken.Select(law => $"{account.Account}: {law.Says}"));
        }
        broken.Take(20).ToList().ForEach(Console.WriteLine);
        return Finding.Of($"{folded:N0} entries", $"sqlite: {accounts:N0} accounts folded in {clock.Elapsed:hh\\:mm\\:ss}, {broken.Count} laws broken", broken.Count == 0 && folded >= entries);
    }
}
