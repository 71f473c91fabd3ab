namespace Portal.SignIn;

/// <summary>
/// Work that waits until the answer has gone out. Whatever depends on whether an address is known (a mail, a count of failures) is done
/// here, so that neither the answer nor the time it takes says whose addresses we know.
/// </summary>
public static class AfterAnswer
{
    /// <summary>Does the work in a scope of its own; what fails is logged by the server as a failure of the request.</summary>
    public static void Do(HttpContext context, Func<IServiceProvider, Task> work)
    {
        ArgumentNullException.ThrowIfNull(context);
        var scopes = context.RequestServices.GetRequiredService<IServiceScopeFactory>();
        context.Response.OnCompleted(async () =>
        {
            await using var scope = scopes.CreateAsyncScope();
            await work(scope.ServiceProvider);
        });
    }
}
