using System.Diagnostics;
using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.SignIn.Sessions;
using Portal.SignIn.ViewAs;

namespace Portal.SignIn;

/// <summary>Who acts and for whom.</summary>
/// <param name="Actor">Who acts. Also while they view as, it is the staff member.</param>
/// <param name="Roles">The roles that count now. Whoever views as is a subscriber and nothing else.</param>
/// <param name="Account">The subject: the account that is theirs, the first by key should they have several; while they view as, the one that they look at.</param>
/// <param name="ViewAs">What they look at, if the subject is not their own. Then they may change nothing: the door and every other write refuse it.</param>
public sealed record Acting(Actor Actor, IReadOnlyList<string> Roles, string? Account, ViewAsSession? ViewAs = null)
{
    public bool Is(string role) => Roles.Contains(role);
}

/// <summary>
/// Answers who looks at a page, prerendered or live. It asks the database each time, because a cookie and a circuit remember
/// what was true when they began.
/// </summary>
public sealed class Viewer(AuthenticationStateProvider authentication, IDbContextFactory<PortalDb> databases, SessionBook sessions, StaffDuty duty, Clock clock)
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
        List<string> counting = [.. StaffDuty.In(session, roles)];
        var actor = Actor.User(id, Activity.Current?.TraceId.ToString(), sessionId);
        if (counting.Contains(Roles.Support) && await db.ViewsThatCount(duty, clock.Now).AsNoTracking().SingleOrDefaultAsync(view => view.Session == sessionId, cancellation) is { } view)
        {
            return new Acting(actor, [Roles.Subscriber], view.Account, view);
        }

        var account = await db.Set<Ledger.Account>().Where(account => account.Owner == id)
            .OrderBy(account => account.Key).Select(account => account.Key).FirstOrDefaultAsync(cancellation);
        return new Acting(actor, counting, account);
    }
}
