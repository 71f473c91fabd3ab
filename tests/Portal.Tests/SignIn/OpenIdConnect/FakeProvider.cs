using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Portal.Tests.SignIn.OpenIdConnect;

/// <summary>How the ID token is wrong, if it is.</summary>
public enum TokenFault
{
    None,
    OtherNonce,
    NoNonce,
    OtherAudience,
    OtherIssuer,
    OtherKey,
    NotSigned,
    Expired,
    NoToken,
    Outage,
}

/// <summary>A provider that makes the mistakes that a real one does not: a few endpoints in the test's own process.</summary>
public sealed class FakeProvider : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly RSA key = RSA.Create(2048);
    private readonly RSA otherKey = RSA.Create(2048);
    private (string? Nonce, string Subject, bool SecondFactor) asked;

    public FakeProvider()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapGet("/.well-known/openid-configuration", () => new Dictionary<string, object>
        {
            ["issuer"] = Address,
            ["authorization_endpoint"] = $"{Address}/authorize",
            ["token_endpoint"] = $"{Address}/token",
            ["jwks_uri"] = $"{Address}/keys",
        });
        app.MapGet("/keys", () =>
        {
            var known = key.ExportParameters(includePrivateParameters: false);
            return new { keys = new[] { new { kty = "RSA", use = "sig", alg = "RS256", kid = "known", n = Base64UrlEncoder.Encode(known.Modulus), e = Base64UrlEncoder.Encode(known.Exponent) } } };
        });
        app.MapPost("/token", () => Fault switch
        {
            TokenFault.Outage => Results.StatusCode(StatusCodes.Status503ServiceUnavailable),
            TokenFault.NoToken => Results.Json(new { access_token = "of-no-use", token_type = "Bearer" }),
            _ => Results.Json(new { access_token = "of-no-use", token_type = "Bearer", id_token = Token() }),
        });
    }

    public string Address => app.Urls.First();

    public TokenFault Fault { get; set; }

    public Task Start() => app.StartAsync();

    /// <summary>What somebody's signing in leads back to.</summary>
    public string SignIn(string address, string subject, bool secondFactor = false)
    {
        var query = QueryHelpers.ParseQuery(new Uri(address).Query);
        asked = (query["nonce"], subject, secondFactor);
        return QueryHelpers.AddQueryString(query["redirect_uri"]!, new Dictionary<string, string?> { ["code"] = "a-code", ["state"] = query["state"] });
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        key.Dispose();
        otherKey.Dispose();
    }

    private string Token()
    {
        var claims = new Dictionary<string, object> { ["sub"] = asked.Subject };
        if (Fault != TokenFault.NoNonce)
        {
            claims["nonce"] = Fault == TokenFault.OtherNonce ? "another" : asked.Nonce!;
        }

        if (asked.SecondFactor)
        {
            claims["amr"] = new[] { "pwd", "mfa" };
        }

        var now = DateTime.UtcNow;
        var signer = new RsaSecurityKey(Fault == TokenFault.OtherKey ? otherKey : key) { KeyId = "known" };
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Fault == TokenFault.OtherIssuer ? "http://127.0.0.1:1" : Address,
            Audience = Fault == TokenFault.OtherAudience ? "another-client" : "portal",
            Claims = claims,
            NotBefore = now.AddHours(-2),
            IssuedAt = now.AddHours(-2),
            Expires = Fault == TokenFault.Expired ? now.AddHours(-1) : now.AddHours(1),
            SigningCredentials = Fault == TokenFault.NotSigned ? null : new SigningCredentials(signer, SecurityAlgorithms.RsaSha256),
        });
    }
}
