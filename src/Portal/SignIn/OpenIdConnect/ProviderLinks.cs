using System.Diagnostics;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Settings;
using Portal.SignIn.Sessions;
using Portal.SignIn.TwoFactor;

namespace Portal.SignIn.OpenIdConnect;

/// <summary>Links people to who they are at the provider and unlinks them, each with its audit record and a mail.</summary>
public sealed class ProviderLinks(UserManager<User> users, TwoFactorSignIn signIn, SignInChanges changes, SecurityMail mail, PortalSettings settings)
{
    private string Provider => settings.SignIn.OpenIdConnect.DisplayName;

    /// <summary>The person's link; null if they have none. There is at most one.</summary>
    public async Task<UserLoginInfo?> Of(User user) => (await users.GetLoginsAsync(user)).SingleOrDefault();

    /// <summary>Links someone who has shown that they are this person; false if either of them is linked already.</summary>
    public async Task<bool> Link(User user, ProviderPerson person, Actor? by = null)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(person);
        if (await Of(user) is not null)
        {
            return false;
        }

        try
        {
            var actor = by ?? Actor.User(user.Id, Activity.Current?.TraceId.ToString());
            var login = new UserLoginInfo(person.Issuer, person.Subject, Provider);
            if (!(await changes.Save(user, "LinkProvider", actor, () => users.AddLoginAsync(user, login), after: new { issuer = person.Issuer })).Succeeded)
            {
                return false;
            }
        }
        catch (DbUpdateException)
        {
            // Somebody was linked to the same at the same moment; the index lets one through.
            return false;
        }

        mail.Tell(user, $"{Provider} signs you in from now on", $"Your sign-in was linked with {Provider}: whoever signs in there as {person.Name} signs in here as you.");
        return true;
    }

    /// <summary>Whether they could still sign in without the link.</summary>
    public async Task<bool> MayUnlink(User user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return user.PasswordHash is not null || (await users.GetPasskeysAsync(user)).Count > 0;
    }

    /// <summary>Takes the link away and ends every other session, as somebody may have come in by it; false if it is their only way in.</summary>
    public async Task<bool> Unlink(User user, Actor by)
    {
        ArgumentNullException.ThrowIfNull(by);
        if (await Of(user) is not { } login || !await MayUnlink(user))
        {
            return false;
        }

        var saved = await changes.Save(
            user, "UnlinkProvider", by, () => users.RemoveLoginAsync(user, login.LoginProvider, login.ProviderKey), SessionEnd.Changed, but: by.Session, after: new { issuer = login.LoginProvider });
        if (!saved.Succeeded)
        {
            return false;
        }

        await signIn.RefreshSignInAsync(user);
        mail.Tell(user, $"{Provider} no longer signs you in", $"The link of your sign-in with {Provider} was removed, and you were signed out everywhere else.");
        return true;
    }
}
