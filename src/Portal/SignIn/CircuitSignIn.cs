using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Data;

namespace Portal.SignIn;

/// <summary>
/// An open page outlives its request. Twice a minute it asks whether the sign-in still counts: a new password or a removed role
/// gives the user a new stamp, and the page is signed out.
/// </summary>
public sealed class CircuitSignIn(ILoggerFactory loggers, IDbContextFactory<PortalDb> databases, IOptions<IdentityOptions> identity)
    : RevalidatingServerAuthenticationStateProvider(loggers)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    protected override TimeSpan RevalidationInterval => Interval;

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        var claims = identity.Value.ClaimsIdentity;
        var id = authenticationState.User.FindFirstValue(claims.UserIdClaimType);
        var stamp = authenticationState.User.FindFirstValue(claims.SecurityStampClaimType);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Users.AnyAsync(user => user.Id == id && user.SecurityStamp == stamp, cancellationToken);
    }
}
