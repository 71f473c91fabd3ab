using Portal.Settings;

namespace Portal.Mail;

/// <summary>
/// Sends what waits in memory, one mail after the other, each tried three times. What still fails is logged without its text, which holds
/// links. Mails with links that sign somebody in go this way: such a link lies in no table. Alerts have an outbox of their own.
/// </summary>
public sealed class MailDelivery(Mailer mailer, MailTransport transport, PortalSettings settings, IHostEnvironment environment, Clock clock, MailMeasures measures, ILogger<MailDelivery> logger) : BackgroundService
{
    private const int Tries = 3;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (settings.Mail.SmtpHost == "" && !environment.IsDevelopment())
        {
            logger.LogWarning("Portal:Mail:SmtpHost is empty, so no mail is sent: no invitations, no new passwords and no alerts.");
        }

        await foreach (var mail in mailer.Waiting.ReadAllAsync(stoppingToken))
        {
            await Deliver(mail, stoppingToken);
        }
    }

    private async Task Deliver(MailMessage mail, CancellationToken stopping)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await transport.Send(mail, stopping);
                measures.Tried(taken: true);
                return;
            }
            catch (MailNotTakenException failed)
            {
                measures.Tried(taken: false);
                // The mail server's trouble must end neither the delivery of other mails nor the application.
                if (attempt == Tries || settings.Mail.SmtpHost == "")
                {
                    mailer.LastFailure = new MailFailure(clock.Now, mail.Subject, failed.Message);
                    logger.LogError(failed, "Not mailed after {Tries} tries: {Subject}", attempt, mail.Subject);
                    return;
                }

                await Task.Delay(TimeSpan.FromSeconds(5 * attempt), stopping);
            }
        }
    }
}
