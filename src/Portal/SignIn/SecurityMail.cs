using Portal.Mail;
using Portal.Settings;

namespace Portal.SignIn;

/// <summary>Tells people of changes of their sign-in, so that a change that was not theirs does not stay unseen.</summary>
public sealed class SecurityMail(Mailer mailer, Links links, PortalSettings settings)
{
    public void PasswordChanged(string email) => Send(email, "Your password was changed",
        $"Your password at {settings.Brand.ProviderName} was changed just now, and everyone who was signed in with the old one is signed out.");

    public void SignedOutEverywhere(string email) => Send(email, "You were signed out everywhere",
        $"Every sign-in of yours at {settings.Brand.ProviderName} was ended just now, from one of your own pages.");

    /// <summary>To the old address, while nothing is changed yet.</summary>
    public void EmailWanted(string email, string newEmail) => Send(email, "Someone wants to change your e-mail address",
        $"Someone who is signed in as you at {settings.Brand.ProviderName}, and knows your password, asked to change your address to {newEmail}. Nothing is changed until the link that we sent there is used.");

    /// <summary>To the old address, the last one that it gets.</summary>
    public void EmailChanged(string email, string newEmail) => Send(email, "Your e-mail address was changed",
        $"Your address at {settings.Brand.ProviderName} was changed just now to {newEmail}. You sign in with that one, and all further mail goes there.");

    /// <summary>To somebody with a password; who has none yet gets an invitation.</summary>
    public void RoleGiven(string email, string role) => mailer.Send(new MailMessage(email, $"You are {role} now",
        $"""
        An administrator of {settings.Brand.ProviderName} gave you the role {role}. It counts once you have a second factor and sign in with it:
        {links.To("/profile/two-factor")}
        """));

    /// <summary>What they were is no secret to them, and that they are it no longer should not be a surprise.</summary>
    public void RoleTaken(string email, string role) => mailer.Send(new MailMessage(email, $"You are no longer {role}",
        $"""
        An administrator of {settings.Brand.ProviderName} took the role {role} away from you. Your sign-ins were ended; sign in again for whatever else you do here:
        {links.To("/sign-in")}
        """));

    /// <summary>Of any other change.</summary>
    public void Tell(User user, string subject, string what)
    {
        ArgumentNullException.ThrowIfNull(user);
        Send(user.Email!, subject, what);
    }

    private void Send(string email, string subject, string what) => mailer.Send(new MailMessage(
        email,
        subject,
        $"""
        {what}

        This is about your sign-in at {settings.Brand.ProviderName}. If it was you, there is nothing to do.

        If it was not you, set a new password at once, which signs everyone out, and write to support:
        {links.To("/sign-in/forgotten")}
        """));
}
