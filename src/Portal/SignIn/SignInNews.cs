using Portal.Mail;
using Portal.Settings;

namespace Portal.SignIn;

/// <summary>Tells people by mail that something about their sign-in was changed, and what to do if it was not them.</summary>
public sealed class SignInNews(Mailer mailer, Links links, PortalSettings settings)
{
    public void Tell(User user, string subject, string what) => mailer.Send(new MailMessage(
        user.Email!,
        subject,
        $"""
        {what}

        This is about your sign-in at {settings.Brand.ProviderName}. If it was you, there is nothing to do.

        If it was not you, set a new password at once, which signs everyone out, and write to support:
        {links.To("/sign-in/forgotten")}
        """));
}
