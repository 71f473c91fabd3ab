using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;

namespace Portal.SignIn;

/// <summary>Ends this browser's sign-in. A POST with an antiforgery token, so that no other site can do it.</summary>
public static class SignOut
{
    public static async Task<Results<RedirectHttpResult, ContentHttpResult>> Post(HttpContext context, IAntiforgery antiforgery, SignInManager<User> signIn)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return TypedResults.Text("This sign-out did not come from Portal's own page; reload the page and try again.", statusCode: StatusCodes.Status400BadRequest);
        }

        await signIn.SignOutAsync();
        return TypedResults.LocalRedirect("/sign-in?done=out");
    }
}
