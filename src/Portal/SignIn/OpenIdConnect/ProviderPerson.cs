using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;

namespace Portal.SignIn.OpenIdConnect;

/// <summary>
/// Someone as the provider knows them. Issuer and subject say who it is; all else is what the provider says about them.
/// </summary>
/// <param name="At">When they came from there.</param>
/// <param name="LinkFor">The person here who asked, on their profile, to be linked; null at a sign-in.</param>
public sealed record ProviderPerson(string Issuer, string Subject, string? Email, bool EmailIsVerified, bool PassedSecondFactor, DateTimeOffset At, string? LinkFor)
{
    /// <summary>The key by which the way to the provider and back carries <see cref="LinkFor"/>.</summary>
    public const string LinkForItem = "link-for";

    /// <summary>What they would know themselves by.</summary>
    public string Name => Email ?? Subject;

    /// <summary>Reads what the cookie of who came carries; null if there is none.</summary>
    public static ProviderPerson? Read(AuthenticateResult external)
    {
        ArgumentNullException.ThrowIfNull(external);
        return external is { Succeeded: true, Principal: { } who, Properties: { IssuedUtc: { } at } properties }
            && who.FindFirstValue("iss") is { Length: > 0 } issuer && who.FindFirstValue("sub") is { Length: > 0 } subject
            ? new ProviderPerson(
                issuer,
                subject,
                who.FindFirstValue("email"),
                bool.TryParse(who.FindFirstValue("email_verified"), out var verified) && verified,
                who.FindAll("amr").Any(claim => claim.Value == "mfa"),
                at,
                properties.Items.TryGetValue(LinkForItem, out var user) ? user : null)
            : null;
    }
}
