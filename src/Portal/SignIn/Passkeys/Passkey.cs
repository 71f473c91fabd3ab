using Microsoft.AspNetCore.Identity;

namespace Portal.SignIn.Passkeys;

/// <summary>A passkey as Identity keeps it, and when it was last used, which Identity does not keep.</summary>
public sealed class Passkey : IdentityUserPasskey<string>
{
    public DateTimeOffset? LastUsedAt { get; set; }
}
