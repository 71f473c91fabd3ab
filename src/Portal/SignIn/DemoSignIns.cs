using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Demo;

namespace Portal.SignIn;

/// <summary>The demo's people as the sign-in page lists them: in Development only, and only who is in the database.</summary>
public sealed class DemoSignIns(IHostEnvironment environment, IDbContextFactory<PortalDb> databases)
{
    public async Task<IReadOnlyList<DemoAccount>> Existing()
    {
        if (!environment.IsDevelopment())
        {
            return [];
        }

        await using var db = await databases.CreateDbContextAsync();
        var emails = DemoAccounts.All.Select(account => account.Email).ToList();
        var known = await db.Users.Where(user => emails.Contains(user.Email!)).Select(user => user.Email).ToListAsync();
        return [.. DemoAccounts.All.Where(account => known.Contains(account.Email))];
    }
}
