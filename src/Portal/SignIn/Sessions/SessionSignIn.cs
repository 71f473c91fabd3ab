using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Portal.Data;
using Portal.SignIn.Limits;

namespace Portal.SignIn.Sessions;

/// <summary>
/// Identity's sign-in, which also opens a session: whichever way somebody came in, every way ends in
/// <see cref="SignInWithClaimsAsync(User, AuthenticationProperties?, IEnumerable{Claim})"/>.
/// </summary>
public class SessionSignIn(
    UserManager<User> users, IHttpContextAccessor contexts, IUserClaimsPrincipalFactory<User> claims, IOptions<IdentityOptions> options,
    ILogger<SignInManager<User>> logger, IAuthenticationSchemeProvider schemes, IUserConfirmation<User> confirmation,
    PortalDb db, SessionBook sessions, KnownDevices devices, StaffDuty duty, Clock clock)
    : SignInManager<User>(users, contexts, claims, options, logger, schemes, confirmation)
{
    /// <summary>The session says when it is over. The cookie lasts longer, so that whoever comes back is told why they are signed out.</summary>
    private static readonly TimeSpan CookieOutlives = TimeSpan.FromDays(7);

    /// <summary>On a sign-in that passed a second factor, as Identity writes it.</summary>
    protected static Claim PassedSecondFactor { get; } = new("amr", "mfa");

    /// <summary>What the session says about how the person came in, unless a provider or a passkey is named.</summary>
    private string way = "password";

    /// <summary>The session that goes on, while a cookie is only written anew.</summary>
    private string? goesOn;

    public override async Task SignInWithClaimsAsync(User user, AuthenticationProperties? authenticationProperties, IEnumerable<Claim> additionalClaims)
    {
        ArgumentNullException.ThrowIfNull(user);
        var properties = authenticationProperties ?? new AuthenticationProperties();
        List<Claim> withSession = [.. additionalClaims];
        var provider = withSession.Find(claim => claim.Type == ClaimTypes.AuthenticationMethod)?.Value;
        var passed = duty.MayDoWithout(user) || withSession.Exists(claim => claim.Type == PassedSecondFactor.Type && claim.Value == PassedSecondFactor.Value);
        var session = await GoingOn(user, passed) ?? await Open(user, properties, provider ?? way, passed);
        devices.Remember(Context, user);
        withSession.Add(new Claim(SignInSession.Claim, session.Id));
        await base.SignInWithClaimsAsync(user, properties, withSession);
    }

    /// <summary>Writes this browser's cookie anew, after a change that ended all other sessions; this one goes on.</summary>
    public override Task RefreshSignInAsync(User user) => GoOn(() => base.RefreshSignInAsync(user));

    /// <summary>A sign-in that opens no session, because the one of this browser goes on.</summary>
    protected async Task GoOn(Func<Task> signIn)
    {
        ArgumentNullException.ThrowIfNull(signIn);
        goesOn = Context.User.FindFirstValue(SignInSession.Claim);
        await signIn();
        goesOn = null;
    }

    public override Task<SignInResult> TwoFactorAuthenticatorSignInAsync(string code, bool isPersistent, bool rememberClient)
    {
        way = "password and code";
        return base.TwoFactorAuthenticatorSignInAsync(code, isPersistent, rememberClient);
    }

    public override Task<SignInResult> TwoFactorRecoveryCodeSignInAsync(string recoveryCode)
    {
        way = "password and recovery code";
        return base.TwoFactorRecoveryCodeSignInAsync(recoveryCode);
    }

    /// <summary>Whatever way somebody goes out, the browser is asked to forget what it kept of their pages.</summary>
    public override async Task SignOutAsync()
    {
        await base.SignOutAsync();
        Context.Response.Headers["Clear-Site-Data"] = "\"cache\", \"storage\"";
    }

    private async Task<SignInSession?> GoingOn(User user, bool passed)
    {
        if (goesOn is null || await db.FindAsync<SignInSession>(goesOn) is not { EndedAt: null } session || session.UserId != user.Id)
        {
            return null;
        }

        session.Stamp = user.SecurityStamp ?? "";
        session.PassedSecondFactor |= passed;
        await db.SaveChangesAsync();
        return session;
    }

    private async Task<SignInSession> Open(User user, AuthenticationProperties properties, string method, bool passed)
    {
        var session = await sessions.Open(db, user, properties.IsPersistent, method, Context.Request.Headers.UserAgent.ToString());
        session.PassedSecondFactor = passed;
        db.Add(SignInAudit.Record("SignIn", user.Id, clock.Now, after: new { session = session.Id, method, remembered = session.Remembered }));
        await db.SaveChangesAsync();
        properties.ExpiresUtc = session.EndsAt + CookieOutlives;
        return session;
    }
}
