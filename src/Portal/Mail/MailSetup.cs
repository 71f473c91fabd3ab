using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Settings;

namespace Portal.Mail;

/// <summary>Mail goes to the configured SMTP server; in Development to a list that /dev/mail shows.</summary>
public static class MailSetup
{
    public static void AddMail(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Mailer>().AddSingleton<MailMeasures>();
        if (builder.Environment.IsDevelopment())
        {
            builder.Services.AddSingleton<DevMailbox>().AddSingleton<MailTransport, DevTransport>();
        }
        else
        {
            builder.Services.AddSingleton<MailTransport, SmtpTransport>();
        }
        builder.Services.AddHostedService<MailDelivery>();
    }

    public static void MapMail(this WebApplication app)
    {
        if (app.Environment.IsDevelopment())
        {
            app.MapGet("/dev/mail", IResult () => new RazorComponentResult<DevMailPage>());
        }
    }
}
