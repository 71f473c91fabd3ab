using Ledger;

namespace Portal.Support;

/// <summary>An account in a list of found ones.</summary>
/// <param name="Key">The account's key.</param>
/// <param name="Email">Its owner's address; null for one who has left.</param>
/// <param name="Plan">The plan's key.</param>
/// <param name="IsOpen">Whether it is open.</param>
/// <param name="By">What it was found by, in words.</param>
/// <param name="LookedAt">When whoever asks last looked at it.</param>
public sealed record FoundAccount(string Key, string? Email, string Plan, bool IsOpen, string By, DateTimeOffset? LookedAt = null);

/// <summary>What was found for what somebody typed; the accounts they looked at last, if they typed nothing.</summary>
public sealed record FoundAccounts(string Query, IReadOnlyList<FoundAccount> Accounts, bool HasMore);
