using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.SignIn.Sessions;

namespace Portal.SignIn;

/// <summary>
/// Takes staff roles that do not count off the request's user, so that every policy and every [Authorize] sees what counts. What a
/// cookie says was true when it was made.
/// </summary>
public sealed class StaffClaims(StaffDuty duty, IDbContextFactory<PortalDb> databases) : IClaimsTransformation
{
    /// <summary>Stands on a user whose staff role was taken off.</summary>
    public const string Owed = "owes-second-factor";

    public async Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
    {
        if (!StaffDuty.StaffRoles.Any(principal.IsInRole))
        {
            return principal;
        }

        var counting = await Counting(principal.FindFirstValue(SignInSession.Claim));
        var kept = principal.Clone();
        foreach (var who in kept.Identities)
        {
            foreach (var role in who.FindAll(who.RoleClaimType).Where(role => StaffDuty.StaffRoles.Contains(role.Value) && !counting.Contains(role.Value)).ToList())
            {
                who.RemoveClaim(role);
                who.AddClaim(new Claim(Owed, role.Value));
            }
        }

        return kept;
    }

    private async Task<List<string>> Counting(string? sessionId)
    {
        await using var db = await databases.CreateDbContextAsync();
        if (await db.Set<SignInSession>().AsNoTracking().SingleOrDefaultAsync(session => session.Id == sessionId) is not { } session)
        {
            return [];
        }

        var roles = await duty.CountingRoles(db).Where(role => role.User == session.UserId).Select(role => role.Name).ToListAsync();
        return [.. StaffDuty.In(session, roles)];
    }
}
