using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Portal.Settings;

namespace Portal.Mail;

/// <summary>Sends what waits, one mail after the other, each tried three times. What still fails is logged without its text, which holds links.</summary>
public sealed class SmtpDelivery(Mailer mailer, PortalSettings settings, ILogger<SmtpDelivery> logger) : BackgroundService
{
    private const int Tries = 3;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (settings.Mail.SmtpHost == "")
        {
            logger.LogWarning("Portal:Mail:SmtpHost is empty, so no mail is sent: no invitations and no new passwords.");
        }

        await foreach (var mail in mailer.Waiting.ReadAllAsync(stoppingToken))
        {
            if (settings.Mail.SmtpHost == "")
            {
                logger.LogWarning("Not mailed, because Portal:Mail:SmtpHost is empty: {Subject}", mail.Subject);
                continue;
            }

            await Deliver(mail, stoppingToken);
        }
    }

    private async Task Deliver(MailMessage mail, CancellationToken stopping)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await Send(mail, stopping);
                return;
            }
            catch (Exception failed) when (failed is IOException or SocketException or ProtocolException or CommandException or AuthenticationException or SslHandshakeException or TimeoutException or NotSupportedException or ParseException)
            {
                // The mail server's trouble must end neither the delivery of other mails nor the application.
                if (attempt == Tries)
                {
                    logger.LogError(failed, "Not mailed after {Tries} tries: {Subject}", Tries, mail.Subject);
                    return;
                }

                await Task.Delay(TimeSpan.FromSeconds(5 * attempt), stopping);
            }
        }
    }

    private async Task Send(MailMessage mail, CancellationToken stopping)
    {
        using var message = new MimeMessage();
        message.From.Add(MailboxAddress.Parse(settings.Mail.From));
        message.To.Add(MailboxAddress.Parse(mail.To));
        message.Subject = mail.Subject;
        message.Body = new TextPart("plain") { Text = mail.Text };

        using var client = new SmtpClient();
        await client.ConnectAsync(settings.Mail.SmtpHost, settings.Mail.SmtpPort, Encryption(), stopping);
        if (settings.Mail.SmtpUser != "")
        {
            await client.AuthenticateAsync(settings.Mail.SmtpUser, settings.Mail.SmtpPassword, stopping);
        }

        await client.SendAsync(message, stopping);
        await client.DisconnectAsync(quit: true, stopping);
    }

    private SecureSocketOptions Encryption() => settings.Mail.SmtpEncryption switch
    {
        "tls" => SecureSocketOptions.SslOnConnect,
        "none" => SecureSocketOptions.None,
        _ => SecureSocketOptions.StartTls,
    };
}
