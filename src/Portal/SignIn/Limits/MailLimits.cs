using System.Threading.RateLimiting;

namespace Portal.SignIn.Limits;

/// <summary>
/// How many mails a stranger can have sent to a person. Past the limit nothing is sent and nothing is said: the links of the mails that
/// were sent still work.
/// </summary>
public sealed class MailLimits : IDisposable
{
    private readonly PartitionedRateLimiter<string> links = Windows(3, TimeSpan.FromMinutes(15));
    private readonly PartitionedRateLimiter<string> warnings = Windows(1, TimeSpan.FromHours(12));

    /// <summary>Whether another link may go to this address.</summary>
    public bool MaySendLink(string email)
    {
        using var lease = links.AttemptAcquire(email.ToUpperInvariant());
        return lease.IsAcquired;
    }

    /// <summary>Whether this person may be warned again of the same.</summary>
    public bool MayWarn(string userId)
    {
        using var lease = warnings.AttemptAcquire(userId);
        return lease.IsAcquired;
    }

    public void Dispose()
    {
        links.Dispose();
        warnings.Dispose();
    }

    private static PartitionedRateLimiter<string> Windows(int mails, TimeSpan window) =>
        PartitionedRateLimiter.Create<string, string>(key => RateLimitPartition.GetFixedWindowLimiter(key, _ => new FixedWindowRateLimiterOptions { PermitLimit = mails, Window = window }));
}
