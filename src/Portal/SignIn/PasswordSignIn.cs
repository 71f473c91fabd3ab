using Microsoft.AspNetCore.Identity;
using Portal.Mail;

namespace Portal.SignIn;

/// <summary>
/// Signs in by address and password. Every failure (unknown address, wrong password, no password yet, locked) gives the same answer
/// after the same work, so that nobody learns who is a customer. The owner of a locked sign-in is told by mail instead.
/// </summary>
public sealed class PasswordSignIn(UserManager<User> users, SignInManager<User> signIn, IPasswordHasher<User> hasher, Mailer mailer, Links links)
{
    private static readonly User nobody = new();
    private static readonly string nobodysHash = new PasswordHasher<User>().HashPassword(nobody, Guid.NewGuid().ToString());

    public async Task<bool> Try(string email, string password, bool remember)
    {
        var user = await users.FindByEmailAsync(email);
        if (user?.PasswordHash is null || await users.IsLockedOutAsync(user))
        {
            hasher.VerifyHashedPassword(nobody, nobodysHash, password);
            return false;
        }

        var result = await signIn.PasswordSignInAsync(user, password, remember, lockoutOnFailure: true);
        if (result.IsLockedOut)
        {
            mailer.Send(Locked(user));
        }

        return result.Succeeded;
    }

    private MailMessage Locked(User user) => new(
        user.Email!,
        "Your sign-in is locked for a while",
        $"""
        Someone, perhaps you, entered a wrong password for your sign-in several times. It is locked for a while, also for the right password.

        To sign in now, set a new password:
        {links.To("/sign-in/forgotten")}

        If it was not you, nothing was opened and you need not do anything.
        """);
}
