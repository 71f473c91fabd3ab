using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;

namespace Portal.SignIn.ViewAs;

/// <summary>`POST /view-as/end`: ends what this session looks at. With an antiforgery token, like every form.</summary>
internal static class ViewAsEndpoint
{
    public static async Task<IResult> End(HttpContext context, IAntiforgery antiforgery, Viewer viewer, ViewAsBook book, SignInManager<User> signIn, UserManager<User> users)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return TypedResults.Text("This did not come from Portal's own page; reload the page and try again.", statusCode: StatusCodes.Status400BadRequest);
        }
        if (await viewer.Who(context.User) is { Actor: { UserId: { } id } actor } && await users.FindByIdAsync(id) is { } user)
        {
            await book.End(actor);
            await signIn.RefreshSignInAsync(user);
        }
        return TypedResults.LocalRedirect(ViewableAttribute.Over);
    }
}
