using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.Mail;
using Portal.Settings;
using Portal.SignIn.Limits;
using Portal.SignIn.Sessions;

namespace Portal.SignIn;

/// <summary>
/// Another e-mail address. Nothing changes until a link that is mailed to the new one is used, once; the old one is told when it is asked
/// for and when it is done. Whether somebody else has the new address is said to nobody but to them.
/// </summary>
public sealed class EmailChanges(
    PortalDb db, UserManager<User> users, SignInChanges changes, Mailer mailer, SecurityMail security, MailLimits limits, Links links, PortalSettings settings, Clock clock)
{
    /// <summary>An address change that somebody's link asks for.</summary>
    public sealed record Wanted(User User, string Email, string Token);

    /// <summary>Mails the link and the notice; done after the answer.</summary>
    public async Task Ask(string userId, string newEmail, Actor by)
    {
        if (await users.FindByIdAsync(userId) is not { } user || !limits.MaySendLink(newEmail))
        {
            return;
        }

        db.Add(SignInAudit.Record("AskForEmail", user.Id, clock.Now, by));
        await db.SaveChangesAsync();
        security.EmailWanted(user.Email!, newEmail);
        mailer.Send(await users.FindByEmailAsync(newEmail) is null
            ? new MailMessage(newEmail, "Confirm your e-mail address", Text(await Link(user, newEmail)))
            : new MailMessage(newEmail, "Someone wanted to use your e-mail address", InUse()));
    }

    /// <summary>What the link asks for; null when it is used up, too old or made up.</summary>
    public async Task<Wanted?> Asked(string? id, string? code) =>
        Links.Token(code).Split('\n') is [var email, var token] && await users.FindByIdAsync(id ?? "") is { } user
        && await users.VerifyUserTokenAsync(user, users.Options.Tokens.ChangeEmailTokenProvider, UserManager<User>.GetChangeEmailTokenPurpose(email), token)
            ? new Wanted(user, email, token)
            : null;

    /// <summary>Changes the address and ends the person's sessions, but for the one in which they confirm it.</summary>
    public async Task<bool> Confirm(Wanted wanted, Actor by)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(by);
        var (user, old) = (wanted.User, wanted.User.Email!);
        try
        {
            var result = await changes.Save(user, "ChangeEmail", by, () =>
            {
                user.UserName = wanted.Email;
                return users.ChangeEmailAsync(user, wanted.Email, wanted.Token);
            }, SessionEnd.Email, but: by.Session);
            if (result.Succeeded)
            {
                security.EmailChanged(old, wanted.Email);
            }

            return result.Succeeded;
        }
        catch (DbUpdateException)
        {
            // Somebody else got the address at the same moment; the unique index saw it, and nothing was stored.
            db.ChangeTracker.Clear();
            return false;
        }
    }

    private async Task<string> Link(User user, string newEmail) =>
        links.To("/sign-in/confirm-email", user.Id, $"{newEmail}\n{await users.GenerateChangeEmailTokenAsync(user, newEmail)}");

    private string Text(string link) =>
        $"""
        Someone, perhaps you, asked to sign in with this address at {settings.Brand.ProviderName}.

        Confirm it here:
        {link}

        The link works once, within {settings.SignIn.ResetLinkMinutes} minutes. If it was not you, do nothing.
        """;

    private string InUse() =>
        $"""
        Someone, perhaps you, asked to use this address for another sign-in at {settings.Brand.ProviderName}. It has a sign-in of its own, so nothing was changed.

        If it was you, sign in with it:
        {links.To("/sign-in")}
        """;
}
