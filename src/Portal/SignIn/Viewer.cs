using System.Diagnostics;
using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.SignIn.Sessions;

namespace Portal.SignIn;

/// <summary>Who acts (the actor, with the roles that count now) and for whom (the subject: the account that is theirs, the first by key should they have several).</summary>
public sealed record Acting(Actor Actor, IReadOnlyList<string> Roles, string? Account)
{
    public bool Is(string role) => Roles.Contains(role);
}

/// <summary>
/// Answers who looks at a page, prerendered or live. It asks the database each time, because a cookie and a circuit remember
/// what was true when they began.
/// </summary>
public sealed class Viewer(AuthenticationStateProvider authentication, IDbContextFactory<PortalDb> databases, SessionBook sessions, StaffDuty duty)
{
    /// <summary>The viewer of this page; null when nobody is signed in, or the sign-in no longer counts.</summary>
    public async Task<Acting?> Who(CancellationToken cancellation = default) =>
        await Who((await authentication.GetAuthenticationStateAsync()).User, cancellation);

    /// <summary>The same for an endpoint, which has its user from the request.</summary>
    public async Task<Acting?> Who(ClaimsPrincipal user, CancellationToken cancellation = default)
    {
        if (user.FindFirstValue(SignInSession.Claim) is not { } sessionId || await sessions.Use(sessionId, cancellation) is not { UserId: var id } session)
        {
            return null;
        }

        await using var db = await databases.CreateDbContextAsync(cancellation);
        var roles = await duty.CountingRoles(db).Where(role => role.User == id).Select(role => role.Name).ToListAsync(cancellation);
        var account = await db.Set<Ledger.Account>().Where(account => account.Owner == id)
            .OrderBy(account => account.Key).Select(account => account.Key).FirstOrDefaultAsync(cancellation);
        return new Acting(Actor.User(id, Activity.Current?.TraceId.ToString(), sessionId), [.. StaffDuty.In(session, roles)], account);
    }
}
