using System.Globalization;
using System.Text.Encodings.Web;
using Ledger;
using Portal.Accounts;
using Portal.Mail;
using Portal.Settings;
using Portal.SignIn;
using Portal.Ui;

namespace Portal.Alerts;

/// <summary>Writes the e-mail of an alert: plain text and the same as a simple page, with amounts to the last digit, what to do, and how to get no more of them.</summary>
public sealed class AlertMail(Brand brand, Links links, UnsubscribeLinks unsubscribe, PortalSettings settings)
{
    private static readonly AlertWords words = new(
        at => at.ToString("d MMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture),
        amount => Amounts.IsRounded(amount) ? $"{Amounts.Brief(amount)} ({Amounts.Exact(amount)} to the last digit)" : Amounts.Brief(amount));

    /// <summary>The mail of an alert. The same alert always has the same identity.</summary>
    public MailMessage Write(string to, string account, AlertLine alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        var (title, sentence, remedy) = (words.Title(alert), words.Sentence(alert), AlertWords.Do(alert));
        var (page, list) = (links.To(remedy.Path), links.To("/alerts"));
        var off = unsubscribe.To(account, alert.Kind);
        var kind = AlertWords.Name(alert.Kind);
        return new MailMessage(to, $"{brand.Name}: {title}",
            $"""
            {title}.

            {sentence}
            {remedy.Text}
            {page}

            This is an alert about your account {account} at {brand.Name}, a message that stops nothing. All alerts, and which of them are mailed:
            {list}

            No more mails of the kind “{kind}”:
            {off}
            """)
        {
            Html = Html(title, sentence, remedy, account, kind, page, list, off),
            MessageId = $"alert.{account}.{alert.Number}@{Host}",
            Unsubscribe = off,
        };
    }

    private string Html(string title, string sentence, Remedy remedy, string account, string kind, string page, string list, string off)
    {
        var colour = $"color:{brand.Light}";
        return $"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>{Safe(title)}</title></head>
            <body style="font-family:system-ui,sans-serif;line-height:1.5;max-width:36rem;margin:0 auto;padding:1.5rem">
            <p style="font-weight:600;{colour}">{Safe(brand.Name)}</p>
            <h1 style="font-size:1.25rem">{Safe(title)}</h1>
            <p>{Safe(sentence)}</p>
            <p>{Safe(remedy.Text)}<br><a href="{Safe(page)}">Open {Safe(AlertWords.PageName(remedy.Path))}</a></p>
            <p style="font-size:.875rem">This is an alert about your account {Safe(account)}, a message that stops nothing. <a href="{Safe(list)}">All alerts, and which of them are mailed</a>.
            <a href="{Safe(off)}">No more mails of the kind “{Safe(kind)}”</a>.</p>
            </body></html>
            """;
    }

    private static string Safe(string text) => HtmlEncoder.Default.Encode(text);

    private string Host => MimeKit.MailboxAddress.Parse(settings.Mail.From).Domain is { Length: > 0 } host ? host : "localhost";
}
