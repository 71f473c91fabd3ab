using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.SignIn;

namespace Portal.Tests.SignIn;

/// <summary>What an open page asks about its session.</summary>
public sealed class CircuitSignInTests
{
    [Fact]
    public async Task A_page_asks_no_more_once_its_host_stops()
    {
        using var life = new Life();
        using var page = new Impatient(life);
        page.SetAuthenticationState(Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity([], "test")))));
        var asking = await page.Asked.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.False(asking.IsCancellationRequested);

        life.StopApplication();

        Assert.True(asking.IsCancellationRequested);
    }

    private sealed class Impatient(IHostApplicationLifetime life) : CircuitSignIn(NullLoggerFactory.Instance, null!, life)
    {
        public TaskCompletionSource<CancellationToken> Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override TimeSpan RevalidationInterval => TimeSpan.FromMilliseconds(1);

        protected override Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
        {
            Asked.TrySetResult(cancellationToken);
            return Task.FromResult(true);
        }
    }

    private sealed class Life : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _stopping = new();

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => _stopping.Token;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => _stopping.Cancel();

        public void Dispose() => _stopping.Dispose();
    }
}
