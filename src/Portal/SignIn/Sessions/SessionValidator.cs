using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.Options;

namespace Portal.SignIn.Sessions;

/// <summary>
/// Looks at the cookie of every request: its session must still count. Identity's own look, twice a minute, renews what the cookie
/// says about roles.
/// </summary>
public sealed class SessionValidator(IOptions<SecurityStampValidatorOptions> options, SignInManager<User> signIn, ILoggerFactory loggers, SessionBook sessions)
    : SecurityStampValidator<User>(options, signIn, loggers)
{
    private static readonly object WhyItem = new();

    /// <summary>Why this request's cookie does not count, if it has one that did.</summary>
    public static SessionEnd? WhySignedOut(HttpContext context) => context.Items[WhyItem] as SessionEnd?;

    public override async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is not null)
        {
            // The same file for everybody; a page asks for several of them at once.
            return;
        }

        var id = context.Principal?.FindFirstValue(SignInSession.Claim);
        if (!await sessions.Counts(id))
        {
            context.HttpContext.Items[WhyItem] = id is null ? null : await sessions.WhyOver(id);
            context.RejectPrincipal();
            await SignInManager.SignOutAsync();
            return;
        }

        await base.ValidateAsync(context);
    }

    /// <summary>The renewed cookie keeps what only the sign-in knew.</summary>
    public static Task KeepSession(SecurityStampRefreshingPrincipalContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        string[] kept = [SignInSession.Claim, ClaimTypes.AuthenticationMethod, "amr"];
        context.NewPrincipal?.Identities.First().AddClaims(context.CurrentPrincipal?.Claims.Where(claim => kept.Contains(claim.Type)) ?? []);
        return Task.CompletedTask;
    }
}
