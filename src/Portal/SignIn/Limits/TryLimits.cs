using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.RateLimiting;
using Portal.Settings;
using Portal.Ui;

namespace Portal.SignIn.Limits;

/// <summary>
/// How often a limited form may be sent, by a network address and about a person. Counted in this instance's memory: several instances let
/// through as many times more, and the count of wrong passwords in the database (see <see cref="PasswordFailures"/>) is one for all.
/// </summary>
public static class TryLimits
{
    public static void AddTryLimits(this IServiceCollection services, SignInSettings settings)
    {
        services.AddScoped<KnownDevices>();
        services.AddSingleton<MailLimits>();
        services.AddRateLimiter(options =>
        {
            options.GlobalLimiter = PartitionedRateLimiter.CreateChained(
                PartitionedRateLimiter.Create<HttpContext, string>(context => Partition(Sent(context).Address, settings.TriesPerAddress, settings)),
                PartitionedRateLimiter.Create<HttpContext, string>(context => Partition(Sent(context).Person, settings.TriesPerPerson, settings)));
            options.OnRejected = async (rejected, _) => await Refuse(rejected);
        });
    }

    /// <summary>After the authentication, which knows who is signed in; only for limited forms, so that the API does not pay for it.</summary>
    public static void UseTryLimits(this WebApplication app) =>
        app.UseWhen(Attempt.IsLimited, limited =>
        {
            limited.Use(async (context, next) =>
            {
                context.Features.Set(await Attempt.Of(context));
                await next(context);
            });
            limited.UseRateLimiter();
        });

    private static Attempt Sent(HttpContext context) => context.Features.Get<Attempt>()!;

    private static RateLimitPartition<string> Partition(string? key, int tries, SignInSettings settings) => key is null
        ? RateLimitPartition.GetNoLimiter("")
        : RateLimitPartition.GetFixedWindowLimiter(key, _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = tries,
            Window = TimeSpan.FromMinutes(settings.TriesMinutes),
        });

    private static Task Refuse(OnRejectedContext rejected)
    {
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromMinutes(1);
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        rejected.HttpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return new RazorComponentResult<TooManyTries>(new { Seconds = seconds }) { StatusCode = StatusCodes.Status429TooManyRequests }.ExecuteAsync(rejected.HttpContext);
    }
}
