using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Mail;
using Portal.Settings;

namespace Portal.Tests.Mail;

/// <summary>Mails with links, which wait in memory alone, over a real mail server of the test's own.</summary>
public sealed class MailDeliveryTests : IAsyncDisposable
{
    private readonly SmtpServer smtp = new();
    private WebApplication? app;

    private Mailer Mailer => app!.Services.GetRequiredService<Mailer>();

    private MailDelivery Delivery => app!.Services.GetServices<IHostedService>().OfType<MailDelivery>().Single();

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            await app.DisposeAsync();
        }
        await smtp.DisposeAsync();
    }

    [Fact]
    public async Task A_mail_is_named_after_its_senders_domain_and_says_that_no_person_wrote_it()
    {
        await Start(smtp.Port);
        Mailer.Send(Invitation(1));
        await Eventually.Holds(() => !smtp.Mails.IsEmpty);

        var mail = Assert.Single(smtp.Mails);
        Assert.EndsWith("@acme.example", mail.MessageId, StringComparison.Ordinal);
        Assert.Equal("auto-generated", mail.Headers["Auto-Submitted"]);
        Assert.Equal(("Acme", "jo@example.org", "Invitation 1"), (mail.From.Single().Name, mail.To.Mailboxes.Single().Address, mail.Subject));
        Assert.Equal("https://portal.acme.example/1", mail.TextBody?.Trim());
    }

    [Fact]
    public async Task A_mail_that_the_server_did_not_take_and_those_behind_it_are_sent_when_Portal_stops()
    {
        smtp.IsBusy = true;
        await Start(smtp.Port);
        foreach (var number in Enumerable.Range(1, 20))
        {
            Mailer.Send(Invitation(number));
        }
        await Eventually.Holds(() => smtp.Refused == 1);
        smtp.IsBusy = false;

        await Delivery.StopAsync(default);

        Assert.Equal(20, smtp.Mails.Select(m => m.Subject).Distinct().Count());
    }

    [Fact]
    public async Task A_mail_server_that_says_nothing_holds_Portal_up_no_longer_than_the_host_allows_and_what_was_not_sent_is_said()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await Start(((IPEndPoint)silent.LocalEndpoint).Port);
        Mailer.Send(Invitation(1));
        await Eventually.Holds(() => Mailer.Count == 0);
        Mailer.Send(Invitation(2));
        using var allowed = new CancellationTokenSource();

        var stopping = Delivery.StopAsync(allowed.Token);
        Assert.False(stopping.IsCompleted);
        await allowed.CancelAsync();
        await stopping;

        await Eventually.Holds(() => Mailer.LastFailure is { Subject: "Invitation 2" });
        Assert.Empty(smtp.Mails);
    }

    private static MailMessage Invitation(int number) => new("jo@example.org", $"Invitation {number}", $"https://portal.acme.example/{number}");

    private async Task Start(int port)
    {
        var builder = SettingsSetup.CreateBuilder(
        [
            $"--contentRoot={Repository.Root}", "--environment=Development", "--Portal:Mail:SmtpHost=127.0.0.1", $"--Portal:Mail:SmtpPort={port}", "--Portal:Mail:SmtpEncryption=none",
            "--Portal:Mail:From=Acme <portal@acme.example>",
        ]);
        builder.Logging.ClearProviders();
        builder.AddSettings();
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton<Clock>();
        builder.AddMail();
        builder.Services.AddSingleton<MailTransport, SmtpTransport>();
        app = builder.Build();
        await Delivery.StartAsync(default);
    }
}
