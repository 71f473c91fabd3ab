namespace Portal.Api;

/// <summary>`/health/live`: the process answers. `/health/ready`: it may be sent requests. No detail: anyone may ask.</summary>
internal static class HealthApi
{
    public static string Live() => "live";

    public static async Task Ready(HttpContext context, Readiness readiness)
    {
        if (await readiness.IsReady(context.RequestAborted))
        {
            await context.Response.WriteAsync("ready");
            return;
        }
        await Problem.Busy("Portal is not ready.").Write(context);
    }
}
