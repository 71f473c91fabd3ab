using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;

namespace Portal.Support;

/// <summary>What colleagues are called on the pages of support. Records hold ids; who has left is "somebody who has left".</summary>
internal static class StaffNames
{
    /// <summary>The names of those actors, by the id that records carry.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> Of(PortalDb db, IEnumerable<string?> actors, CancellationToken cancel)
    {
        var ids = actors.OfType<string>().Distinct().ToDictionary(id => id, id => new Actor(id).UserId);
        var users = ids.Values.OfType<string>().ToArray();
        var names = users.Length == 0 ? [] : await db.Users.Where(u => users.Contains(u.Id)).ToDictionaryAsync(u => u.Id, u => u.UserName ?? u.Id, cancel);
        return ids.ToDictionary(id => id.Key, id => id.Value is { } user ? names.GetValueOrDefault(user, "somebody who has left") : id.Key == Actors.Portal ? "Portal" : "the provider");
    }
}
