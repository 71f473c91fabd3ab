using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Portal.SignIn.Sessions;

namespace Portal.SignIn;

/// <summary>
/// An open page outlives its request. Twice a minute it asks whether its session still counts; if not, the page is signed out, and goes to
/// the sign-in. (A command asks by itself, where it runs.)
/// </summary>
public sealed class CircuitSignIn(ILoggerFactory loggers, SessionBook sessions) : RevalidatingServerAuthenticationStateProvider(loggers)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    protected override TimeSpan RevalidationInterval => Interval;

    protected override Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(authenticationState);
        return sessions.Counts(authenticationState.User.FindFirstValue(SignInSession.Claim), cancellationToken);
    }
}
