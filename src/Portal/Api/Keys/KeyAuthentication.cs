using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Portal.Api.Keys;

/// <summary>Reads `Authorization: Bearer ...`, and answers in the contract's form when it is missing, unknown, too frequent, or not allowed.</summary>
internal sealed class KeyAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, KeyRing keys, Clock clock, IHostEnvironment environment)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Key";

    private const string Bearer = "Bearer ";
    private static readonly Task<AuthenticateResult> Nobody = Task.FromResult(AuthenticateResult.NoResult());
    private static readonly Problem Missing = Problem.Unauthorized("Send the key in the header 'Authorization: Bearer <key>'.");
    private static readonly Problem Mistyped = Problem.Unauthorized("The key is mistyped: its checksum does not fit.");
    private static readonly Problem InClear = Problem.Unauthorized("Call Portal over https. If this key crossed a network in clear, have it replaced.");
    private static readonly Problem Unknown = Problem.Unauthorized("The key is unknown or was revoked.");

    private Problem _refusal = Missing;

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization;
        if (header.Count != 1 || header[0] is not { } value || !value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return Nobody;
        }
        if (!Request.IsHttps && !environment.IsDevelopment())
        {
            _refusal = InClear;
            return Nobody;
        }
        var secret = value[Bearer.Length..].Trim();
        var found = keys.Find(secret);
        return found.IsCompletedSuccessfully ? Task.FromResult(Result(found.Result, secret)) : Wait(found);

        async Task<AuthenticateResult> Wait(ValueTask<Caller?> pending) => Result(await pending, secret);
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (_refusal != Missing)
        {
            Logger.LogWarning("Refused {Method} {Path} from {Address}: {Why}", Request.Method, Request.Path, Context.Connection.RemoteIpAddress, _refusal.Detail);
        }
        if (_refusal.Status == StatusCodes.Status401Unauthorized)
        {
            Response.Headers.WWWAuthenticate = "Bearer";
        }
        return _refusal.Write(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        Logger.LogWarning("Refused {Method} {Path}: the key {Key} may not", Request.Method, Request.Path, (Context.User as Caller)?.Actor.Id);
        return WhyForbidden().Write(Context);
    }

    private Problem WhyForbidden() =>
        Problem.Forbidden(Context.User is Caller { Account: not null } ? "A personal token may only read its own account."
            : Context.GetEndpoint()?.Metadata.GetMetadata<PersonalOnly>() is not null ? "This is for personal tokens; with a gateway key name the account: /v1/accounts/{account}/..."
            : "The key lacks the scope that this needs.");

    private AuthenticateResult Result(Caller? caller, string secret)
    {
        if (caller is null)
        {
            _refusal = KeyFormat.IsMistyped(secret) ? Mistyped : Unknown;
            return AuthenticateResult.NoResult();
        }
        if (caller.Rate is { } rate && !rate.TryTake(clock.Now))
        {
            _refusal = Problem.TooManyRequests();
            return AuthenticateResult.NoResult();
        }
        return AuthenticateResult.Success(new AuthenticationTicket(caller, SchemeName));
    }
}

/// <summary>Marks endpoints for personal tokens.</summary>
internal sealed class PersonalOnly;
