using System.Collections.Concurrent;
using Ledger;

namespace Portal.Accounts;

/// <summary>
/// Accounts as this instance last wrote them, so that a busy account is not read again for every batch. What is remembered counts only
/// if the locked row still has the same version; whoever takes an account has it alone until it is kept again, after the commit.
/// </summary>
internal sealed class AccountMemory(int capacity)
{
    private readonly ConcurrentDictionary<string, Account> _accounts = new(StringComparer.Ordinal);

    /// <summary>The account, if it is remembered as the row's version says.</summary>
    public Account? Take(string key, long version) => _accounts.TryRemove(key, out var account) && account.Version == version ? account : null;

    /// <summary>Remembers what was just committed.</summary>
    public void Keep(Account account)
    {
        if (_accounts.Count >= capacity)
        {
            // Forgetting costs one read each; which ones are forgotten does not matter.
            _accounts.Clear();
        }
        _accounts[account.Key] = account;
    }
}
