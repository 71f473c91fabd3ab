using System.Security.Claims;
using Microsoft.AspNetCore.StaticAssets;

namespace Portal.SignIn.ViewAs;

/// <summary>
/// What may be asked for while viewing as: pages of a subscriber that only show. Everything else is refused, so a page, an endpoint or a download is
/// closed to support's looks until somebody opens it here.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class ViewableAttribute : Attribute
{
    /// <summary>Where a request is led that is refused.</summary>
    public const string Over = "/view-as/over";

    /// <summary>Whether this user is somebody who views as; their cookie does not say so, see <see cref="StaffClaims"/>.</summary>
    public static bool IsViewing(ClaimsPrincipal user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return user.HasClaim(claim => claim.Type == ViewAsSession.Claim);
    }

    /// <summary>Refuses a request of somebody who views as, unless what it asks for is marked. To look leads to a page that says why; to write gets a sentence.</summary>
    internal static Task Guard(HttpContext context, RequestDelegate next)
    {
        if (!IsViewing(context.User) || MayBeAsked(context))
        {
            return next(context);
        }
        if (HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.Redirect(Over);
            return Task.CompletedTask;
        }
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsync("You view as somebody else, so nothing can be changed. Nothing was changed.", context.RequestAborted);
    }

    private static bool MayBeAsked(HttpContext context) =>
        context.GetEndpoint() is not { } endpoint
        || endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is not null
        || context.Request.Path.StartsWithSegments("/_blazor", StringComparison.Ordinal)
        || context.Request.Path.StartsWithSegments("/_framework", StringComparison.Ordinal)
        // A page takes no forms from somebody who views as; what is an endpoint of its own says itself which methods it has.
        || (endpoint.Metadata.GetMetadata<ViewableAttribute>() is not null
            && (HttpMethods.IsGet(context.Request.Method) || endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Components.Endpoints.ComponentTypeMetadata>() is null));
}
