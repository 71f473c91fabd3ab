using System.Collections.Concurrent;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Portal.Mail;
using Portal.SignIn;

namespace Portal.Tests.SignIn;

/// <summary>Makes people in the application under test, and reads their mail.</summary>
public static class People
{
    public const string Password = "a password of some length";

    /// <summary>The apps of the staff that was made here, by address: staff without a second factor is none.</summary>
    public static ConcurrentDictionary<string, AuthenticatorApp> Apps { get; } = new();

    public static async Task<string> NewSubscriber(this PortalHost portal, string password = Password) =>
        await portal.NewUser(Roles.Subscriber, password);

    public static async Task<string> NewUser(this PortalHost portal, string role, string? password = Password)
    {
        var email = $"{Guid.NewGuid():n}@example.org";
        await using var scope = portal.Services.CreateAsyncScope();
        var invitations = scope.ServiceProvider.GetRequiredService<Invitations>();
        var user = await invitations.FindOrCreate(email, role);
        if (password is not null)
        {
            Assert.True((await invitations.Accept(user, password)).Succeeded);
            if (role != Roles.Subscriber)
            {
                Apps[email] = await scope.ServiceProvider.GiveApp(user);
            }
        }

        return email;
    }

    /// <summary>Turns two-factor sign-in on for this person.</summary>
    public static async Task<AuthenticatorApp> GiveApp(this IServiceProvider services, User user)
    {
        var users = services.GetRequiredService<UserManager<User>>();
        Assert.True((await users.ResetAuthenticatorKeyAsync(user)).Succeeded);
        Assert.True((await users.SetTwoFactorEnabledAsync(user, true)).Succeeded);
        var clock = services.GetRequiredService<Clock>();
        return new AuthenticatorApp((await users.GetAuthenticatorKeyAsync(user))!, () => clock.Now);
    }

    /// <summary>Signs this person out everywhere.</summary>
    public static async Task EndEverySignIn(this PortalHost portal, string email)
    {
        await using var scope = portal.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        Assert.True((await users.UpdateSecurityStampAsync((await users.FindByEmailAsync(email))!)).Succeeded);
    }

    public static async Task Invite(this PortalHost portal, string email)
    {
        await using var scope = portal.Services.CreateAsyncScope();
        var invitations = scope.ServiceProvider.GetRequiredService<Invitations>();
        await invitations.Send(await invitations.FindOrCreate(email, Roles.Subscriber));
    }

    public static async Task<User> Find(this PortalHost portal, string email)
    {
        await using var scope = portal.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<UserManager<User>>().FindByEmailAsync(email))!;
    }

    /// <summary>The latest mail to this person with this subject; waits for it, as delivery happens behind the request.</summary>
    public static async Task<MailMessage> MailTo(this PortalHost portal, string email, string subject)
    {
        var mailbox = portal.Services.GetRequiredService<DevMailbox>();
        MailMessage? found = null;
        await Eventually.Holds(() => (found = mailbox.Mails.FirstOrDefault(received => received.Mail.To == email && received.Mail.Subject.StartsWith(subject, StringComparison.Ordinal))?.Mail) is not null,
            $"a mail '{subject}' to {email}");
        return found!;
    }

    /// <summary>How many mails with this subject have come to this person.</summary>
    public static int MailsTo(this PortalHost portal, string email, string subject) =>
        portal.Services.GetRequiredService<DevMailbox>().Mails.Count(received => received.Mail.To == email && received.Mail.Subject.StartsWith(subject, StringComparison.Ordinal));

    public static string Link(this MailMessage mail) =>
        mail.Text.Split('\n').First(line => line.StartsWith("http", StringComparison.Ordinal)).Trim();
}
