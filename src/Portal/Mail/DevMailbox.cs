using System.Collections.Immutable;

namespace Portal.Mail;

/// <summary>The latest mails of a Development run, newest first, in memory.</summary>
public sealed class DevMailbox
{
    private const int Most = 200;

    private ImmutableList<ReceivedMail> mails = [];

    public IReadOnlyList<ReceivedMail> Mails => mails;

    public void Receive(ReceivedMail mail) =>
        ImmutableInterlocked.Update(ref mails, list => [mail, .. list.Take(Most - 1)]);
}

public sealed record ReceivedMail(DateTimeOffset At, MailMessage Mail);
