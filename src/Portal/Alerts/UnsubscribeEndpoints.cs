using System.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Accounts;

namespace Portal.Alerts;

/// <summary>
/// `/unsubscribe/{token}`: to look shows a button and changes nothing, because mail programs open links by themselves; to post turns mails of that
/// kind off. Nobody has to be signed in. The POST asks for no antiforgery token: the receiver's mail server sends it (RFC 8058), which has
/// never seen the page; no cookie counts here, and whoever knows the link may use it from anywhere.
/// </summary>
public static class UnsubscribeEndpoints
{
    private const string Path = "/unsubscribe/{token}";

    public static void MapUnsubscribe(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        // Said as IResult, because what writes the handlers when Portal is built does not see the types that Razor makes then.
        app.MapGet(Path, IResult (string token, UnsubscribeLinks links, HttpContext context) =>
            Page(context, links.Read(token) is var (_, kind) ? new UnsubscribeState.Asks(kind) : new UnsubscribeState.Unknown()));
        app.MapPost(Path, Post).DisableAntiforgery();
    }

    private static async Task<IResult> Post(string token, UnsubscribeLinks links, AccountDoor door, HttpContext context)
    {
        if (links.Read(token) is not var (account, kind))
        {
            return Page(context, new UnsubscribeState.Unknown());
        }
        try
        {
            await door.Submit(new StopAlertMail(account, kind, Activity.Current?.TraceId.ToString()));
            return Page(context, new UnsubscribeState.Done(kind));
        }
        catch (DoorBusyException)
        {
            // The mail server, or the person, asks once more.
            return Page(context, new UnsubscribeState.Busy());
        }
    }

    private static RazorComponentResult<UnsubscribePage> Page(HttpContext context, UnsubscribeState state)
    {
        context.Response.Headers.CacheControl = "no-store";
        return new RazorComponentResult<UnsubscribePage>(new { State = state })
        {
            StatusCode = state switch { UnsubscribeState.Unknown => StatusCodes.Status404NotFound, UnsubscribeState.Busy => StatusCodes.Status503ServiceUnavailable, _ => StatusCodes.Status200OK },
        };
    }
}
