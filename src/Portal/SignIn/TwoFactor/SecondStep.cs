using System.Diagnostics;
using Microsoft.AspNetCore.Identity;
using Portal.Accounts;
using Portal.Mail;
using Portal.Settings;

namespace Portal.SignIn.TwoFactor;

/// <summary>What became of the second step of a sign-in.</summary>
public enum SecondStepOutcome
{
    SignedIn,

    /// <summary>Wrong, or used before.</summary>
    Wrong,

    Locked,

    /// <summary>The password was given too long ago, or in another browser.</summary>
    Expired,
}

/// <summary>
/// The second step after a right password: a code of the app, or a recovery code. Wrong ones count like wrong passwords, in one count,
/// so that nobody gets more tries by going to and fro.
/// </summary>
public sealed class SecondStep(TwoFactorSignIn signIn, UserManager<User> users, SignInChanges changes, SecurityMail mail, Mailer mailer, Links links, PortalSettings settings)
{
    /// <summary>Whose second step this browser is at; null when it is at none.</summary>
    public Task<User?> Whose() => signIn.GetTwoFactorAuthenticationUserAsync();

    public async Task<SecondStepOutcome> WithCode(string? code, bool staySignedIn, bool rememberDevice)
    {
        if (await Whose() is not { } user)
        {
            return SecondStepOutcome.Expired;
        }

        var wasLocked = await users.IsLockedOutAsync(user);
        var result = await signIn.TwoFactorAuthenticatorSignInAsync(AuthenticatorCodes.Typed(code), staySignedIn, rememberDevice && !await signIn.IsStaff(user));
        return result.Succeeded ? SecondStepOutcome.SignedIn : result.IsLockedOut ? Locked(user, wasLocked) : SecondStepOutcome.Wrong;
    }

    /// <summary>Redeems a recovery code. Identity counts no wrong ones, so this does.</summary>
    public async Task<SecondStepOutcome> WithRecoveryCode(string? code)
    {
        if (await Whose() is not { } user)
        {
            return SecondStepOutcome.Expired;
        }

        if (await users.IsLockedOutAsync(user))
        {
            return SecondStepOutcome.Locked;
        }

        var redeemed = await changes.Save(user, "UseRecoveryCode", Actor.User(user.Id, Activity.Current?.TraceId.ToString()), async () =>
            (await signIn.TwoFactorRecoveryCodeSignInAsync(RecoveryCodes.Hash(code ?? ""))).Succeeded ? IdentityResult.Success : IdentityResult.Failed());
        if (redeemed.Succeeded)
        {
            mail.Tell(user, "A recovery code was used", $"Someone signed in with one of your recovery codes. {await users.CountRecoveryCodesAsync(user)} are left.");
            return SecondStepOutcome.SignedIn;
        }

        // What failed left nothing loaded behind.
        var counted = (await users.FindByIdAsync(user.Id))!;
        await users.AccessFailedAsync(counted);
        return await users.IsLockedOutAsync(counted) ? Locked(counted, wasLocked: false) : SecondStepOutcome.Wrong;
    }

    private SecondStepOutcome Locked(User user, bool wasLocked)
    {
        if (!wasLocked)
        {
            mailer.Send(new MailMessage(
                user.Email!,
                "Your sign-in is locked for a while",
                $"""
                Someone, perhaps you, entered your password at {settings.Brand.ProviderName} and then wrong codes. Nothing was opened, and sign-in waits for {settings.SignIn.LockoutMinutes} minutes.

                If it was not you, they know your password. Set another:
                {links.To("/sign-in/forgotten")}
                """));
        }

        return SecondStepOutcome.Locked;
    }
}
