using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using MimeKit.Utils;
using Portal.Settings;

namespace Portal.Mail;

/// <summary>The mail server did not take a mail, for a reason that may pass. The mail may be sent again.</summary>
public sealed class MailNotTakenException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Hands one mail on. When it returns, somebody has taken the mail.</summary>
public abstract class MailTransport
{
    /// <summary>Sends it now, once.</summary>
    /// <exception cref="MailNotTakenException">It was not taken.</exception>
    public abstract Task Send(MailMessage mail, CancellationToken cancel);
}

/// <summary>To the configured mail server.</summary>
public sealed class SmtpTransport(PortalSettings settings) : MailTransport
{
    private const int TimeoutMilliseconds = 30_000;

    public override async Task Send(MailMessage mail, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(mail);
        if (settings.Mail.SmtpHost == "")
        {
            throw new MailNotTakenException("Portal:Mail:SmtpHost is empty.");
        }
        try
        {
            using var message = Message(mail);
            using var client = new SmtpClient { Timeout = TimeoutMilliseconds };
            await client.ConnectAsync(settings.Mail.SmtpHost, settings.Mail.SmtpPort, Encryption(), cancel);
            if (settings.Mail.SmtpUser != "")
            {
                await client.AuthenticateAsync(settings.Mail.SmtpUser, settings.Mail.SmtpPassword, cancel);
            }

            await client.SendAsync(message, cancel);
            await Leave(client, cancel);
        }
        catch (Exception failed) when (failed is IOException or SocketException or ProtocolException or CommandException or AuthenticationException or SslHandshakeException or TimeoutException or NotSupportedException or ParseException)
        {
            throw new MailNotTakenException(failed.Message, failed);
        }
    }

    private MimeMessage Message(MailMessage mail)
    {
        var message = new MimeMessage();
        var from = MailboxAddress.Parse(settings.Mail.From);
        message.From.Add(from);
        message.To.Add(MailboxAddress.Parse(mail.To));
        message.Subject = mail.Subject;
        // Of the sender's domain: the machine's own name is nobody's business, and counts against a mail.
        message.MessageId = mail.MessageId ?? MimeUtils.GenerateMessageId(from.Domain);
        // So that nobody's absence note comes back (RFC 3834).
        message.Headers.Add("Auto-Submitted", "auto-generated");
        if (mail.Unsubscribe is not null)
        {
            message.Headers.Add(HeaderId.ListUnsubscribe, $"<{mail.Unsubscribe}>");
            message.Headers.Add(HeaderId.ListUnsubscribePost, "List-Unsubscribe=One-Click");
        }
        message.Body = new BodyBuilder { TextBody = mail.Text, HtmlBody = mail.Html }.ToMessageBody();
        return message;
    }

    /// <summary>The mail is taken already: a server that is rude at the parting must not have it sent once more.</summary>
    private static async Task Leave(SmtpClient client, CancellationToken cancel)
    {
        try
        {
            await client.DisconnectAsync(quit: true, cancel);
        }
        catch (Exception rude) when (rude is IOException or SocketException or ProtocolException or CommandException or TimeoutException)
        {
            // Nothing is lost: the connection is closed with the client.
        }
    }

    private SecureSocketOptions Encryption() => settings.Mail.SmtpEncryption switch
    {
        "tls" => SecureSocketOptions.SslOnConnect,
        "none" => SecureSocketOptions.None,
        _ => SecureSocketOptions.StartTls,
    };
}

/// <summary>In Development: to the log and to the list that /dev/mail shows.</summary>
public sealed class DevTransport(DevMailbox mailbox, Clock clock, ILogger<DevTransport> log) : MailTransport
{
    public override Task Send(MailMessage mail, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(mail);
        log.LogInformation("Mailed to /dev/mail: {Subject}", mail.Subject);
        mailbox.Receive(new ReceivedMail(clock.Now, mail));
        return Task.CompletedTask;
    }
}
