using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Api.Keys;

/// <summary>
/// A subscriber's own key: it reads one account and changes nothing. It ends when it is revoked, when its time is up, and when whoever made
/// it is gone or no longer owns the account. The secret is shown once and kept as its hash.
/// </summary>
public sealed class PersonalToken
{
    /// <summary>The readable beginning of the secret, by which records name the token.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>SHA-256 of the secret.</summary>
    public string Hash { get; init; } = "";

    /// <summary>The secret's last four letters, by which its owner knows it.</summary>
    public string LastFour { get; init; } = "";

    /// <summary>What its owner calls it.</summary>
    public string Name { get; init; } = "";

    /// <summary>The account that it reads.</summary>
    public string Account { get; init; } = "";

    /// <summary>The user who made it.</summary>
    public string Owner { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The first instant at which it no longer counts.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>When it was last used, to within some minutes: being exact would cost a write a request.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }
}

internal sealed class PersonalTokenTable : IEntityTypeConfiguration<PersonalToken>
{
    public void Configure(EntityTypeBuilder<PersonalToken> builder)
    {
        builder.ToTable("personal_tokens").HasKey(t => t.Prefix);
        builder.Property(t => t.Prefix).HasMaxLength(64);
        builder.Property(t => t.Hash).HasMaxLength(64);
        builder.Property(t => t.LastFour).HasMaxLength(4);
        builder.Property(t => t.Name).HasMaxLength(64);
        builder.Property(t => t.Account).HasMaxLength(64);
        builder.HasIndex(t => t.Hash).IsUnique();
        builder.HasIndex(t => t.Account);
    }
}
