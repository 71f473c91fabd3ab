using Ledger;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MimeKit;
using Portal.Accounts;
using Portal.Alerts;
using Portal.Api;
using Portal.Data;
using Portal.Mail;
using Portal.Settings;
using Portal.SignIn;
using Portal.Terms;
using Portal.Tests.Accounts;
using Portal.Tests.Mail;

namespace Portal.Tests.Alerts;

public sealed class OutboxOnSqlite : OutboxTests<SqliteDatabase>;

public sealed class OutboxOnPostgres : OutboxTests<PostgresDatabase>;

/// <summary>The mails of alerts over a real mail server of the test's own. Nothing runs by itself here: the test says when the outbox takes its turn.</summary>
public abstract class OutboxTests<TDatabase> : IAsyncLifetime where TDatabase : TestDatabase, new()
{
    private const string Anna = "anna-id";

    private readonly TDatabase database = new();
    private readonly TestClock time = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
    private readonly SmtpServer smtp = new();
    private readonly List<WebApplication> apps = [];

    private static Actor Owner { get; } = Actor.User(Anna);

    private WebApplication App => apps[0];

    private AccountDoor Door => App.Services.GetRequiredService<AccountDoor>();

    private AlertOutbox Outbox => App.Services.GetRequiredService<AlertOutbox>();

    public async ValueTask InitializeAsync()
    {
        Tools.Require(database.Missing);
        await database.Create();
        Start();
        await App.Services.GetRequiredService<TermsLoader>().Load(Path.Combine(AppContext.BaseDirectory, "Demo", "Terms"));
        await Door.StartAsync(default);
        await using var db = database.Open();
        var role = await db.Roles.SingleAsync(r => r.Name == Roles.Subscriber);
        db.Users.Add(new User { Id = Anna, UserName = "anna", Email = "anna@example.org", EmailConfirmed = true });
        db.UserRoles.Add(new IdentityUserRole<string> { RoleId = role.Id, UserId = Anna });
        await db.SaveChangesAsync();
        Assert.IsType<PutAnswer.Done>(await Door.Submit(new PutAccount("anna", Anna, "pro", null, AccountStatus.Open, Actor.Portal)));
        await Door.Submit(new ClaimCredit("anna", Owner));
    }

    public async ValueTask DisposeAsync()
    {
        if (apps.Count > 0)
        {
            await Door.StopAsync(default);
        }
        foreach (var app in apps)
        {
            await app.DisposeAsync();
        }
        await smtp.DisposeAsync();
        await database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task An_alert_is_mailed_once_with_its_amounts_what_to_do_and_how_to_get_no_more()
    {
        await Use(15_123_450_000);

        Assert.Equal(1, await Outbox.Once(default));
        Assert.Equal(0, await Outbox.Once(default));

        var mail = Assert.Single(smtp.Mails);
        Assert.Equal(("anna@example.org", "Acme: 75 % of your credit is used"), (mail.To.Mailboxes.Single().Address, mail.Subject));
        Assert.Equal("alert.anna.1@acme.example", mail.MessageId);
        var link = mail.Headers[HeaderId.ListUnsubscribe]!.Trim('<', '>');
        Assert.StartsWith("https://portal.acme.example/unsubscribe/", link, StringComparison.Ordinal);
        Assert.Equal("List-Unsubscribe=One-Click", mail.Headers[HeaderId.ListUnsubscribePost]);
        foreach (var body in new[] { mail.TextBody, mail.HtmlBody })
        {
            Assert.Contains("$15.12 ($15.12345 to the last digit) of $20.00 is used. The period ends 23 Dec 2026, 12:00 UTC.", body, StringComparison.Ordinal);
            Assert.Contains("See how long the rest lasts at your pace.", body, StringComparison.Ordinal);
            Assert.Contains("https://portal.acme.example/alerts", body, StringComparison.Ordinal);
            Assert.Contains(link, body, StringComparison.Ordinal);
        }
        var sent = Assert.Single(await Deliveries());
        Assert.Equal((DeliveryState.Sent, 1, time.GetUtcNow()), (sent.State, sent.Attempts, sent.SentAt));
    }

    [Fact]
    public async Task A_mail_that_is_not_taken_is_tried_again_later_and_later_under_the_same_identity()
    {
        await Use(10_000_000_000);
        smtp.IsBusy = true;
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            Assert.Equal(0, await Outbox.Once(default));
            var waiting = Assert.Single(await Deliveries());
            Assert.Equal((DeliveryState.Pending, attempt, time.GetUtcNow() + AlertOutbox.BackOff[attempt - 1]), (waiting.State, waiting.Attempts, waiting.NextAttemptAt));
            time.Advance(AlertOutbox.BackOff[attempt - 1] - TimeSpan.FromSeconds(1));
            await Outbox.Once(default);
            Assert.Equal(attempt, Assert.Single(await Deliveries()).Attempts);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        smtp.IsBusy = false;
        Assert.Equal(1, await Outbox.Once(default));
        Assert.Equal("alert.anna.1@acme.example", Assert.Single(smtp.Mails).MessageId);
    }

    [Fact]
    public async Task A_server_that_never_answers_ends_in_a_failure_that_can_be_seen()
    {
        await Use(10_000_000_000);
        await smtp.Stop();
        foreach (var pause in AlertOutbox.BackOff.Append(TimeSpan.Zero))
        {
            await Outbox.Once(default);
            time.Advance(pause);
        }

        var failed = Assert.Single(await Deliveries());
        Assert.Equal((DeliveryState.Failed, AlertOutbox.BackOff.Length + 1), (failed.State, failed.Attempts));
        time.Advance(TimeSpan.FromDays(30));
        await Outbox.Once(default);
        Assert.Equal(failed.Attempts, Assert.Single(await Deliveries()).Attempts);
    }

    [Fact]
    public async Task Whoever_dies_between_sending_and_noting_it_leaves_a_mail_that_comes_twice_under_one_identity()
    {
        await Use(10_000_000_000);
        var dying = Start(services => services.AddSingleton<MailTransport>(own => new Dying(own.GetRequiredService<PortalSettings>()))).Services.GetRequiredService<AlertOutbox>();
        await Assert.ThrowsAsync<PowerCut>(() => dying.Once(default));
        Assert.Equal(DeliveryState.Pending, Assert.Single(await Deliveries()).State);

        time.Advance(AlertOutbox.Lease - TimeSpan.FromSeconds(1));
        Assert.Equal(0, await Outbox.Once(default));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await Outbox.Once(default));

        Assert.Equal(2, smtp.Mails.Count);
        Assert.Single(smtp.Mails.Select(m => m.MessageId).Distinct());
        Assert.Equal(DeliveryState.Sent, Assert.Single(await Deliveries()).State);
    }

