using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.SignIn.Passkeys;

/// <summary>
/// A challenge that a passkey has answered. Identity keeps the challenge in a cookie of five minutes, and whoever had the cookie and the
/// answer could send both again in that time; so each that was answered is kept here until nobody could.
/// </summary>
public sealed class UsedChallenge
{
    /// <summary>Longer than any challenge lasts.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    public string Hash { get; init; } = "";

    public DateTimeOffset UsedAt { get; init; }

    /// <summary>The challenge of an answer that Identity has found right, so it is there.</summary>
    public static UsedChallenge Of(string credentialJson, DateTimeOffset now)
    {
        using var credential = JsonDocument.Parse(credentialJson);
        var clientData = WebEncoders.Base64UrlDecode(credential.RootElement.GetProperty("response").GetProperty("clientDataJSON").GetString()!);
        using var data = JsonDocument.Parse(clientData);
        var challenge = WebEncoders.Base64UrlDecode(data.RootElement.GetProperty("challenge").GetString()!);
        return new UsedChallenge { Hash = Convert.ToHexStringLower(SHA256.HashData(challenge)), UsedAt = now };
    }
}

internal sealed class UsedChallengeTable : IEntityTypeConfiguration<UsedChallenge>
{
    public void Configure(EntityTypeBuilder<UsedChallenge> builder)
    {
        builder.ToTable("used_challenges").HasKey(c => c.Hash);
        builder.Property(c => c.Hash).HasMaxLength(64);
    }
}
