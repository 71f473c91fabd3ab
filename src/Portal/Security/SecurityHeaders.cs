using System.Security.Cryptography;

namespace Portal.Security;

/// <summary>
/// Headers of every answer, errors too (they are set when the answer starts, because an error page begins a new one). Scripts run
/// only with the request's nonce, which pages find in <c>HttpContext.Items["csp-nonce"]</c>. MudBlazor needs inline styles.
/// </summary>
public sealed class SecurityHeaders(RequestDelegate next)
{
    public const string NonceItem = "csp-nonce";

    public Task InvokeAsync(HttpContext context)
    {
        var nonce = RandomNumberGenerator.GetHexString(32, lowercase: true);
        context.Items[NonceItem] = nonce;
        context.Response.OnStarting(() =>
        {
            Set(context.Response, nonce);
            return Task.CompletedTask;
        });
        return next(context);
    }

    private static void Set(HttpResponse response, string nonce)
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy =
            $"default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
            + "base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        // Not no-referrer: with it browsers send "Origin: null" from our own forms.
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";

        // Static files say how long they keep; whatever else is someone's, and no cache may keep it.
        var isPage = response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) == true;
        if (isPage || headers.CacheControl.Count == 0)
        {
            headers.CacheControl = "no-store";
        }
    }
}
