using System.Threading.Channels;

namespace Portal.Mail;

/// <summary>A mail: plain text, to one person.</summary>
public sealed record MailMessage(string To, string Subject, string Text);

/// <summary>
/// Takes mails and answers at once; delivery happens behind, so that no request waits for a mail server or shows by its
/// duration that a mail was sent. A full queue drops the mail and says so in the log.
/// </summary>
public sealed class Mailer(ILogger<Mailer> logger)
{
    private readonly Channel<MailMessage> waiting = Channel.CreateBounded<MailMessage>(1_000);

    internal ChannelReader<MailMessage> Waiting => waiting.Reader;

    public void Send(MailMessage mail)
    {
        if (!waiting.Writer.TryWrite(mail))
        {
            logger.LogError("A mail was dropped, because {Count} already wait: {Subject}", waiting.Reader.Count, mail.Subject);
        }
    }
}
