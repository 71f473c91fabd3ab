using System.Collections.Concurrent;

namespace Portal.Accounts;

/// <summary>Tells open pages that an account changed, after the commit. Says only which: whoever is told reads what is true then.</summary>
public sealed class AccountFeed
{
    private readonly ConcurrentDictionary<string, Subscription[]> _subscriptions = new(StringComparer.Ordinal);

    /// <summary>Heard by what tells other instances: the keys that changed here.</summary>
    public event Action<IReadOnlyCollection<string>>? ChangedHere;

    /// <summary>Calls back whenever the account changed, until disposed. The callback returns at once and throws nothing.</summary>
    public IDisposable Subscribe(string account, Action changed)
    {
        var subscription = new Subscription(this, account, changed);
        _subscriptions.AddOrUpdate(account, [subscription], (_, others) => [.. others, subscription]);
        return subscription;
    }

    /// <summary>Accounts changed by this instance.</summary>
    public void Changed(IEnumerable<string> accounts)
    {
        var keys = accounts.ToList();
        if (keys.Count > 0)
        {
            Tell(keys);
            ChangedHere?.Invoke(keys);
        }
    }

    /// <summary>Accounts changed, here or elsewhere.</summary>
    public void Tell(IEnumerable<string> accounts)
    {
        foreach (var account in accounts)
        {
            if (_subscriptions.TryGetValue(account, out var subscriptions))
            {
                foreach (var subscription in subscriptions)
                {
                    subscription.Changed();
                }
            }
        }
    }

    /// <summary>Anything may have changed: this instance did not hear others for a while.</summary>
    public void TellAll() => Tell(_subscriptions.Keys);

    private void Remove(Subscription subscription)
    {
        while (_subscriptions.TryGetValue(subscription.Account, out var before))
        {
            var after = Array.FindAll(before, s => s != subscription);
            if (after.Length == 0
                ? _subscriptions.TryRemove(KeyValuePair.Create(subscription.Account, before))
                : _subscriptions.TryUpdate(subscription.Account, after, before))
            {
                return;
            }
        }
    }

    private sealed class Subscription(AccountFeed feed, string account, Action changed) : IDisposable
    {
        public string Account => account;

        public void Changed() => changed();

        public void Dispose() => feed.Remove(this);
    }
}
