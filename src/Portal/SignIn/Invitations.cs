using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using MimeKit;
using Portal.Accounts;
using Portal.Data;
using Portal.Mail;
using Portal.Settings;

namespace Portal.SignIn;

/// <summary>
/// How someone gets a sign-in: a user without password, and a link by which its owner sets the first one. The link works once
/// (a password ends it) and for some days.
/// </summary>
public sealed class Invitations(IServiceScopeFactory scopes, UserManager<User> users, SignInChanges changes, Mailer mailer, Links links, PortalSettings settings)
{
    /// <summary>
    /// Whether mail can be sent there at all. Plain letters only: among all others are some that look or fold like these, and an address
    /// that is nearly another's must not become that person's. A domain with other letters has a name in plain ones (xn--...).
    /// </summary>
    public static bool IsAddress(string? email) =>
        email is { Length: <= 256 } && email.All(letter => letter is > ' ' and < '\x7f') && MailboxAddress.TryParse(email, out var mailbox) && mailbox.Address == email && email.Contains('@');

    /// <summary>
    /// The user of this address, with this role; made when missing. Two callers may come at once: who loses finds its write refused by
    /// a unique index, and looks again with a context that does not remember it.
    /// </summary>
    public async Task<User> FindOrCreate(string email, string role, Actor? by = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var scope = scopes.CreateAsyncScope();
            try
            {
                await Ensure(scope.ServiceProvider, email, role, by ?? Actor.Portal);
                return (await users.FindByEmailAsync(email))!;
            }
            catch (DbUpdateException) when (attempt < 5)
            {
                // Another caller wrote the same row.
            }
        }
    }

    /// <summary>Sends the invitation; to someone who has a password already there is nothing to send.</summary>
    public async Task Send(User user)
    {
        if (user.PasswordHash is null)
        {
            mailer.Send(new MailMessage(user.Email!, $"Your invitation to {settings.Brand.ProviderName}", Text(await Link(user))));
        }
    }

    /// <summary>The link by which the user sets a first password.</summary>
    public async Task<string> Link(User user) =>
        links.To("/sign-in/invitation", user.Id, await users.GenerateUserTokenAsync(user, InvitationTokens.Name, InvitationTokens.Purpose));

    /// <summary>Whether the link may still be used.</summary>
    public async Task<User?> Invited(string? id, string? code) =>
        await users.FindByIdAsync(id ?? "") is { PasswordHash: null } user
        && await users.VerifyUserTokenAsync(user, InvitationTokens.Name, InvitationTokens.Purpose, Links.Token(code))
            ? user
            : null;

    /// <summary>Sets the first password. Having read the mail, the address is confirmed.</summary>
    public Task<IdentityResult> Accept(User user, string password) =>
        changes.Save(user, "AcceptInvitation", SignInAudit.Self(user.Id), () =>
        {
            user.EmailConfirmed = true;
            return users.AddPasswordAsync(user, password);
        });

    /// <summary>The person, the role and the record of it are stored at once.</summary>
    private static async Task Ensure(IServiceProvider services, string email, string role, Actor by)
    {
        var (users, db, now) = (services.GetRequiredService<UserManager<User>>(), services.GetRequiredService<PortalDb>(), services.GetRequiredService<Clock>().Now);
        var known = await users.FindByEmailAsync(email);
        if (known is not null && await users.IsInRoleAsync(known, role))
        {
            return;
        }

        var user = known ?? new User { UserName = email, Email = email };
        db.Add(SignInAudit.Record("GiveRole", user.Id, now, by, after: new { role }));
        if (known is null)
        {
            db.Add(new IdentityUserRole<string> { UserId = user.Id, RoleId = role });
            Demand(await users.CreateAsync(user));
        }
        else
        {
            Demand(await users.AddToRoleAsync(user, role));
        }
    }

    private string Text(string link) =>
        $"""
        {settings.Brand.ProviderName} has made an account for you.

        Set your password to sign in:
        {link}

        The link works once, within {settings.SignIn.InvitationLinkDays} days. If it no longer works, ask for a new one at:
        {links.To("/sign-in/forgotten")}
        """;

    private static void Demand(IdentityResult result)
    {
        if (result.Errors.Any(error => error.Code is nameof(IdentityErrorDescriber.DuplicateUserName) or nameof(IdentityErrorDescriber.DuplicateEmail) or nameof(IdentityErrorDescriber.UserAlreadyInRole)))
        {
            throw new DbUpdateException("Identity saw the other caller's row before the index did.");
        }

        if (!result.Succeeded)
        {
            throw new InvalidOperationException(string.Join(" ", result.Errors.Select(error => error.Description)));
        }
    }
}
