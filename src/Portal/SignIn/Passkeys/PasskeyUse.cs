using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;

namespace Portal.SignIn.Passkeys;

/// <summary>What is written when a passkey has answered rightly: that its challenge is used up, and the passkey's new state.</summary>
public sealed class PasskeyUse(PortalDb db, UserManager<User> users, Clock clock)
{
    /// <summary>For the caller's SaveChanges, which fails if the challenge was used before.</summary>
    public async Task UseUp(string credentialJson)
    {
        var now = clock.Now;
        var longAgo = now - UsedChallenge.Kept;
        await db.Set<UsedChallenge>().Where(c => c.UsedAt < longAgo).ExecuteDeleteAsync();
        db.Add(UsedChallenge.Of(credentialJson, now));
    }

    /// <summary>Stores a use of the passkey; false if its challenge was used before, or the passkey was removed meanwhile.</summary>
    public async Task<bool> Store(User user, UserPasskeyInfo passkey, string credentialJson)
    {
        ArgumentNullException.ThrowIfNull(passkey);
        await UseUp(credentialJson);
        if (await db.Set<Passkey>().FindAsync([passkey.CredentialId]) is not { } stored)
        {
            return false;
        }

        stored.LastUsedAt = clock.Now;
        try
        {
            return (await users.AddOrUpdatePasskeyAsync(user, passkey)).Succeeded;
        }
        catch (DbUpdateException)
        {
            // The same answer came before, or at the same moment: the key lets one in.
            db.ChangeTracker.Clear();
            return false;
        }
    }

    /// <summary>A passkey answered rightly for someone who may not sign in now.</summary>
    public async Task Refused(User user)
    {
        ArgumentNullException.ThrowIfNull(user);
        db.Add(SignInAudit.Record("SignIn", user.Id, clock.Now, outcome: "PasskeyAndLocked"));
        await db.SaveChangesAsync();
    }
}
