using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Ledger;

namespace Portal.Accounts;

/// <summary>An account as it was last written here, and what is known of its authorizations.</summary>
/// <param name="Account">The account.</param>
/// <param name="Open">Authorizations that hold, as far as this instance has seen them, by id.</param>
/// <param name="QuietUntil">No authorization of the account that holds ends before this instant.</param>
internal sealed record RememberedAccount(Account Account, Dictionary<string, Authorization> Open, DateTimeOffset QuietUntil);

/// <summary>
/// Accounts as this instance last wrote them, so that a busy account is not read again for every batch, nor an authorization between its two calls. What
/// is remembered counts only if the locked row still has the same version: whatever changes an authorization changes its account. Whoever takes an account has it alone until it is kept again, after the commit.
/// </summary>
internal sealed class AccountMemory(int capacity)
{
    private const int Counted = 1_000;

    private readonly ConcurrentDictionary<string, RememberedAccount> _accounts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _accountOf = new(StringComparer.Ordinal);
    private int _kept;

    /// <summary>Whose an authorization is; that never changes.</summary>
    public bool Knows(string authorization, [MaybeNullWhen(false)] out string account) => _accountOf.TryGetValue(authorization, out account);

    /// <summary>The account, if it is remembered as the row's version says.</summary>
    public RememberedAccount? Take(string key, long version)
    {
        if (!_accounts.TryRemove(key, out var known))
        {
            return null;
        }
        if (known.Account.Version == version)
        {
            return known;
        }
        foreach (var id in known.Open.Keys)
        {
            _accountOf.TryRemove(id, out _);
        }
        return null;
    }

    /// <summary>Remembers what was just committed. The account first forgets what was written of it: from the moment in which it is remembered another lane may have it.</summary>
    public void Keep(RememberedAccount remembered)
    {
        // To count takes every lock of a dictionary, which took a fifth of the door's time when each account was counted that was kept.
        if (Interlocked.Increment(ref _kept) % Counted == 0 && (_accounts.Count >= capacity || _accountOf.Count >= capacity * 10))
        {
            // Forgetting costs one read each; which ones are forgotten does not matter.
            _accounts.Clear();
            _accountOf.Clear();
        }
        var (account, open, quietUntil) = remembered;
        foreach (var authorization in account.Written.Authorizations)
        {
            if (authorization.Status == AuthorizationStatus.Held)
            {
                open[authorization.Id] = authorization;
                _accountOf[authorization.Id] = account.Key;
                quietUntil = authorization.ExpiresAt < quietUntil ? authorization.ExpiresAt : quietUntil;
            }
            else
            {
                open.Remove(authorization.Id);
                _accountOf.TryRemove(authorization.Id, out _);
            }
        }
        account.Saved();
        _accounts[account.Key] = remembered with { QuietUntil = quietUntil };
    }
}
