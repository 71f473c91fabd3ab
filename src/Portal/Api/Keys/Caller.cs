using System.Security.Claims;
using Portal.Accounts;

namespace Portal.Api.Keys;

/// <summary>Who calls the API: a gateway key with its scopes, for all accounts; or a personal token, read-only, for its own account.</summary>
public sealed class Caller : ClaimsPrincipal
{
    internal Caller(Actor actor, KeyScopes scopes, string? account, KeyRate? rate)
        : base(new ClaimsIdentity([new Claim(ClaimTypes.Name, actor.Id)], KeyAuthentication.SchemeName))
    {
        (Actor, Scopes, Account, Rate) = (actor, scopes, account, rate);
    }

    /// <summary>As entries carry it.</summary>
    public Actor Actor { get; }

    public KeyScopes Scopes { get; }

    /// <summary>The account of a personal token; <c>null</c> for a gateway key.</summary>
    public string? Account { get; }

    internal KeyRate? Rate { get; }

    /// <summary>Whether it may know of an account. What it may not see does not exist for it.</summary>
    public bool MaySee(string account) => Account is null ? Scopes.HasFlag(KeyScopes.Read) : Account == account;

    /// <summary>The caller of a request whose endpoint demands one.</summary>
    internal static Caller Of(HttpContext context) => (Caller)context.User;
}
