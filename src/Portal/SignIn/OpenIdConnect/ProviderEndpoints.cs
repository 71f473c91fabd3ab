using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Portal.SignIn.OpenIdConnect;

/// <summary>The ways to the provider, which are POSTs of our own forms, and the way back.</summary>
internal static partial class ProviderEndpoints
{
    private const string Profile = "/profile/sign-in-with";

    public static async Task<IResult> SignIn(HttpContext context, IAntiforgery antiforgery, ILogger<ProviderSignIn> logger)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return NotOurForm();
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var next = QueryHelpers.AddQueryString("/sign-in/provider/done", "returnUrl", ReturnUrl.Local(form["returnUrl"]));
        return await ToTheProvider(context, new AuthenticationProperties { RedirectUri = next }, logger);
    }

    /// <summary>Links from the profile, for who knows the password. A wrong one counts towards the lock of the second step, which also closes this page.</summary>
    public static async Task<IResult> Link(HttpContext context, IAntiforgery antiforgery, Viewer viewer, UserManager<User> users, ILogger<ProviderSignIn> logger)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return NotOurForm();
        }

        if (await viewer.Who(context.User) is not { Actor.UserId: { } id } || await users.FindByIdAsync(id) is not { } user)
        {
            return TypedResults.LocalRedirect($"/sign-in?returnUrl={Profile}");
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (form["password"].ToString() is not { Length: <= PasswordRule.MostUnits } password || !await users.CheckPasswordAsync(user, password))
        {
            await users.AccessFailedAsync(user);
            return TypedResults.LocalRedirect($"{Profile}?done=wrong-password");
        }

        await users.ResetAccessFailedCountAsync(user);
        var properties = new AuthenticationProperties { RedirectUri = "/sign-in/provider/done" };
        properties.Items[ProviderPerson.LinkForItem] = id;
        return await ToTheProvider(context, properties, logger);
    }

    public static async Task<RedirectHttpResult> Done(ProviderSignIn provider, AfterSignIn afterSignIn, string? returnUrl) =>
        TypedResults.LocalRedirect(await provider.Arrive() switch
        {
            Arrival.SignedIn { User: var user } => await afterSignIn.Next(user, returnUrl),
            Arrival.NeedsSecondFactor => AfterSignIn.SecondStep(returnUrl, staySignedIn: false),
            Arrival.Unknown => LinkPage.Address,
            Arrival.Linked => $"{Profile}?done=linked",
            Arrival.LinkedOtherwise => $"{Profile}?done=otherwise",
            Arrival.Locked => FailedPage.Address(Failure.Locked),
            Arrival.Nobody => FailedPage.Address(Failure.Refused),
            var other => throw new InvalidOperationException($"The arrival {other} leads nowhere."),
        });

    /// <summary>
    /// Browsers hold what a form leads to, redirects too, to our policy (form-action 'self'), and a provider may lead on to yet other sites.
    /// So the form is answered with a page, and the page goes on.
    /// </summary>
    private static async Task<IResult> ToTheProvider(HttpContext context, AuthenticationProperties properties, ILogger logger)
    {
        try
        {
            await context.ChallengeAsync(ProviderSetup.Scheme, properties);
        }
        catch (Exception down) when (down is InvalidOperationException or HttpRequestException or OpenIdConnectProtocolException or OperationCanceledException)
        {
            // Its configuration could not be read, or it did not take what we asked for.
            LogDown(logger, down.Message);
            return TypedResults.LocalRedirect(FailedPage.Address(Failure.Down));
        }

        var address = context.Response.Headers.Location.ToString();
        context.Response.Headers.Location = default;
        context.Response.StatusCode = StatusCodes.Status200OK;
        return new RazorComponentResult<ToProvider>(new { Address = address });
    }

    private static ContentHttpResult NotOurForm() =>
        TypedResults.Text("This did not come from Portal's own page; reload the page and try again. Nothing was changed.", statusCode: StatusCodes.Status400BadRequest);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The OpenID Connect provider cannot be asked to sign anybody in: {Why}")]
    private static partial void LogDown(ILogger logger, string why);
}
