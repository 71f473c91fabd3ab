using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Portal.SignIn.Sessions;

namespace Portal.SignIn;

/// <summary>Ends this browser's session, and with it every page that is open in it. A POST with an antiforgery token, so that no other site can do it.</summary>
public static class SignOut
{
    public static async Task<Results<RedirectHttpResult, ContentHttpResult>> Post(
        HttpContext context, IAntiforgery antiforgery, SignInManager<User> signIn, Viewer viewer, UserManager<User> users, SignInChanges changes)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return TypedResults.Text("This sign-out did not come from Portal's own page; reload the page and try again.", statusCode: StatusCodes.Status400BadRequest);
        }

        if (await viewer.Who(context.User) is { Actor: { UserId: { } id, Session: { } session } actor } && await users.FindByIdAsync(id) is { } user)
        {
            await changes.EndSession(user, session, SessionEnd.SignedOut, actor);
        }

        await signIn.SignOutAsync();
        return TypedResults.LocalRedirect("/sign-in?done=out");
    }
}
