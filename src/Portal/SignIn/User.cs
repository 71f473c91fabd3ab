using Microsoft.AspNetCore.Identity;

namespace Portal.SignIn;

/// <summary>Someone who signs in. What they may do is their roles'; which account is theirs says the account.</summary>
public sealed class User : IdentityUser
{
    /// <summary>The latest thirty seconds, counted from 1970, of which a code of the person's authenticator app was used; neither it nor an older one works again.</summary>
    public long? LastCodeStep { get; set; }
}
