using Microsoft.AspNetCore.Identity;

namespace Portal.SignIn;

/// <summary>Someone who signs in. What they may do is their roles'; which account is theirs says the account.</summary>
public sealed class User : IdentityUser;
