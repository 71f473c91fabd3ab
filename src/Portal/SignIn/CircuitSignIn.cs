using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Portal.Data;
using Portal.SignIn.Sessions;

namespace Portal.SignIn;

/// <summary>
/// An open page outlives its request. Twice a minute it asks whether its session still counts; if not, the page is signed out, and goes to
/// the sign-in. (A command asks by itself, where it runs.)
/// </summary>
public class CircuitSignIn : RevalidatingServerAuthenticationStateProvider
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly ILogger _log;
    private readonly SessionBook _sessions;
    private readonly CancellationTokenRegistration _stopping;

    public CircuitSignIn(ILoggerFactory loggers, SessionBook sessions, IHostApplicationLifetime life) : base(loggers)
    {
        ArgumentNullException.ThrowIfNull(life);
        _log = loggers.CreateLogger<CircuitSignIn>();
        _sessions = sessions;
        // A page is kept for a while for whoever may come back, longer than the host that stops: it would ask services that are gone, and sign out over it.
        _stopping = life.ApplicationStopping.Register(asking => ((IDisposable)asking!).Dispose(), this);
    }

    protected override TimeSpan RevalidationInterval => Interval;

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(authenticationState);
        try
        {
            return await _sessions.Counts(authenticationState.User.FindFirstValue(SignInSession.Claim), cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The page or the host goes in the middle of the question: that signs nobody out.
            return true;
        }
        catch (Exception away) when (away.IsDatabaseAway())
        {
            // Without the database the page shows nothing new and does nothing; once it is back, it is asked again.
            _log.LogWarning(away, "Whether the session of an open page counts could not be looked up; it is asked again");
            return true;
        }
    }

    protected override void Dispose(bool disposing)
    {
        _stopping.Dispose();
        base.Dispose(disposing);
    }
}
