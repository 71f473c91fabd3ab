using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.SignIn.Sessions;
using Portal.SignIn.ViewAs;

namespace Portal.SignIn;

/// <summary>
/// Takes staff roles that do not count off the request's user, so that every policy and every [Authorize] sees what counts. What a
/// cookie says was true when it was made. Whoever views as is, for every policy and every [Authorize], a subscriber and nothing else.
/// </summary>
public sealed class StaffClaims(StaffDuty duty, IDbContextFactory<PortalDb> databases, Clock clock) : IClaimsTransformation
{
    /// <summary>Stands on a user whose staff role was taken off.</summary>
    public const string Owed = "owes-second-factor";

    public async Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
    {
        if (!StaffDuty.StaffRoles.Any(principal.IsInRole))
        {
            return principal;
        }

        var (counting, viewAs) = await Counting(principal.FindFirstValue(SignInSession.Claim));
        var kept = principal.Clone();
        if (viewAs is not null)
        {
            BecomeViewer(kept, viewAs);
            return kept;
        }

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

    private static void BecomeViewer(ClaimsPrincipal principal, string viewAs)
    {
        foreach (var who in principal.Identities)
        {
            foreach (var role in who.FindAll(who.RoleClaimType).ToList())
            {
                who.RemoveClaim(role);
            }
        }

        var first = principal.Identities.First();
        first.AddClaim(new Claim(first.RoleClaimType, Roles.Subscriber));
        first.AddClaim(new Claim(ViewAsSession.Claim, viewAs));
    }

    private async Task<(List<string> Roles, string? ViewAs)> Counting(string? sessionId)
    {
        await using var db = await databases.CreateDbContextAsync();
        if (await db.Set<SignInSession>().AsNoTracking().SingleOrDefaultAsync(session => session.Id == sessionId) is not { } session)
        {
            return ([], null);
        }

        var roles = await duty.CountingRoles(db).Where(role => role.User == session.UserId).Select(role => role.Name).ToListAsync();
        List<string> counting = [.. StaffDuty.In(session, roles)];
        return (counting, counting.Contains(Roles.Support) ? await db.ViewsThatCount(duty, clock.Now).Where(view => view.Session == sessionId).Select(view => view.Id).SingleOrDefaultAsync() : null);
    }
}
