using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;

namespace Portal.SignIn.Passkeys;

/// <summary>
/// Where passkeys.js gets what the browser asks the device: the challenge goes out here and, in a cookie, with the browser. What the device
/// answers comes back by the form of the page. An answer that is no JSON is a sentence for the person.
/// </summary>
internal static class PasskeyEndpoints
{
    public static async Task<ContentHttpResult> SignIn(HttpContext context, IAntiforgery antiforgery, SignInManager<User> signIn) =>
        await antiforgery.IsRequestValidAsync(context)
            ? TypedResults.Content(await signIn.MakePasskeyRequestOptionsAsync(user: null), "application/json")
            : TooOld();

    public static async Task<ContentHttpResult> Add(HttpContext context, IAntiforgery antiforgery, Viewer viewer, UserManager<User> users, PasskeyChanges changes)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return TooOld();
        }

        if (await viewer.Who(context.User) is not { Actor: { UserId: { } id } actor } || await users.FindByIdAsync(id) is not { } user)
        {
            return TypedResults.Text("You are signed out. Sign in and come back to this page.");
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        return await changes.Propose(user, actor, form["Input.Password"], form["Input.Code"]) switch
        {
            PasskeyOutcome.Proposed { Options: var options } => TypedResults.Content(options, "application/json"),
            var refused => TypedResults.Text(PasskeyWords.Of(refused)),
        };
    }

    private static ContentHttpResult TooOld() =>
        TypedResults.Text("This page is too old. Load it again and repeat what you want to do.", statusCode: StatusCodes.Status400BadRequest);
}
