using Microsoft.AspNetCore.Identity;
using Portal.Mail;
using Portal.Settings;
using Portal.SignIn.Limits;
using Portal.SignIn.Sessions;

namespace Portal.SignIn;

/// <summary>The way back in: a link by mail that sets a new password, once. Who never had one is invited again.</summary>
public sealed class PasswordResets(
    UserManager<User> users, SignInChanges changes, PasswordFailures failures, Invitations invitations, Mailer mailer, SecurityMail security, MailLimits limits, Links links, PortalSettings settings)
{
    /// <summary>Sends a link if somebody has this address. Nothing that the asker sees depends on it: it is done after the answer.</summary>
    public async Task Ask(string email)
    {
        if (await users.FindByEmailAsync(email) is not { } user || !limits.MaySendLink(email))
        {
            return;
        }

        if (user.PasswordHash is null)
        {
            await invitations.Send(user);
            return;
        }

        var link = links.To("/sign-in/reset", user.Id, await users.GeneratePasswordResetTokenAsync(user));
        mailer.Send(new MailMessage(user.Email!, "Set a new password", Text(link)));
    }

    /// <summary>The user whose link this is; null when it is used up, too old or made up.</summary>
    public async Task<User?> Asked(string? id, string? code) =>
        await users.FindByIdAsync(id ?? "") is { } user
        && await users.VerifyUserTokenAsync(user, users.Options.Tokens.PasswordResetTokenProvider, UserManager<User>.ResetPasswordTokenPurpose, Links.Token(code))
            ? user
            : null;

    /// <summary>Sets the password, ends every other sign-in and the waiting after wrong passwords, and tells the owner.</summary>
    public async Task<IdentityResult> Set(User user, string? code, string password)
    {
        var result = await changes.Save(user, "ResetPassword", SignInAudit.Self(user.Id), () => users.ResetPasswordAsync(user, Links.Token(code), password), SessionEnd.Password);
        if (result.Succeeded)
        {
            await failures.Forget(user.Id, alsoTheWait: true);
            security.PasswordChanged(user.Email!);
        }

        return result;
    }

    private string Text(string link) =>
        $"""
        Someone, perhaps you, asked for a new password at {settings.Brand.ProviderName}.

        Set it here:
        {link}

        The link works once, within {settings.SignIn.ResetLinkMinutes} minutes. If it was not you, do nothing; your password stays as it is.
        """;
}
