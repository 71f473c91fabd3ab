using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Portal.Data;
using Portal.SignIn.Limits;
using Portal.SignIn.Passkeys;
using Portal.SignIn.Sessions;

namespace Portal.SignIn.TwoFactor;

/// <summary>The sign-in, stricter for staff: who has only a passkey is asked for it after the password too, and no device is remembered.</summary>
public sealed class TwoFactorSignIn(
    UserManager<User> users, IHttpContextAccessor contexts, IUserClaimsPrincipalFactory<User> claims, IOptions<IdentityOptions> options,
    ILogger<SignInManager<User>> logger, IAuthenticationSchemeProvider schemes, IUserConfirmation<User> confirmation,
    PortalDb db, SessionBook sessions, KnownDevices devices, StaffDuty duty, PasskeyUse passkeys, Clock clock)
    : SessionSignIn(users, contexts, claims, options, logger, schemes, confirmation, db, sessions, devices, duty, clock)
{
    private readonly StaffDuty staffDuty = duty;

    public override async Task<bool> IsTwoFactorEnabledAsync(User user) =>
        await base.IsTwoFactorEnabledAsync(user) || (await IsStaff(user) && (await UserManager.GetPasskeysAsync(user)).Count > 0);

    public override async Task<bool> IsTwoFactorClientRememberedAsync(User user) =>
        !await IsStaff(user) && await base.IsTwoFactorClientRememberedAsync(user);

    /// <summary>Whether this person may not be without a second factor.</summary>
    public async Task<bool> IsStaff(User user) => staffDuty.Binds(user, await UserManager.GetRolesAsync(user));

    /// <summary>
    /// Signs in someone for whom the provider spoke: as after a right password, unless the provider asked for a second factor and is
    /// trusted with that.
    /// </summary>
    public async Task<SignInResult> ProviderSignIn(User user, string provider, bool passedSecondFactor)
    {
        if (await PreSignInCheck(user) is { } refused)
        {
            return refused;
        }

        if (!passedSecondFactor)
        {
            return await SignInOrTwoFactorAsync(user, isPersistent: false, provider);
        }

        await SignInWithClaimsAsync(user, new AuthenticationProperties(), [new Claim(ClaimTypes.AuthenticationMethod, provider), PassedSecondFactor]);
        return SignInResult.Success;
    }

    /// <summary>
    /// Signs in whoever's device answers the challenge of this browser; null if nobody. It was unlocked for that, by a finger, a face or a PIN,
    /// so it is two factors and no more is asked for. Identity's own sign-in would call it one, and would let in who is locked out.
    /// </summary>
    public async Task<User?> PasskeySignIn(string credentialJson, bool staySignedIn)
    {
        if (await Shown(credentialJson) is not { Succeeded: true, User: var user, Passkey: var passkey })
        {
            return null;
        }

        if (await PreSignInCheck(user) is not null)
        {
            await passkeys.Refused(user);
            return null;
        }

        if (!await passkeys.Store(user, passkey, credentialJson))
        {
            return null;
        }

        await SignInWithClaimsAsync(user, new AuthenticationProperties { IsPersistent = staySignedIn }, [new Claim(ClaimTypes.AuthenticationMethod, "passkey"), PassedSecondFactor]);
        return user;
    }

    public override async Task<SignInResult> PasskeySignInAsync(string credentialJson) =>
        await PasskeySignIn(credentialJson, staySignedIn: false) is null ? SignInResult.Failed : SignInResult.Success;

    /// <summary>Keeps this browser's session after a change that ended all others. The person has just shown a second factor.</summary>
    public async Task StaySignedIn(User user)
    {
        var now = await Context.AuthenticateAsync(IdentityConstants.ApplicationScheme);
        Claim[] kept = now.Principal?.FindFirst(ClaimTypes.AuthenticationMethod) is { } method ? [PassedSecondFactor, method] : [PassedSecondFactor];
        await GoOn(() => SignInWithClaimsAsync(user, now.Properties, kept));
    }

    private async Task<PasskeyAssertionResult<User>?> Shown(string credentialJson)
    {
        try
        {
            return await PerformPasskeyAssertionAsync(credentialJson);
        }
        catch (InvalidOperationException)
        {
            // This browser has no challenge, or no longer.
            return null;
        }
    }
}
