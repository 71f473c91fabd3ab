using System.Diagnostics;
using Portal.Testing;

namespace Portal.Bench.Proofs;

/// <summary>A network that loses every second answer after it was given; callers repeat until they have one. There are as many effects as requests, and each is what its caller was told.</summary>
internal static class LostAnswers
{
    private const int OneInTwo = 2;

    public static Task<Finding> Run(int lost) => Finding.OnEachDatabase(async database =>
    {
        var (traffic, clock) = (new Traffic(accounts: 50), Stopwatch.StartNew());
        await using (var host = PortalHost.Start(database))
        {
            await traffic.Prepare(host.Services);
        }
        using var network = new LossyNetwork(OneInTwo);
        await using (var portal = await PortalProcess.Start(database))
        {
            using var caller = traffic.Caller(new HttpClient(network, disposeHandler: false) { BaseAddress = portal.Address });
            using var stop = new CancellationTokenSource();
            var sending = traffic.Run(() => [caller], stop.Token);
            while (network.Lost < lost)
            {
                await Task.Delay(20);
            }
            await stop.CancelAsync();
            await sending;
        }
        var wrong = await traffic.Wrong(database);
        wrong.Take(20).ToList().ForEach(Console.WriteLine);
        return Finding.Of($"{lost:N0} answers lost", $"{database.Provider}: {traffic.Requests:N0} requests, {network.Lost:N0} answers lost, {wrong.Count} differ, {clock.Elapsed:mm\\:ss}", wrong.Count == 0);
    });
}
