using Portal.Accounts;
using Portal.Data;

namespace Portal.Api;

/// <summary>
/// Every error of the API is a problem in the contract's form: also those of the framework (no such route, wrong method, broken
/// request) and those nobody expected, which are logged here, once, and told without their inside.
/// </summary>
internal sealed class ApiErrors(RequestDelegate next, ApiMethods methods, ILogger<ApiErrors> log)
{
    public static bool Covers(PathString path) =>
        path.StartsWithSegments("/v1") || path.StartsWithSegments("/api") || path.StartsWithSegments("/health") || path.StartsWithSegments("/openapi");

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception failure) when (!context.Response.HasStarted && ProblemOf(context, failure) is { } problem)
        {
            context.Response.Clear();
            await problem.Write(context);
            return;
        }
        var response = context.Response;
        if (response.StatusCode >= 400 && !response.HasStarted && response.ContentType is null && response.ContentLength is null)
        {
            await Bare(context).Write(context);
        }
    }

    private Problem? ProblemOf(HttpContext context, Exception failure)
    {
        switch (failure)
        {
            case DoorBusyException busy:
                return Problem.Busy(busy.Message);
            case NotAllowedException notAllowed:
                return Problem.Forbidden(notAllowed.Message);
            case BadHttpRequestException broken:
                return broken.StatusCode == 413 ? Problem.TooLarge("The request is larger than Portal takes.") : Problem.Invalid("The request broke off or is not valid HTTP.");
            case OperationCanceledException or IOException when context.RequestAborted.IsCancellationRequested:
                // Whoever asked has gone; there is nobody to tell.
                return Problem.Invalid("The request was given up.");
            case Exception away when away.IsDatabaseAway():
                log.LogWarning(away, "The database did not answer {Method} {Path}", context.Request.Method, context.Request.Path);
                return Problem.Busy("The database is not available. Repeat with the same id.");
            default:
                log.LogError(failure, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
                return Problem.Of(500, "failed", "Portal made an error.", "It was logged under the trace id. A repeat with the same id does no harm.");
        }
    }

    private Problem Bare(HttpContext context)
    {
        switch (context.Response.StatusCode)
        {
            // In Development the framework takes files for an answer to any GET, and then says "not found" where another method would do.
            case 404 or 405 when methods.Of(context.Request.Path) is { Count: > 0 } allowed:
                context.Response.Headers.Allow = string.Join(", ", allowed);
                return Problem.Of(405, "method_not_allowed", "The method is not allowed here.", "The header Allow lists the methods of this address.");
            case 404:
                return Problem.NotFound("There is no such address.");
            case 413:
                return Problem.TooLarge("The request is larger than Portal takes.");
            case 415:
                return Problem.UnsupportedMediaType("Send a content type that the OpenAPI document lists for this address.");
            case 400:
                return Problem.Invalid("The request could not be understood.");
            case var other:
                return Problem.Of(other, "invalid", "The request is not valid.", "The request could not be understood.");
        }
    }
}
