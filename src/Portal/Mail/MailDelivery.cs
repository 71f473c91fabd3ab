using Portal.Settings;

namespace Portal.Mail;

/// <summary>
/// Sends what waits in memory, one mail after the other, each tried three times. What still fails is logged without its text, which holds
/// links. Mails with links that sign somebody in go this way: such a link lies in no table. Alerts have an outbox of their own.
/// When Portal stops, what waits is tried once more, as long as the host allows.
/// </summary>
public sealed class MailDelivery(Mailer mailer, MailTransport transport, PortalSettings settings, IHostEnvironment environment, Clock clock, MailMeasures measures, ILogger<MailDelivery> logger) : BackgroundService
{
    private const int Tries = 3;

    /// <summary>Never disposed, because a host may be stopped after it was; it holds nothing.</summary>
    private readonly CancellationTokenSource _over = new();

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        mailer.Close();
        await base.StopAsync(cancellationToken);
        // All is sent, or the host waits no longer.
        await _over.CancelAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (settings.Mail.SmtpHost == "" && !environment.IsDevelopment())
        {
            logger.LogWarning("Portal:Mail:SmtpHost is empty, so no mail is sent: no invitations, no new passwords and no alerts.");
        }

        var over = _over.Token;
        // Until the queue is closed, not until the host asks: nobody else has these mails.
        await foreach (var mail in mailer.Waiting.ReadAllAsync(CancellationToken.None))
        {
            await Deliver(mail, stoppingToken, over);
        }
    }

    private async Task Deliver(MailMessage mail, CancellationToken stopping, CancellationToken over)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await transport.Send(mail, over);
                measures.Tried(taken: true);
                return;
            }
            catch (Exception failed) when (failed is MailNotTakenException || over.IsCancellationRequested)
            {
                measures.Tried(taken: false);
                // The mail server's trouble must end neither the delivery of other mails nor the application.
                if (attempt == Tries || settings.Mail.SmtpHost == "" || stopping.IsCancellationRequested)
                {
                    mailer.LastFailure = new MailFailure(clock.Now, mail.Subject, failed.Message);
                    logger.LogError(failed, "Not mailed after {Tries} tries: {Subject}", attempt, mail.Subject);
                    return;
                }
                logger.LogWarning(failed, "Not mailed yet, try {Attempt} of {Tries}: {Subject}", attempt, Tries, mail.Subject);
                await Task.Delay(TimeSpan.FromSeconds(5 * attempt), stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
