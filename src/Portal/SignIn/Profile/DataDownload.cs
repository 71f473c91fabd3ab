using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;
using Portal.Data;
using Portal.SignIn.Limits;

namespace Portal.SignIn.Profile;

/// <summary>`POST /profile/data/file`: the person's data as a file. Nothing is sent unless it is proved again that it is the person.</summary>
public static class DataDownload
{
    private const string Page = "/profile/data";

    /// <summary>Whoever comes back to the form's address, such as after too many tries, is led to the page that has the form.</summary>
    public static IResult Get() => TypedResults.LocalRedirect(Page);

    [Limited]
    public static async Task<IResult> Post(
        HttpContext context, IAntiforgery antiforgery, Viewer viewer, UserManager<User> users, ProofOfPerson proof, DataFile file, PortalDb db, Clock clock)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return TypedResults.Text("This request did not come from Portal's own page; reload the page and try again.", statusCode: StatusCodes.Status400BadRequest);
        }

        if (await viewer.Who(context.User) is not { Actor: { UserId: { } id } actor } || await users.FindByIdAsync(id) is not { } user)
        {
            return TypedResults.LocalRedirect($"/sign-in?returnUrl={Uri.EscapeDataString(Page)}");
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (!await proof.Holds(user, actor.Session, form["Input.Password"]))
        {
            return TypedResults.LocalRedirect($"{Page}?refused={(ProofOfPerson.AsksPassword(user) ? "Password" : "TooLongAgo")}");
        }

        var now = clock.Now;
        db.Add(SignInAudit.Record("DownloadData", user.Id, now, actor));
        await db.SaveChangesAsync(context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        var name = now.ToString("'my-data-'yyyy-MM-dd'.json'", CultureInfo.InvariantCulture);
        return TypedResults.Stream(body => file.Write(user, body, context.RequestAborted), "application/json", name);
    }
}
