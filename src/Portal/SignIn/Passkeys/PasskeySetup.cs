using Microsoft.AspNetCore.Identity;
using Portal.Settings;
using Portal.SignIn.Limits;

namespace Portal.SignIn.Passkeys;

/// <summary>
/// What a passkey must be here: bound to the name in Portal:PublicUrl (or, where none is set, to the name that the browser asks for),
/// found by the device itself without an address being typed, and unlocked by its owner each time, which makes it two factors.
/// </summary>
internal static class PasskeySetup
{
    public static void AddPasskeys(this IServiceCollection services, PortalSettings settings)
    {
        services.AddScoped<PasskeyUse>();
        services.AddScoped<PasskeyChanges>();
        var ours = settings.PublicUrl == "" ? null : new Uri(settings.PublicUrl);
        services.Configure<IdentityPasskeyOptions>(options =>
        {
            options.ServerDomain = ours?.Host;
            options.UserVerificationRequirement = "required";
            options.ResidentKeyRequirement = "required";
            options.ValidateOrigin = asked => ValueTask.FromResult(IsOurs(asked, ours));
        });
    }

    public static void MapPasskeys(this WebApplication app)
    {
        app.MapPost("/sign-in/passkey-options", PasskeyEndpoints.SignIn).WithMetadata(new LimitedAttribute());
        app.MapPost("/profile/passkeys/options", PasskeyEndpoints.Add).WithMetadata(new LimitedAttribute());
    }

    /// <summary>Whether the browser was on our own page, and not in a frame of another site's.</summary>
    private static bool IsOurs(PasskeyOriginValidationContext asked, Uri? ours)
    {
        var request = asked.HttpContext.Request;
        var expected = ours ?? new Uri($"{request.Scheme}://{request.Host}");
        return !asked.CrossOrigin && asked.TopOrigin is null
            && Uri.TryCreate(asked.Origin, UriKind.Absolute, out var origin)
            && origin.GetLeftPart(UriPartial.Authority) == expected.GetLeftPart(UriPartial.Authority);
    }
}
