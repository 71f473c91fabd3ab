using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Portal.SignIn;

/// <summary>Tokens of invitations. They live for days, where those that reset a password live for an hour.</summary>
public sealed class InvitationTokens(IDataProtectionProvider protection, IOptions<InvitationTokens.Lifespan> options, ILogger<DataProtectorTokenProvider<User>> logger)
    : DataProtectorTokenProvider<User>(protection, options, logger)
{
    public new const string Name = "Invitation";

    public const string Purpose = "Invitation";

    public sealed class Lifespan : DataProtectionTokenProviderOptions
    {
        public Lifespan() => Name = InvitationTokens.Name;
    }
}
