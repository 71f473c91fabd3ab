using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.SignIn.ViewAs;

/// <summary>What ended a view-as.</summary>
public enum ViewAsEnd
{
    /// <summary>The staff member pressed "End view-as".</summary>
    Staff,

    /// <summary>Its time was over.</summary>
    TimeOver,

    /// <summary>The subscriber forbade it.</summary>
    Forbidden,

    /// <summary>The staff member is no longer in the role Support, or it counts no longer.</summary>
    Role,

    /// <summary>The staff member's session ended.</summary>
    SignedOut,

    /// <summary>The account may no longer be looked at: it has another owner, or its owner became staff.</summary>
    Subject,
}

/// <summary>
/// Support looks at an account with the subscriber's eyes. It belongs to one session of one staff member: whatever that session asks for while the
/// row counts is asked for the subject, and nothing of it changes anything. The cookie knows nothing of it, so it ends wherever it stands open.
/// </summary>
public sealed class ViewAsSession
{
    /// <summary>The claim that stands on a request's user while it counts; never in a cookie.</summary>
    public const string Claim = "view-as";

    public const int ShortestReason = 15;
    public const int LongestReason = 500;
    public const int LongestTicket = 64;

    public string Id { get; init; } = "";

    /// <summary>The user who looks: the actor.</summary>
    public string Staff { get; init; } = "";

    /// <summary>The session in which they do.</summary>
    public string Session { get; init; } = "";

    /// <summary>The account that is looked at: the subject.</summary>
    public string Account { get; init; } = "";

    /// <summary>Whose account it was at the start.</summary>
    public string Owner { get; init; } = "";

    /// <summary>Why, in the staff member's words; the subscriber reads it.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The ticket that it is about.</summary>
    public string Ticket { get; init; } = "";

    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ends at the latest. Nothing moves it.</summary>
    public DateTimeOffset EndsAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public ViewAsEnd? EndedBy { get; init; }
}

/// <summary>A page that was looked at. The same page twice in a row is one look.</summary>
public sealed class ViewAsPage
{
    public const int LongestPath = 200;

    public long Id { get; init; }

    public string ViewAs { get; init; } = "";

    public DateTimeOffset At { get; init; }

    /// <summary>Its path, without what stood behind it.</summary>
    public string Path { get; init; } = "";
}

internal sealed class ViewAsTables : IEntityTypeConfiguration<ViewAsSession>, IEntityTypeConfiguration<ViewAsPage>
{
    /// <summary>One open row a session: of two starts at once one finds the other's.</summary>
    public void Configure(EntityTypeBuilder<ViewAsSession> builder)
    {
        builder.ToTable("view_as_sessions").HasKey(v => v.Id);
        builder.Property(v => v.Id).HasMaxLength(36);
        builder.Property(v => v.Account).HasMaxLength(64);
        builder.Property(v => v.Reason).HasMaxLength(ViewAsSession.LongestReason);
        builder.Property(v => v.Ticket).HasMaxLength(ViewAsSession.LongestTicket);
        builder.Property(v => v.EndedBy).HasConversion<string>();
        builder.HasIndex(v => v.Session).IsUnique().HasFilter("ended_at IS NULL").HasDatabaseName("ix_view_as_open");
        builder.HasIndex(v => new { v.Account, v.StartedAt });
        builder.HasIndex(v => new { v.Session, v.StartedAt });
    }

    public void Configure(EntityTypeBuilder<ViewAsPage> builder)
    {
        builder.ToTable("view_as_pages").HasKey(p => p.Id);
        builder.Property(p => p.Id).ValueGeneratedOnAdd();
        builder.Property(p => p.Path).HasMaxLength(ViewAsPage.LongestPath);
        builder.HasIndex(p => new { p.ViewAs, p.Id });
        builder.HasOne<ViewAsSession>().WithMany().HasForeignKey(p => p.ViewAs).OnDelete(DeleteBehavior.Cascade);
    }
}
