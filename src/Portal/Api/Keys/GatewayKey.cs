using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Api.Keys;

/// <summary>What a gateway key may do.</summary>
[Flags]
public enum KeyScopes
{
    None = 0,

    /// <summary>Tell usage events.</summary>
    Usage = 1,

    /// <summary>Authorize, settle, release.</summary>
    Authorize = 2,

    /// <summary>Create, change and close accounts.</summary>
    Accounts = 4,

    /// <summary>Read balances, entries, charges.</summary>
    Read = 8,

    All = Usage | Authorize | Accounts | Read,
}

/// <summary>A key of the provider's own systems; it acts for all accounts. The secret is shown once and kept as its hash.</summary>
public sealed class GatewayKey
{
    /// <summary>The readable beginning of the secret, by which people and entries name the key.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>SHA-256 of the secret. The secret is random and long, so a slow hash would only cost time.</summary>
    public string Hash { get; init; } = "";

    public string Name { get; init; } = "";

    public KeyScopes Scopes { get; set; }

    /// <summary>Requests a second; <c>null</c> for no limit.</summary>
    public int? RatePerSecond { get; init; }

    /// <summary>The key that this one takes the place of. Both work until the old one is revoked.</summary>
    public string? Replaces { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>When it was last used, to within some minutes: being exact would cost a write a request.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }
}

internal sealed class GatewayKeyTable : IEntityTypeConfiguration<GatewayKey>
{
    public void Configure(EntityTypeBuilder<GatewayKey> builder)
    {
        builder.ToTable("gateway_keys").HasKey(k => k.Prefix);
        builder.Property(k => k.Prefix).HasMaxLength(64);
        builder.Property(k => k.Hash).HasMaxLength(64);
        builder.Property(k => k.Name).HasMaxLength(256);
        builder.Property(k => k.Replaces).HasMaxLength(64);
        builder.Property(k => k.Scopes).HasConversion<string>();
        builder.HasIndex(k => k.Hash).IsUnique();
    }
}