    [Fact]
    public async Task Two_instances_send_each_mail_once()
    {
        var other = Start().Services.GetRequiredService<AlertOutbox>();
        Assert.IsType<ExtraUsageOutcome.Changed>(await Door.Submit(new TurnOnExtraUsage("anna", Money.FromDollars(5), "I agree.", Owner)));
        for (var cap = 6; cap < 36; cap++)
        {
            await Door.Submit(new SetCap("anna", Money.FromDollars(cap), Owner));
        }

        var sent = await Task.WhenAll(Task.Run(() => Outbox.Once(default)), Task.Run(() => other.Once(default)));

        Assert.Equal(31, sent.Sum());
        Assert.Equal(31, smtp.Mails.Select(m => m.MessageId).Distinct().Count());
        Assert.Equal(31, smtp.Mails.Count);
    }

    [Fact]
    public async Task What_was_turned_off_or_has_no_reader_meanwhile_is_not_sent()
    {
        await Use(10_000_000_000);
        await Door.Submit(new SetAlertMail("anna", AlertKind.CreditUsed, false, Owner));
        Assert.Equal(0, await Outbox.Once(default));
        Assert.Equal(DeliveryState.NotWanted, Assert.Single(await Deliveries()).State);

        await Door.Submit(new TurnOnExtraUsage("anna", Money.FromDollars(5), "I agree.", Owner));
        await using (var db = database.Open())
        {
            await db.Users.ExecuteUpdateAsync(set => set.SetProperty(u => u.EmailConfirmed, false));
        }
        Assert.Equal(0, await Outbox.Once(default));
        Assert.All(await Deliveries(), d => Assert.Equal(DeliveryState.NotWanted, d.State));
        Assert.Empty(smtp.Mails);
    }

    private WebApplication Start(Action<IServiceCollection>? services = null)
    {
        var builder = SettingsSetup.CreateBuilder(
        [
            $"--contentRoot={Repository.Root}", "--environment=Development", $"--Portal:Database:Provider={database.Provider}", $"--ConnectionStrings:Portal={database.ConnectionString}",
            "--Portal:Mail:SmtpHost=127.0.0.1", $"--Portal:Mail:SmtpPort={smtp.Port}", "--Portal:Mail:SmtpEncryption=none", "--Portal:Mail:From=Acme <portal@acme.example>",
            "--Portal:PublicUrl=https://portal.acme.example", "--Portal:Brand:ProviderName=Acme",
        ]);
        builder.Logging.ClearProviders();
        var settings = builder.AddSettings();
        builder.AddData(settings);
        builder.AddMail();
        builder.AddSignIn(settings);
        builder.AddAccounts(settings);
        builder.AddApi();
        builder.AddAlerts();
        builder.Services.AddSingleton(new Portal.Ui.Brand(settings.Brand));
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddSingleton<MailTransport, SmtpTransport>();
        services?.Invoke(builder.Services);
        apps.Add(builder.Build());
        return apps[^1];
    }

    private async Task Use(long nanos) => Assert.IsType<EventAnswer.Recorded>(await Door.Submit(new RecordUsage(
        "anna", "test", $"use-{nanos}", null, "claude-sonnet-5-5", "headless", null, new Usage { OutputTokens = nanos / 10_000 }, null, Actor.Portal)));

    private async Task<List<AlertDelivery>> Deliveries()
    {
        await using var db = database.Open();
        return await db.Set<AlertDelivery>().AsNoTracking().OrderBy(d => d.Alert).ToListAsync();
    }

    private sealed class PowerCut : Exception;

    private sealed class Dying(PortalSettings settings) : MailTransport
    {
        private readonly SmtpTransport _real = new(settings);

        public override async Task Send(MailMessage mail, CancellationToken cancel)
        {
            await _real.Send(mail, cancel);
            throw new PowerCut();
        }
    }
}
