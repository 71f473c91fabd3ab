using Microsoft.AspNetCore.Authorization;

namespace Portal.Api.Keys;

/// <summary>What an endpoint demands of its caller.</summary>
internal static class KeyPolicies
{
    private const string Reader = "api:read";
    private const string Personal = "api:personal";

    public static void AddKeys(this IServiceCollection services)
    {
        services.AddSingleton<KeyRing>().AddSingleton<GatewayKeys>();
        services.AddAuthentication().AddScheme<Microsoft.AspNetCore.Authentication.AuthenticationSchemeOptions, KeyAuthentication>(KeyAuthentication.SchemeName, null);
        var policies = services.AddAuthorizationBuilder();
        foreach (var scope in new[] { KeyScopes.Usage, KeyScopes.Authorize, KeyScopes.Accounts })
        {
            policies.AddPolicy(NameOf(scope), policy => Demand(policy, caller => caller.Scopes.HasFlag(scope)));
        }
        policies.AddPolicy(Reader, policy => Demand(policy, caller => caller.Account is not null || caller.Scopes.HasFlag(KeyScopes.Read)));
        policies.AddPolicy(Personal, policy => Demand(policy, caller => caller.Account is not null));
    }

    /// <summary>A gateway key with a scope.</summary>
    public static T RequireScope<T>(this T endpoint, KeyScopes scope) where T : IEndpointConventionBuilder => endpoint.RequireAuthorization(NameOf(scope));

    /// <summary>A gateway key with the scope `read`, or a personal token; the endpoint then asks <see cref="Caller.MaySee"/>.</summary>
    public static T RequireReader<T>(this T endpoint) where T : IEndpointConventionBuilder => endpoint.RequireAuthorization(Reader);

    /// <summary>A personal token.</summary>
    public static T RequirePersonal<T>(this T endpoint) where T : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(Personal).WithMetadata(new PersonalOnly());

    private static string NameOf(KeyScopes scope) => $"api:{scope}";

    private static void Demand(AuthorizationPolicyBuilder policy, Func<Caller, bool> allows) =>
        policy.AddAuthenticationSchemes(KeyAuthentication.SchemeName).RequireAssertion(context => context.User is Caller caller && allows(caller));
}
