namespace Portal.Security;

/// <summary>
/// What a browser sends with a cookie must come from Portal's own pages: every request that changes something, and everything of
/// the circuit (a websocket is a GET, and no browser asks before it opens one to another site). The API is called with keys, which
/// no browser adds by itself, so it may be called from anywhere. A request without Origin comes from no browser that could be tricked.
/// </summary>
public sealed class SameOrigin(RequestDelegate next, ILogger<SameOrigin> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (!MustBeOurs(request) || IsOurs(request))
        {
            await next(context);
            return;
        }

        logger.LogWarning("Refused {Method} {Path}: it came from {Origin}.", request.Method, request.Path, request.Headers.Origin.ToString());
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync("This request came from another site. Nothing was changed.");
    }

    private static bool MustBeOurs(HttpRequest request)
    {
        if (request.Path.StartsWithSegments("/_blazor"))
        {
            return true;
        }

        var isSafe = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method);
        return !isSafe && !IsApi(request);
    }

    /// <summary>Whether a program calls, with a key.</summary>
    internal static bool IsApi(HttpRequest request) => request.Path.StartsWithSegments("/v1") || request.Path.StartsWithSegments("/api/v1");

    private static bool IsOurs(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        if (origin != "")
        {
            return string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
        }

        return request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none";
    }
}
