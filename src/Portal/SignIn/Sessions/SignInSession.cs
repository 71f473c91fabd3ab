using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.SignIn.Sessions;

/// <summary>What ended a session.</summary>
public enum SessionEnd
{
    /// <summary>The person signed out in this browser.</summary>
    SignedOut,

    /// <summary>The person ended it on their page of sessions.</summary>
    EndedByOwner,

    /// <summary>"Sign out everywhere".</summary>
    Everywhere,

    /// <summary>Another password.</summary>
    Password,

    /// <summary>Another e-mail address.</summary>
    Email,

    /// <summary>A role was taken away.</summary>
    Role,

    /// <summary>An administrator ended it.</summary>
    ByAdmin,

    /// <summary>The person is locked out.</summary>
    Locked,

    /// <summary>It was not used for too long.</summary>
    Unused,

    /// <summary>It lasted as long as one may.</summary>
    TooOld,

    /// <summary>Something else about the sign-in was changed: a second factor, for example.</summary>
    Changed,
}

/// <summary>
/// One sign-in of one browser, from signing in to signing out. The cookie carries only its id: what it may do, and whether it still
/// counts, stands here. Rows stay for a month after their end, so that an old page can say why it was closed.
/// </summary>
public sealed class SignInSession
{
    /// <summary>The claim by which the cookie carries the id.</summary>
    public const string Claim = "session";

    public string Id { get; init; } = "";

    public string UserId { get; init; } = "";

    public DateTimeOffset SignedInAt { get; init; }

    /// <summary>When it was last used, to within a minute: being exact would cost a write a request.</summary>
    public DateTimeOffset LastSeenAt { get; set; }

    /// <summary>When it ends unless it is used before then.</summary>
    public DateTimeOffset LastsUntil { get; set; }

    /// <summary>When it ends, used or not.</summary>
    public DateTimeOffset EndsAt { get; init; }

    /// <summary>Whether the person chose to stay signed in on this device.</summary>
    public bool Remembered { get; init; }

    /// <summary>How they signed in, in words for the person: "password".</summary>
    public string Method { get; init; } = "";

    /// <summary>Whether it passed a second factor, without which staff roles do not count in it (see <see cref="StaffDuty"/>, also for who may do without).</summary>
    public bool PassedSecondFactor { get; set; }

    /// <summary>The browser and the system, in words for the person: "Firefox on Linux".</summary>
    public string Device { get; init; } = "";

    /// <summary>The person's security stamp at the time. Whatever gives the person a new one ends the session, whether or not it knows of sessions.</summary>
    public string Stamp { get; set; } = "";

    public DateTimeOffset? EndedAt { get; private set; }

    public SessionEnd? EndedBy { get; private set; }

    /// <summary>Ends it; what ended it first stays.</summary>
    public void End(SessionEnd why, DateTimeOffset now)
    {
        if (EndedAt is null)
        {
            (EndedAt, EndedBy) = (now, why);
        }
    }
}

internal sealed class SignInSessionTable : IEntityTypeConfiguration<SignInSession>
{
    public void Configure(EntityTypeBuilder<SignInSession> builder)
    {
        builder.ToTable("sessions").HasKey(s => s.Id);
        builder.Property(s => s.Id).HasMaxLength(36);
        builder.Property(s => s.Method).HasMaxLength(64);
        builder.Property(s => s.Device).HasMaxLength(64);
        builder.Property(s => s.EndedBy).HasConversion<string>();
        builder.HasOne<User>().WithMany().HasForeignKey(s => s.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
