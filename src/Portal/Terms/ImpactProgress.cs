using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data;

namespace Portal.Terms;

/// <summary>
/// An impact that is being worked out, for every instance to see. The row is there as long as it runs, and is written anew about once a second by the instance that works; one that falls
/// silent has died, and whoever asks next takes its place.
/// </summary>
public sealed class ImpactProgress
{
    /// <summary>What has said nothing for so long was interrupted.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    /// <summary>Of which version or proposal.</summary>
    public string Subject { get; init; } = "";

    /// <summary>Which working-out: one that was taken for dead and is not, finds that the row is another's.</summary>
    public Guid Run { get; init; }

    public int Accounts { get; init; }

    public int Done { get; init; }

    public long Steps { get; init; }

    /// <summary>When it said so.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Whether somebody asked it to stop.</summary>
    public bool IsStopped { get; init; }

    /// <summary>Takes the one place that there is for an impact of a subject, in the caller's transaction; <c>false</c> if somebody is at it. The caller holds the lock of all terms.</summary>
    internal static async Task<bool> Claim(PortalDb db, string subject, Guid run, DateTimeOffset now)
    {
        var silent = now - Silence;
        await db.Set<ImpactProgress>().Where(p => p.Subject == subject && p.At <= silent).ExecuteDeleteAsync();
        if (await db.Set<ImpactProgress>().AnyAsync(p => p.Subject == subject))
        {
            return false;
        }
        db.Add(new ImpactProgress { Subject = subject, Run = run, At = now });
        return true;
    }
}

internal sealed class ImpactProgressTable : IEntityTypeConfiguration<ImpactProgress>
{
    private const int LongestSubject = 64;

    public void Configure(EntityTypeBuilder<ImpactProgress> builder)
    {
        builder.ToTable("impact_progress").HasKey(p => p.Subject);
        builder.Property(p => p.Subject).HasMaxLength(LongestSubject);
    }
}
