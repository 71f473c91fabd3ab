using System.Runtime.CompilerServices;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Accounts;

/// <summary>
/// The history of one account, or of all one after another, as the steps that a replay takes. Every table is read once, in order and as it comes; what is in memory is one
/// row of each. What settles a hold stands with its charge, so only holds have to be put in order by the database first. Charges that were reversed are left out.
/// </summary>
public sealed class ReplaySteps(IDbContextFactory<PortalDb> databases)
{
    private const int AtOnce = 200;

    /// <summary>The steps of an account from the beginning of the period that contains an instant; none if there is no such account.</summary>
    public async IAsyncEnumerable<ReplayStep> Of(string account, DateTimeOffset from, DateTimeOffset until, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var found = await db.Set<Account>().Where(a => a.Key == account).Select(a => new Anchored(a.Key, a.Anchor)).ToListAsync(cancel);
        await foreach (var step in Of(found, from, until, cancel))
        {
            yield return step;
        }
    }

    /// <summary>The steps of all accounts, each from the beginning of its own period that contains an instant. An account's first step is that it began.</summary>
    public async IAsyncEnumerable<ReplayStep> OfAll(DateTimeOffset from, DateTimeOffset until, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        for (var last = ""; await After(last, cancel) is { Count: > 0 } accounts; last = accounts[^1].Key)
        {
            await foreach (var step in Of(accounts, from, until, cancel))
            {
                yield return step;
            }
        }
    }

    /// <summary>In the database's own order, in which the other tables come too.</summary>
    private async Task<List<Anchored>> After(string last, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<Account>().Where(a => a.Key.CompareTo(last) > 0).OrderBy(a => a.Key).Take(AtOnce).Select(a => new Anchored(a.Key, a.Anchor)).ToListAsync(cancel);
    }

    private async IAsyncEnumerable<ReplayStep> Of(List<Anchored> accounts, DateTimeOffset from, DateTimeOffset until, [EnumeratorCancellation] CancellationToken cancel)
    {
        if (accounts.Count == 0)
        {
            yield break;
        }
        await using var sources = new ReplaySources(databases, accounts, from, until, cancel);
        await sources.Open();
        foreach (var account in accounts)
        {
            yield return await sources.Begin(account);
            while (await sources.Next(account.Key) is { } step)
            {
                yield return step;
            }
        }
    }
}
