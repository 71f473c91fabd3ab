using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Portal.Accounts;
using Portal.SignIn.Sessions;

namespace Portal.SignIn.TwoFactor;

/// <summary>What became of turning two-factor sign-in on or off, or of asking for new recovery codes.</summary>
public abstract record TwoFactorOutcome
{
    /// <summary>Done. The recovery codes, where there are new ones, can be shown now and never again.</summary>
    public sealed record Done(IReadOnlyList<string> RecoveryCodes) : TwoFactorOutcome;

    public sealed record WrongCode : TwoFactorOutcome;

    public sealed record WrongPassword : TwoFactorOutcome;

    /// <summary>Staff keep a second factor, and this is their last.</summary>
    public sealed record LastOfStaff : TwoFactorOutcome;

    /// <summary>It was on, or off, already; or the key that was shown is too old.</summary>
    public sealed record Stale : TwoFactorOutcome;
}

/// <summary>
/// Turns codes of an authenticator app on and off for a person. The key is stored when a first code shows that the app has it, not
/// before: until then it travels in the page's form, sealed for this person and half an hour.
/// </summary>
public sealed class TwoFactorSwitch(
    UserManager<User> users, IUserStore<User> store, TwoFactorSignIn signIn, AuthenticatorCodes codes, RecoveryCodes recovery,
    SignInChanges changes, SecurityMail mail, IDataProtectionProvider protection)
{
    private static readonly TimeSpan proposalLasts = TimeSpan.FromMinutes(30);

    /// <summary>A new key for the person's app, sealed.</summary>
    public string Propose(User user) => Seal(user).Protect(AuthenticatorKey.New(), proposalLasts);

    /// <summary>The key in a seal; null when the seal is too old, another person's or made up.</summary>
    public string? Proposed(User user, string? sealedKey)
    {
        try
        {
            return string.IsNullOrEmpty(sealedKey) ? null : Seal(user).Unprotect(sealedKey);
        }
        catch (CryptographicException)
        {
            // Not our seal, or no longer.
            return null;
        }
    }

    /// <summary>Turns it on, with the first code of the app. Every other sign-in of the person ends.</summary>
    public async Task<TwoFactorOutcome> TurnOn(User user, Actor by, string? sealedKey, string? code)
    {
        if (user.TwoFactorEnabled || Proposed(user, sealedKey) is not { } key)
        {
            return new TwoFactorOutcome.Stale();
        }

        if (!await codes.Use(user, key, AuthenticatorCodes.Typed(code)))
        {
            return new TwoFactorOutcome.WrongCode();
        }

        user.TwoFactorEnabled = true;
        await Keys.SetAuthenticatorKeyAsync(user, key, CancellationToken.None);
        return await Save(user, by, "TurnOnTwoFactor", await recovery.Replace(user),
            "Two-factor sign-in is on", "Two-factor sign-in was turned on: from now on a code of the authenticator app is asked for after the password.");
    }

    /// <summary>Turns it off, for who knows the password (if there is one) and has a code.</summary>
    public async Task<TwoFactorOutcome> TurnOff(User user, Actor by, string? password, string? code)
    {
        if (!user.TwoFactorEnabled)
        {
            return new TwoFactorOutcome.Stale();
        }

        if (await signIn.IsStaff(user) && (await users.GetPasskeysAsync(user)).Count == 0)
        {
            return new TwoFactorOutcome.LastOfStaff();
        }

        if (await Refusal(user, code, password) is { } refusal)
        {
            return refusal;
        }

        user.TwoFactorEnabled = false;
        await Keys.SetAuthenticatorKeyAsync(user, "", CancellationToken.None);
        await recovery.Clear(user);
        return await Save(user, by, "TurnOffTwoFactor", [],
            "Two-factor sign-in is off", "Two-factor sign-in was turned off: the password alone signs in now. The recovery codes no longer work.");
    }

    /// <summary>Ten new recovery codes, for who has a code of the app. The old ones end.</summary>
    public async Task<TwoFactorOutcome> NewRecoveryCodes(User user, Actor by, string? code)
    {
        if (!user.TwoFactorEnabled)
        {
            return new TwoFactorOutcome.Stale();
        }

        if (await Refusal(user, code) is { } refusal)
        {
            return refusal;
        }

        return await Save(user, by, "NewRecoveryCodes", await recovery.Replace(user),
            "You have new recovery codes", "New recovery codes were made. The old ones no longer work.");
    }

    /// <summary>A wrong password or code counts towards the lock of the second step, which also closes this page: it is no place to try them out.</summary>
    private async Task<TwoFactorOutcome?> Refusal(User user, string? code, string? password = null)
    {
        var passwordFits = password is null || user.PasswordHash is null || await users.CheckPasswordAsync(user, password);
        if (passwordFits && await users.VerifyTwoFactorTokenAsync(user, TokenOptions.DefaultAuthenticatorProvider, AuthenticatorCodes.Typed(code)))
        {
            await users.ResetAccessFailedCountAsync(user);
            return null;
        }

        await users.AccessFailedAsync(user);
        return passwordFits ? new TwoFactorOutcome.WrongCode() : new TwoFactorOutcome.WrongPassword();
    }

    /// <summary>A new stamp ends every other session and every remembered device.</summary>
    private async Task<TwoFactorOutcome> Save(User user, Actor by, string action, IReadOnlyList<string> recoveryCodes, string subject, string what)
    {
        var saved = await changes.Save(user, action, by, () => users.UpdateSecurityStampAsync(user), SessionEnd.Changed, but: by.Session);
        if (!saved.Succeeded)
        {
            return new TwoFactorOutcome.Stale();
        }

        await signIn.StaySignedIn(user);
        mail.Tell(user, subject, what);
        return new TwoFactorOutcome.Done(recoveryCodes);
    }

    private ITimeLimitedDataProtector Seal(User user) => protection.CreateProtector("Portal.TwoFactor.Key", user.Id).ToTimeLimitedDataProtector();

    private IUserAuthenticatorKeyStore<User> Keys => (IUserAuthenticatorKeyStore<User>)store;
}
