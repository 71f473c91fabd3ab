using Microsoft.AspNetCore.Identity;
using Portal.SignIn.Limits;

namespace Portal.SignIn;

/// <summary>What became of an address and a password.</summary>
public enum PasswordOutcome
{
    Refused,

    /// <summary>The password is right, and a second factor is asked for.</summary>
    NeedsSecondFactor,

    SignedIn,
}

/// <summary>
/// Signs in by address and password. Every failure (unknown address, wrong password, no password yet, waiting, locked) gives the same
/// answer after the same work, so that nobody learns who is a customer: one look for the person, one at their failures, one password
/// checked. What follows from a failure follows after the answer.
/// </summary>
public sealed class PasswordSignIn(UserManager<User> users, SignInManager<User> signIn, IPasswordHasher<User> hasher, PasswordFailures failures, KnownDevices devices)
{
    private static readonly User nobody = new();
    private static readonly string nobodysHash = new PasswordHasher<User>().HashPassword(nobody, Guid.NewGuid().ToString());

    public async Task<PasswordOutcome> Try(string email, string password, bool remember)
    {
        var user = await users.FindByEmailAsync(email);
        var mustWait = await failures.MustWait(user?.Id) && devices.Of(signIn.Context, email) is null;
        if (user?.PasswordHash is null || mustWait || await users.IsLockedOutAsync(user))
        {
            hasher.VerifyHashedPassword(nobody, nobodysHash, password);
            return PasswordOutcome.Refused;
        }

        var result = await signIn.PasswordSignInAsync(user, password, remember, lockoutOnFailure: false);
        if (result.Succeeded || result.RequiresTwoFactor)
        {
            await failures.Forget(user.Id, alsoTheWait: false);
        }
        else
        {
            AfterAnswer.Do(signIn.Context, services => services.GetRequiredService<PasswordFailures>().Count(user.Id));
        }

        return result.Succeeded ? PasswordOutcome.SignedIn : result.RequiresTwoFactor ? PasswordOutcome.NeedsSecondFactor : PasswordOutcome.Refused;
    }
}
