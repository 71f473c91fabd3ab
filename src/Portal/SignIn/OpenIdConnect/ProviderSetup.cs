using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Portal.Settings;
using Portal.SignIn.Limits;

namespace Portal.SignIn.OpenIdConnect;

/// <summary>The framework's OpenID Connect: code flow with PKCE, state and nonce. What comes back wrong ends on our page and changes nothing.</summary>
internal static class ProviderSetup
{
    public const string Scheme = "provider";

    /// <summary>
    /// The cookie of who came from the provider. Not Identity's external one: a second step deletes that, and whoever is to confirm a link
    /// passes one in between.
    /// </summary>
    public const string PersonScheme = "provider-person";

    public const string Callback = "/sign-in/provider/callback";

    /// <summary>How long someone who came from the provider has to sign in here too and confirm the link.</summary>
    private static readonly TimeSpan LinkWithin = TimeSpan.FromMinutes(15);

    public static void AddProvider(this WebApplicationBuilder builder, OpenIdConnectSettings settings)
    {
        builder.Services.AddScoped<ProviderSignIn>();
        builder.Services.AddScoped<ProviderLinks>();
        if (!settings.IsOn())
        {
            return;
        }

        var plain = builder.Environment.IsDevelopment();
        if (!plain)
        {
            settings.CheckOutsideDevelopment();
        }

        builder.Services.AddAuthentication()
            .AddOpenIdConnect(Scheme, settings.DisplayName, options => Set(options, settings, plain))
            .AddCookie(PersonScheme, options =>
            {
                options.ExpireTimeSpan = LinkWithin;
                options.SlidingExpiration = false; // It says when the person came back, too.
                Set(options.Cookie, "provider", plain);
            });
    }

    public static void MapProvider(this WebApplication app)
    {
        if (app.Services.GetRequiredService<PortalSettings>().SignIn.OpenIdConnect.IsOn())
        {
            app.MapPost("/sign-in/provider", ProviderEndpoints.SignIn).WithMetadata(new LimitedAttribute());
            app.MapGet("/sign-in/provider/done", ProviderEndpoints.Done);
            app.MapPost("/profile/sign-in-with/link", ProviderEndpoints.Link).WithMetadata(new LimitedAttribute());
        }
    }

    private static void Set(OpenIdConnectOptions options, OpenIdConnectSettings settings, bool plain)
    {
        options.Authority = settings.Authority;
        options.ClientId = settings.ClientId;
        options.ClientSecret = settings.ClientSecret;
        options.RequireHttpsMetadata = !plain;
        options.BackchannelTimeout = TimeSpan.FromSeconds(10);
        options.CallbackPath = Callback;
        options.SignInScheme = PersonScheme;
        options.ResponseType = OpenIdConnectResponseType.Code;
        options.ResponseMode = OpenIdConnectResponseMode.Query; // A POST from another site would bring no cookie of ours.
        options.UsePkce = true;
        options.SaveTokens = false;
        options.DisableTelemetry = true;
        options.Scope.Clear();
        foreach (var scope in new[] { "openid", "email", "profile" })
        {
            options.Scope.Add(scope);
        }

        options.MapInboundClaims = false;
        options.GetClaimsFromUserInfoEndpoint = true;
        options.ClaimActions.Remove("iss"); // Which the framework would drop; a login is issuer and subject.
        options.ClaimActions.MapUniqueJsonKey("email_verified", "email_verified");
        Set(options.CorrelationCookie, "provider-state.", plain);
        Set(options.NonceCookie, "provider-nonce.", plain);
        options.Events.OnTokenValidated = context =>
        {
            // The framework takes an unsigned token in the code flow, because TLS brought it. We do not.
            if (context.SecurityToken.RawSignature is null or "")
            {
                context.Fail("The ID token is not signed.");
            }

            return Task.CompletedTask;
        };
        options.Events.OnAccessDenied = context =>
        {
            context.Response.Redirect(FailedPage.Address(Failure.Cancelled));
            context.HandleResponse();
            return Task.CompletedTask;
        };
        options.Events.OnRemoteFailure = context =>
        {
            context.Response.Redirect(FailedPage.Address(IsOutage(context.Failure) ? Failure.Down : Failure.Refused));
            context.HandleResponse();
            return Task.CompletedTask;
        };
    }

    /// <summary>Named like all of Portal's cookies. Lax: the provider's answer is a page that another site leads to.</summary>
    private static void Set(CookieBuilder cookie, string name, bool plain)
    {
        cookie.Name = $"{(plain ? "" : "__Host-")}portal-{name}";
        cookie.Path = "/";
        cookie.HttpOnly = true;
        cookie.SameSite = SameSiteMode.Lax;
        cookie.SecurePolicy = plain ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always;
    }

    /// <summary>Whether the provider did not answer, rather than answer wrongly.</summary>
    private static bool IsOutage(Exception? failure) =>
        failure is not null && (failure is HttpRequestException or IOException or OperationCanceledException || IsOutage(failure.InnerException));
}
