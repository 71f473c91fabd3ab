using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Demo;
using Portal.Settings;

namespace Portal.Security;

/// <summary>The demo's passwords are public. Outside Development, a database that knows one of its people or accounts stops the start.</summary>
public static class DemoGuard
{
    public static async Task RefuseDemoOutsideDevelopment(this WebApplication app)
    {
        if (app.Environment.IsDevelopment())
        {
            return;
        }

        var emails = DemoAccounts.All.Select(account => account.Email.ToUpperInvariant()).ToList();
        var keys = DemoAccounts.All.Select(account => account.Account).OfType<string>().ToList();
        await using var db = await app.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        var found = await db.Users.Where(user => emails.Contains(user.NormalizedEmail!)).Select(user => user.Email).FirstOrDefaultAsync()
            ?? await db.Set<Account>().Where(account => keys.Contains(account.Key)).Select(account => account.Key).FirstOrDefaultAsync();
        if (found is not null)
        {
            throw new WrongSettingException(
                $"ConnectionStrings:Portal leads to a database with the demo account {found}, whose password is public; outside Development it must lead to one without the demo.");
        }
    }
}
