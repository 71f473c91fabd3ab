using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.Mail;
using Portal.Settings;
using Portal.SignIn.Limits;
using Portal.Terms;

namespace Portal.SignIn.Register;

/// <summary>
/// How a stranger becomes a subscriber, where the provider has said on which plan. First a link goes to the address; whoever has it sets a
/// password, and only then is anything stored. So nobody can fill the database with addresses, or take one that is another's.
/// </summary>
public sealed class Registrations(
    PortalDb db, UserManager<User> users, Invitations invitations, AccountOpener opener, PriceBooks prices, Mailer mailer, MailLimits limits, Links links,
    IDataProtectionProvider protection, PortalSettings settings, Clock clock, ILogger<Registrations> log)
{
    /// <summary>Letters and digits that nobody mixes up.</summary>
    private const string KeyLetters = "abcdefghijkmnpqrstuvwxyz23456789";

    private readonly IDataProtector protector = protection.CreateProtector("Portal.Registration");

    private string Plan => settings.SignIn.Register.DefaultPlan;

    /// <summary>Whether strangers may register.</summary>
    public async Task<bool> AreOpen()
    {
        if (Plan == "")
        {
            return false;
        }

        var known = (await prices.InForce(db, default)).HasPlan(Plan, clock.Now);
        if (!known)
        {
            log.LogError("Portal:SignIn:Register:DefaultPlan is '{Plan}', which no plan is called; nobody can register", Plan);
        }

        return known;
    }

    /// <summary>Mails a link; who has a sign-in already is told of the try instead. Done after the answer.</summary>
    public async Task Ask(string email)
    {
        if (!limits.MaySendLink(email) || !await AreOpen())
        {
            return;
        }

        switch (await users.FindByEmailAsync(email))
        {
            case null:
                mailer.Send(new MailMessage(email, $"Your registration at {settings.Brand.ProviderName}", Text(Link(email))));
                break;
            case { PasswordHash: null } invited:
                await invitations.Send(invited);
                break;
            default:
                mailer.Send(new MailMessage(email, "Someone tried to register with your address", HasOne()));
                break;
        }
    }

    /// <summary>The address that the link confirms; null when it is used up, too old or made up.</summary>
    public async Task<string?> Asked(string? code) => Address(code) is { } email && await users.FindByEmailAsync(email) is null ? email : null;

    /// <summary>
    /// Makes the person and their account. Fails with the errors of the password; with none if somebody has the address by now.
    /// </summary>
    public async Task<IdentityResult> Accept(string email, string password)
    {
        var user = new User { UserName = email, Email = email, EmailConfirmed = true };
        var registration = new Registration { UserId = user.Id, Account = RandomNumberGenerator.GetString(KeyLetters, 16), Plan = Plan };
        db.Add(new IdentityUserRole<string> { UserId = user.Id, RoleId = Roles.Subscriber });
        db.Add(registration);
        db.Add(SignInAudit.Record("Register", user.Id, clock.Now, SignInAudit.Self(user.Id), after: new { account = registration.Account, plan = Plan }));
        try
        {
            var result = await users.CreateAsync(user, password);
            if (result.Succeeded)
            {
                await OpenAccount();
            }

            return result.Errors.All(error => error.Code.StartsWith("Duplicate", StringComparison.Ordinal)) && !result.Succeeded ? IdentityResult.Failed() : result;
        }
        catch (DbUpdateException)
        {
            // The same link, or another for the same address, at the same moment: the unique index let one in.
            return IdentityResult.Failed();
        }
    }

    private async Task OpenAccount()
    {
        try
        {
            await opener.Once();
        }
        catch (DoorBusyException busy)
        {
            log.LogWarning(busy, "The account of a new person is opened within a minute or so");
        }
    }

    private string Link(string email) => QueryHelpers.AddQueryString(
        links.To("/sign-in/register/confirm"), "code",
        WebEncoders.Base64UrlEncode(protector.Protect(Encoding.UTF8.GetBytes($"{clock.Now.AddMinutes(settings.SignIn.ResetLinkMinutes):O}\n{email}"))));

    private string? Address(string? code)
    {
        try
        {
            var text = Encoding.UTF8.GetString(protector.Unprotect(WebEncoders.Base64UrlDecode(code ?? "")));
            return text.Split('\n') is [var until, var email] && clock.Now < DateTimeOffset.Parse(until, CultureInfo.InvariantCulture) ? email : null;
        }
        catch (Exception made) when (made is CryptographicException or FormatException)
        {
            // Not of our making.
            return null;
        }
    }

    private string Text(string link) =>
        $"""
        Someone, perhaps you, wants to register with this address at {settings.Brand.ProviderName}.

        Set a password to go on:
        {link}

        The link works once, within {settings.SignIn.ResetLinkMinutes} minutes. If it was not you, do nothing; nothing is stored about you.
        """;

    private string HasOne() =>
        $"""
        Someone, perhaps you, tried to register with your address at {settings.Brand.ProviderName}. You have a sign-in already, so nothing was changed.

        If it was you, sign in:
        {links.To("/sign-in")}

        If you have forgotten your password, set a new one:
        {links.To("/sign-in/forgotten")}
        """;
}
