using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;

namespace Portal.SignIn.Passkeys;

/// <summary>A passkey as Identity keeps it, and when it was last used, which Identity does not keep.</summary>
public sealed class Passkey : IdentityUserPasskey<string>
{
    public DateTimeOffset? LastUsedAt { get; set; }

    /// <summary>How pages and audit records name it: short, and of no use to whoever wants to find the device.</summary>
    public string Id => IdOf(CredentialId);

    public static string IdOf(byte[] credentialId) => WebEncoders.Base64UrlEncode(SHA256.HashData(credentialId).AsSpan(0, 12));
}
