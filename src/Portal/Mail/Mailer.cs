using System.Threading.Channels;

namespace Portal.Mail;

/// <summary>A mail: plain text, to one person.</summary>
public sealed record MailMessage(string To, string Subject, string Text)
{
    /// <summary>The same as a simple page, for those who read it so.</summary>
    public string? Html { get; init; }

    /// <summary>Its identity, without angle brackets: a mail that is sent once more has the same, so that its reader's mailbox can know it. Null: a new one.</summary>
    public string? MessageId { get; init; }

    /// <summary>The address that turns mails like this off with one click (RFC 8058); null: they cannot be turned off.</summary>
    public string? Unsubscribe { get; init; }
}

/// <summary>A mail that was given up. Not to whom: the log and the pages of staff hold no addresses.</summary>
public sealed record MailFailure(DateTimeOffset At, string Subject, string Why);

/// <summary>
/// Takes mails and answers at once; delivery happens behind, so that no request waits for a mail server or shows by its
/// duration that a mail was sent. A full queue drops the mail and says so in the log.
/// </summary>
public sealed class Mailer(ILogger<Mailer> logger)
{
    private readonly Channel<MailMessage> waiting = Channel.CreateBounded<MailMessage>(1_000);

    internal ChannelReader<MailMessage> Waiting => waiting.Reader;

    /// <summary>How many mails wait in this instance.</summary>
    public int Count => waiting.Reader.Count;

    /// <summary>The last mail that this instance could not send, since it started; <c>null</c> if it could send every one.</summary>
    public MailFailure? LastFailure { get; internal set; }

    public void Send(MailMessage mail)
    {
        if (!waiting.Writer.TryWrite(mail))
        {
            logger.LogError("A mail was dropped, because {Count} already wait or Portal is stopping: {Subject}", waiting.Reader.Count, mail.Subject);
        }
    }

    /// <summary>Takes no more; what waits is still sent.</summary>
    internal void Close() => waiting.Writer.TryComplete();
}
