using Ledger;
using Portal.Accounts;
using Portal.Data;
using Portal.Terms;

namespace Portal.Demo;

/// <summary>Keeps small, random use coming in through the door, so that open pages move. The accounts whose state is the point of the demo are left alone.</summary>
internal sealed class DemoTraffic(AccountDoor door, PriceBooks prices, Clock clock, TimeProvider time, ILogger<DemoTraffic> log) : BackgroundService
{
    /// <summary>A request costs about a fifth of what the history's do.</summary>
    private const double Small = 0.2;

    private static readonly DemoStory[] Busy = [.. DemoStories.All.Where(s => s.Account is "demo-max5x" or "demo-max20x" or "demo-team")];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1_000, 4_000)), time, stoppingToken);
            try
            {
                await Once(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                log.Log(DatabaseOutage.LevelOf(failure), failure, "The demo's traffic pauses");
            }
        }
    }

    private async Task Once(CancellationToken cancel)
    {
        var requests = new DemoRequests(Random.Shared, await prices.InForce(cancel));
        var story = Busy[Random.Shared.Next(Busy.Length)];
        var request = DemoRequests.Scale(requests.One(story, clock.Now, interactive: Random.Shared.Next(4) == 0), Small);
        var id = $"{story.Account}.{Guid.CreateVersion7():N}";
        if (!request.IsAuthorized)
        {
            await door.Submit(new RecordUsage(story.Account, DemoHistory.Source, id, null, request.Model, request.Surface, request.App, request.Usage, null, DemoHistory.Gateway));
            return;
        }
        var most = request.Usage with { OutputTokens = request.Usage.OutputTokens + 4_096 };
        var ask = new AuthorizationRequest(id, request.Model, request.Surface, request.App, most, AuthorizationRequest.DefaultTtlSeconds);
        if (await door.Submit(new Authorize(story.Account, ask, DemoHistory.Gateway)) is AuthorizeAnswer.Granted)
        {
            await Task.Delay(TimeSpan.FromSeconds(2), time, cancel);
            await door.Submit(new Settle(id, request.Usage, null, DemoHistory.Gateway));
        }
    }
}
