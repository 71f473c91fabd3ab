using System.Globalization;
using Portal.Mail;
using Portal.Settings;

namespace Portal.SignIn.ViewAs;

/// <summary>Tells the subscriber that support looks at their account: who, why, and for how long.</summary>
public sealed class ViewAsMail(Mailer mailer, Links links, PortalSettings settings)
{
    /// <summary>To the owner's address; whoever has none is told on their pages alone.</summary>
    public void Started(string? address, ViewAsSession view)
    {
        ArgumentNullException.ThrowIfNull(view);
        if (address is null)
        {
            return;
        }
        mailer.Send(new MailMessage(
            address,
            "Support looks at your account",
            $"""
            {StaffName.Of(view.Staff)} of {settings.Brand.ProviderName} looks at your account {view.Account} as you see it, until {At(view.EndsAt)} UTC at the latest.

            Why: {view.Reason}
            Ticket: {view.Ticket}

            They can change nothing, and they see neither your password nor your tokens. Which pages they open, and how to forbid it, stands here:
            {links.To("/support-access")}
            """));
    }

    private static string At(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
