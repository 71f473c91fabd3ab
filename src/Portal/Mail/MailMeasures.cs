using System.Diagnostics.Metrics;
using Portal.Watching;

namespace Portal.Mail;

/// <summary>What can be watched of mails: not to whom, not what.</summary>
public sealed class MailMeasures
{
    private readonly Counter<long> _mails;

    public MailMeasures(IMeterFactory meters, Mailer mailer)
    {
        ArgumentNullException.ThrowIfNull(meters);
        ArgumentNullException.ThrowIfNull(mailer);
        var meter = meters.Create(Instruments.Name);
        _mails = meter.CreateCounter<long>("portal.mails", "{try}", "Tries to hand a mail to the mail server.");
        meter.CreateObservableGauge("portal.mails.waiting", () => mailer.Count, "{mail}", "Mails that wait in this instance's memory.");
    }

    /// <summary>The mail server took a mail, or did not.</summary>
    internal void Tried(bool taken) => _mails.Add(1, new KeyValuePair<string, object?>("result", taken ? "taken" : "not_taken"));
}
