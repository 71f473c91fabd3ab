using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using Portal.Data;
using Portal.Settings;
using Portal.SignIn.Limits;
using Portal.SignIn.OpenIdConnect;
using Portal.SignIn.Passkeys;
using Portal.SignIn.Passwords;
using Portal.SignIn.Profile;
using Portal.SignIn.Register;
using Portal.SignIn.Sessions;
using Portal.SignIn.TwoFactor;
using Portal.SignIn.ViewAs;

namespace Portal.SignIn;

/// <summary>Identity on Portal's database: cookies, roles, lockout, links in mails.</summary>
public static class SignInSetup
{
    public static void AddSignIn(this WebApplicationBuilder builder, PortalSettings settings)
    {
        var services = builder.Services;
        services.AddAuthentication(options =>
            {
                options.DefaultScheme = IdentityConstants.ApplicationScheme;
                options.DefaultSignInScheme = IdentityConstants.ExternalScheme;
            })
            .AddIdentityCookies();
        // Before Identity's own, which it adds only where there is none.
        services.AddScoped<IPasswordHasher<User>, NormalizedHasher>();
        services.AddScoped<IPasswordValidator<User>, PasswordCheck>();
        services.AddIdentityCore<User>(options => SetRules(options, settings.SignIn))
            .AddRoles<IdentityRole>()
            .AddEntityFrameworkStores<PortalDb>()
            .AddSignInManager<TwoFactorSignIn>()
            .AddDefaultTokenProviders()
            .AddTokenProvider<AuthenticatorCodes>(TokenOptions.DefaultAuthenticatorProvider)
            .AddTokenProvider<InvitationTokens>(InvitationTokens.Name);
        services.Configure<DataProtectionTokenProviderOptions>(options => options.TokenLifespan = TimeSpan.FromMinutes(settings.SignIn.ResetLinkMinutes));
        services.Configure<InvitationTokens.Lifespan>(options => options.TokenLifespan = TimeSpan.FromDays(settings.SignIn.InvitationLinkDays));
        services.Configure<SecurityStampValidatorOptions>(options =>
        {
            options.ValidationInterval = CircuitSignIn.Interval;
            options.OnRefreshingPrincipal = SessionValidator.KeepSession;
        });
        services.AddScoped<ISecurityStampValidator, SessionValidator>();
        services.AddSingleton<SessionBook>();
        services.AddScoped<SignInChanges>();
        services.AddSingleton<DataOfAccount>().AddSingleton<DataFile>().AddSingleton<Leaving>();
        services.AddAuthorization();
        services.AddScoped<AuthenticationStateProvider, CircuitSignIn>();
        services.AddScoped<Viewer>();
        services.AddScoped<PasswordSignIn>();
        services.AddScoped<PasswordFailures>();
        services.AddScoped<EmailChanges>();
        services.AddScoped<Registrations>();
        services.AddSingleton<AccountOpener>().AddHostedService(provider => provider.GetRequiredService<AccountOpener>());
        services.AddScoped<ProofOfPerson>();
        services.AddSingleton<SecurityMail>();
        services.AddTryLimits(settings.SignIn);
        services.AddScoped<AfterSignIn>();
        services.AddTransient<IClaimsTransformation, StaffClaims>();
        services.AddTwoFactor();
        services.AddViewAs();
        services.AddPasskeys(settings);
        services.AddScoped<Invitations>();
        services.AddScoped<PasswordResets>();
        services.AddScoped<DemoSignIns>();
        services.AddSingleton<Links>();
        builder.AddCookies();
        builder.AddProvider(settings.SignIn.OpenIdConnect);
    }

    /// <summary>Who is staff, and what they do outside the door: also where nobody signs in, since the door asks it of whoever commands.</summary>
    internal static IServiceCollection AddStaff(this IServiceCollection services) => services.AddSingleton<StaffDuty>().AddSingleton<StaffDesk>();

    public static void MapSignIn(this WebApplication app)
    {
        app.MapPost("/sign-out", SignOut.Post).WithMetadata(new ViewableAttribute());
        app.MapViewAs();
        app.MapProvider();
        app.MapPasskeys();
        app.MapGet("/profile/data/file", DataDownload.Get);
        app.MapPost("/profile/data/file", DataDownload.Post);
    }

    private static void SetRules(IdentityOptions options, SignInSettings settings)
    {
        options.User.RequireUniqueEmail = true;
        options.User.AllowedUserNameCharacters = ""; // Any: a user's name is their address.
        options.Lockout.MaxFailedAccessAttempts = settings.FailuresBeforeLockout;
        options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(settings.LockoutMinutes);
    }

    /// <summary>
    /// Outside Development cookies are bound to this host and to TLS by their name. In Development there is no TLS, and a browser
    /// drops such cookies in silence, so there the names are plain.
    /// </summary>
    private static void AddCookies(this WebApplicationBuilder builder)
    {
        var plain = builder.Environment.IsDevelopment();
        var prefix = plain ? "" : "__Host-";
        var secure = plain ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always;
        string[] schemes = [IdentityConstants.ApplicationScheme, IdentityConstants.ExternalScheme, IdentityConstants.TwoFactorUserIdScheme, IdentityConstants.TwoFactorRememberMeScheme];
        foreach (var scheme in schemes)
        {
            builder.Services.PostConfigure<CookieAuthenticationOptions>(scheme, options =>
            {
                options.Cookie.Name = $"{prefix}portal-{CookieNames[scheme]}";
                options.Cookie.SecurePolicy = secure;
                options.Cookie.SameSite = SameSiteMode.Lax;
                options.Cookie.HttpOnly = true;
                options.Cookie.Path = "/";
            });
        }

        builder.Services.ConfigureApplicationCookie(options =>
        {
            options.LoginPath = "/sign-in";
            options.LogoutPath = "/sign-out";
            options.AccessDeniedPath = "/sign-in/denied";
            options.ReturnUrlParameter = "returnUrl";
            options.SlidingExpiration = false; // The session counts, not the cookie's age.
        });
        builder.Services.AddAntiforgery(options =>
        {
            options.Cookie.Name = $"{prefix}portal-antiforgery";
            options.Cookie.SecurePolicy = secure;
            options.Cookie.Path = "/";
            options.SuppressXFrameOptionsHeader = true; // Security sets a stricter one on every answer.
        });
    }

    private static readonly Dictionary<string, string> CookieNames = new()
    {
        [IdentityConstants.ApplicationScheme] = "sign-in",
        [IdentityConstants.ExternalScheme] = "external",
        [IdentityConstants.TwoFactorUserIdScheme] = "second-factor",
        [IdentityConstants.TwoFactorRememberMeScheme] = "second-factor-remembered",
    };
}
